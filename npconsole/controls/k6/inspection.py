"""What k6 says of a script without running it: who sends how much for how long, and what it is judged by.

`k6 inspect` refuses scripts that cannot be loaded and executors that make no sense; `k6 archive` thresholds as well.
"""

import hashlib
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from npconsole.model.load import LoadModel, Threshold
from npconsole.net.text import clean, number

_GO_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
_SIZES = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_SETUP_S = 60.0
"""k6's own default for setup and for teardown."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """`planned_s` is how long the load is sent, None when it depends on the target; `most_s` is when k6 ends at the
    latest, setup and teardown included.
    """

    most_s: float
    planned_s: float | None
    most_users: int | None
    model: LoadModel
    thresholds: tuple[Threshold, ...]
    scenarios: tuple[tuple[str, str], ...]
    """(name, executor) of each."""


def read_inspection(output: bytes) -> Inspection:
    """The output of `k6 inspect --execution-requirements`. Raises ValueError when it is none."""
    try:
        content = msgspec.json.decode(output)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError("k6 inspect wrote no JSON") from None
    if not isinstance(content, dict) or (total_s := seconds(content.get("totalDuration"))) is None:
        raise ValueError("k6 inspect did not say how long the load lasts")
    found = content.get("scenarios")
    named = {name: each for name, each in found.items() if isinstance(each, dict)} if isinstance(found, dict) else {}
    executors = tuple(clean(each.get("executor"), limit=50) for each in named.values())
    users = number(content.get("maxVUs"))
    is_open = bool(executors) and all("arrival-rate" in each for each in executors)
    return Inspection(
        most_s=total_s + _or(content.get("setupTimeout"), _SETUP_S) + _or(content.get("teardownTimeout"), _SETUP_S),
        planned_s=_planned_s(list(named.values())),
        most_users=None if users is None else int(users),
        model=LoadModel.OPEN if is_open else LoadModel.CLOSED,
        thresholds=tuple(_thresholds(content.get("thresholds"))),
        scenarios=tuple(zip((clean(name, limit=100) for name in named), executors, strict=True)),
    )


def seconds(value: object) -> float | None:
    """A duration as Go and k6 write it: `1m30s`, `500ms`, or a number of ms."""
    if isinstance(value, int | float):
        ms = number(value)
        return None if ms is None else ms / 1000
    parts = _GO_DURATION.findall(value) if isinstance(value, str) else []
    if not parts or "".join(figure + unit for figure, unit in parts) != value:
        return None
    return sum(float(figure) * _SIZES[unit] for figure, unit in parts)


def _or(value: object, default: float) -> float:
    found = seconds(value)
    return default if found is None else found


def _planned_s(scenarios: Sequence[Mapping[str, Any]]) -> float | None:
    """When the last scenario ends; None when one of them counts iterations instead of time."""
    ends = []
    for each in scenarios:
        stages = each.get("stages")
        lengths = [stage.get("duration") for stage in stages] if isinstance(stages, list) else [each.get("duration")]
        known = [length_s for length_s in map(seconds, lengths) if length_s is not None]
        if len(known) != len(lengths):
            return None
        ends.append(_or(each.get("startTime"), 0.0) + sum(known))
    return max(ends, default=None)


def _thresholds(found: object) -> Iterator[Threshold]:
    if not isinstance(found, dict):
        return
    for metric, expressions in found.items():
        for each in expressions if isinstance(expressions, list) else ():
            source = each.get("threshold") if isinstance(each, dict) else each
            if isinstance(source, str):
                yield Threshold(clean(metric, limit=200), clean(source, limit=200))


def archive_digest(archive: Path, without: str) -> str:
    """SHA-256 of a script with all that it imports and opens, from k6's archive. `without` is the folder left out.

    Raises ValueError when the archive cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with tarfile.open(archive) as tar:
            members = sorted((each for each in tar if each.isfile()), key=lambda each: each.name)
            for member in members:
                if member.name in ("metadata.json", "data") or without in member.name:
                    continue
                digest.update(f"{Path(member.name).name}\0{member.size}\0".encode())
                stream = tar.extractfile(member)
                while stream is not None and (piece := stream.read(1 << 20)):
                    digest.update(piece)
    except (OSError, tarfile.TarError) as error:
        raise ValueError(f"k6's archive cannot be read: {clean(error, limit=100)}") from None
    return digest.hexdigest()
