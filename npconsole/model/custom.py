"""The ports to what an operator's own actions call: programs of this host, and addresses.

Errors are those of `controls`: NotAppliedError when there certainly was no effect, UnknownOutcomeError when there may
have been one. Nothing is sent twice.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class ProgramControl(Protocol):
    """Runs programs, without a shell and without our secrets in their environment."""

    async def run(self, argv: Sequence[str], *, deadline_s: float) -> str:
        """Run to its end; the first line of what it wrote. A code other than 0 is an unknown outcome."""
        ...


class RequestControl(Protocol):
    """Sends the requests of one action, with its credential."""

    async def send(self, method: str, url: str, body: Mapping[str, str], *, deadline_s: float) -> str:
        """Send one request with a JSON object, none when it is empty; what was answered, in a phrase.

        A 4xx had no effect; a 5xx or no answer may have had one.
        """
        ...
