"""How much of this host's processors a process group uses, from /proc: a generator short of them measures itself."""

import os
from collections import deque
from pathlib import Path

WINDOW_S = 5.0
SHORTEST_S = 0.45
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_LOOK_FOR_MEMBERS_S = 5.0


class CpuMeter:
    """`sample` it twice a second. `ratio` is the group's share of all cores in its busiest five seconds, 0 to 1."""

    def __init__(self, group: int, *, cores: int, root: Path = Path("/proc")) -> None:
        self._group = group
        self._cores = max(1, cores)
        self._root = root
        self._members: dict[int, float] = {}
        self._looked: float | None = None
        self._samples: deque[tuple[float, float]] = deque()
        self.ratio: float | None = None

    def sample(self, now: float) -> None:
        """Read the processors' time used up to `now`, in seconds on a steady clock."""
        if self._looked is None or now - self._looked >= _LOOK_FOR_MEMBERS_S or len(self._members) < 2:
            self._looked = now
            self._find_members()
        for pid in self._members:
            used_s = self._used_s(pid)
            if used_s is not None:
                self._members[pid] = used_s
        self._samples.append((now, sum(self._members.values())))
        self._rate()

    def _rate(self) -> None:
        """A window may be cut short: a load of three seconds has been measured, too."""
        last_s, last_used_s = self._samples[-1]
        while len(self._samples) > 2 and last_s - self._samples[1][0] >= WINDOW_S:
            self._samples.popleft()
        first_s, first_used_s = self._samples[0]
        if last_s - first_s >= SHORTEST_S:
            ratio = min(1.0, max(0.0, last_used_s - first_used_s) / (last_s - first_s) / self._cores)
            self.ratio = ratio if self.ratio is None else max(self.ratio, ratio)

    def _find_members(self) -> None:
        for entry in self._root.iterdir():
            if entry.name.isdigit() and int(entry.name) not in self._members:
                fields = self._fields(int(entry.name))
                if len(fields) > 12 and fields[2] == str(self._group):
                    self._members[int(entry.name)] = 0.0

    def _used_s(self, pid: int) -> float | None:
        fields = self._fields(pid)
        if len(fields) <= 12 or fields[2] != str(self._group):
            return None
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S

    def _fields(self, pid: int) -> list[str]:
        """What follows the program's name in /proc/PID/stat: state, parent, group, ...; user time is the 12th."""
        try:
            return (self._root / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            return []
