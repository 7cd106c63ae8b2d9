"""The simulator's own made-up secrets, drawn from the seed so that a restarted simulator still takes them."""

import hashlib
from dataclasses import dataclass

from npconsole.sim.sentry.gate import Tokens


@dataclass(frozen=True, slots=True)
class Credentials:
    """Sentry's tokens and DSN keys."""

    sentry: Tokens
    backend_key: str
    frontend_key: str


def credentials(seed: int) -> Credentials:
    """The same seed gives the same secrets."""

    def draw(name: str, length: int) -> str:
        return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()[:length]

    return Credentials(
        sentry=Tokens(writer=f"sntryu_{draw('writer', 48)}", reader=f"sntryu_{draw('reader', 48)}"),
        backend_key=draw("backend", 32),
        frontend_key=draw("frontend", 32),
    )
