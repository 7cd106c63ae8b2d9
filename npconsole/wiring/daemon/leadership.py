"""Who leads: a lease in the memory, renewed long before its end. Whoever cannot renew it in time stops by itself.

What a leader writes is fenced by the memory as well, so that one that stood still can write nothing afterwards. The
times are such that within `lease_s` of a leader's death another leads.
"""

from npconsole.errors import StoreError
from npconsole.model.clock import Clock
from npconsole.model.heal import HealMemory

_TTL, _RENEWED, _ASKED = 3 / 4, 1 / 4, 1 / 8
"""Shares of `lease_s`: how long the memory keeps a silent leader, and how often leaders and followers ask.

The first and the last come to less than one.
"""


class Leadership:
    """One daemon's claim. `fence` is None while somebody else leads, or nobody can be asked."""

    def __init__(self, memory: HealMemory, *, owner: str, lease_s: float, clock: Clock) -> None:
        self._memory = memory
        self._clock = clock
        self._renewed = float("-inf")
        self.owner = owner
        self.lease_s = lease_s
        self.fence: int | None = None

    @property
    def pause_s(self) -> float:
        """Until it is time to ask again."""
        return self.lease_s * (_RENEWED if self.holds else _ASKED)

    @property
    def holds(self) -> bool:
        """Whether this daemon leads, as far as its own clock can tell."""
        return self.fence is not None and self._clock.now() - self._renewed < self.lease_s * _TTL

    def renew(self) -> None:
        """Become or stay the leader, if nobody else is. Raises StoreError; a lease in force stays so until its end."""
        asked = self._clock.now()
        try:
            self.fence = self._memory.lead(owner=self.owner, ttl_s=self.lease_s * _TTL)
        except StoreError:
            if not self.holds:
                self.fence = None
            raise
        self._renewed = asked

    def lost(self) -> None:
        """The memory says that somebody else leads."""
        self.fence = None

    def resign(self) -> None:
        """Let another lead at once. Raises StoreError."""
        fence, self.fence = self.fence, None
        if fence is not None:
            self._memory.resign(fence)
