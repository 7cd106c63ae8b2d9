"""A console that nobody sits at: after a while it is locked, much later it ends. Instants are `Clock.now()` seconds."""

from npconsole.model import quantity


class Idle:
    """Is told of every key. A locked console acts on nothing until a key unlocks it, and that key does nothing else."""

    def __init__(self, *, lock_s: float, exit_s: float, now: float) -> None:
        self._lock_s = lock_s
        self._exit_s = exit_s
        self._last = now
        self.locked = False

    def look(self, now: float) -> None:
        """Lock when it is time."""
        self.locked = self.locked or now - self._last >= self._lock_s

    def over(self, now: float) -> bool:
        """Whether it is time to end."""
        return now - self._last >= self._exit_s

    def key(self, now: float) -> bool:
        """Somebody is here; whether this key was spent on unlocking."""
        self.look(now)
        unlocks, self.locked, self._last = self.locked, False, now
        return unlocks

    @property
    def reason(self) -> str:
        """Why nothing acts while it is locked; empty when it is not."""
        if not self.locked:
            return ""
        return f"locked after {quantity.duration(self._lock_s)} without a key: any key unlocks"
