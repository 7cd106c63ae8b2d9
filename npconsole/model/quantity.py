"""How figures are written: always with a unit, never wider than they need to be, `–` when there is none.

One place, so that the console, the wallboard, `status` and messages write the same figure the same way.
"""

import time

NOTHING = "–"


def latency(ms: float | None) -> str:
    """`3.2 ms`, `412 ms`, `1.25 s`, `75 s`."""
    if ms is None:
        return NOTHING
    if ms < 9.95:
        return f"{ms:.1f} ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 9_995:
        return f"{ms / 1000:.2f}".removesuffix(".00") + " s"
    return f"{ms / 1000:.0f} s"


def rate(per_second: float | None) -> str:
    """`0.4/s`, `37/s`, `1.2k/s`."""
    return NOTHING if per_second is None else f"{_short(per_second)}/s"


def percent(ratio: float | None) -> str:
    """`0 %`, `0.42 %`, `5.1 %`, `37 %` from 0 to 1. A small share is never rounded to nothing."""
    if ratio is None:
        return NOTHING
    value = ratio * 100
    if value == 0:
        return "0 %"
    if value < 0.01:
        return "<0.01 %"
    if value < 0.995:
        return f"{value:.2f} %"
    return f"{value:.1f}".removesuffix(".0") + " %" if value < 9.95 else f"{value:.0f} %"


def size(count: float | None) -> str:
    """Bytes in powers of 1000: `512 B`, `83 MB`, `1.2 GB`."""
    if count is None:
        return NOTHING
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.0f} {unit}" if count >= 9.95 or unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def duration(seconds: float | None) -> str:
    """Largest unit that keeps two figures: `0.4 s`, `12 s`, `5 min`, `3 h 20 min`, `12 d`."""
    if seconds is None:
        return NOTHING
    seconds = max(0.0, seconds)
    if seconds < 0.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 10 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} d"


def brief(seconds: float | None) -> str:
    """A duration in at most five cells, for columns: `12 s`, `5 min`, `3 h`, `12 d`. Rounded down, as ages are told."""
    if seconds is None:
        return NOTHING
    seconds = max(0.0, seconds)
    for limit, size, unit in ((100, 1, "s"), (6000, 60, "min"), (48 * 3600, 3600, "h")):
        if seconds < limit:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds // 86400)} d"


def lag(seconds: float | None) -> str:
    """Replication lag: `340 ms`, `2.4 s`."""
    return latency(None if seconds is None else seconds * 1000)


def count(number: float | None) -> str:
    """`7`, `842`, `1.2k`, `3.4M`."""
    return NOTHING if number is None else _short(number) if number >= 1000 else f"{number:.0f}"


def clock(wall: float | None, *, utc: bool = False, seconds: bool = True) -> str:
    """Time of day of epoch seconds: `14:03:07`, in the host's zone or UTC (with `Z`)."""
    if wall is None:
        return NOTHING
    parts = time.gmtime(wall) if utc else time.localtime(wall)
    return time.strftime("%H:%M:%S" if seconds else "%H:%M", parts) + ("Z" if utc else "")


def moment(wall: float | None, now_wall: float, *, utc: bool = False) -> str:
    """Time of day, with the date when it is not within the last 20 hours: `14:03`, `21 Nov 14:03`."""
    if wall is None:
        return NOTHING
    day = (
        ""
        if abs(now_wall - wall) < 20 * 3600
        else time.strftime("%-d %b ", time.gmtime(wall) if utc else time.localtime(wall))
    )
    return day + clock(wall, utc=utc, seconds=False)


def _short(number: float) -> str:
    if number == 0:
        return "0"
    if number < 9.95:
        return f"{number:.1f}"
    if number < 999.5:
        return f"{number:.0f}"
    for unit in ("k", "M", "G", "T"):
        number /= 1000
        if number < 999.5:
            return f"{number:.1f}{unit}" if number < 9.95 else f"{number:.0f}{unit}"
    return f"{number:.1e}"
