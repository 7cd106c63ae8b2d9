"""A runner that dies or stands still at a point of a run, as `NPCONSOLE_FAILPOINT=sent:kill` or `holding:stop` says.

Only test processes pass this to a stage; the product reads no such variable.
"""

import os
import signal
from collections.abc import Callable, Mapping

from npconsole.actions.stage import nowhere

_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP, "term": signal.SIGTERM}


def from_environ(environ: Mapping[str, str]) -> Callable[[str], None]:
    """Sends this process a signal, the first time that the point is reached."""
    where, _, what = environ.get("NPCONSOLE_FAILPOINT", "").partition(":")
    if not where:
        return nowhere
    armed = [_SIGNALS[what]]

    def reached(point: str) -> None:
        if point == where and armed:
            os.kill(os.getpid(), armed.pop())

    return reached
