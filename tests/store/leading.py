"""The leadership of a daemon: `python -m tests.store.leading LOCATION NAME LEASE_S COMMITS`.

It renews as daemons do and, while it leads, commits what it believes to be the state and one more entry; after a turn
it lets the other lead. With `still` as a fifth word it stands still within its first turn, as a suspended process does.
At its end it prints how many commits were kept, how many came too late, and by which fences it led.
"""

import json
import os
import signal
import sys
import time
from contextlib import suppress

from npconsole.errors import FencedError
from npconsole.model.clock import SystemClock
from npconsole.store.opening import open_journal
from npconsole.wiring.daemon.leadership import Leadership
from npconsole.wiring.memory import Stores, stores_over
from tests.store.samples import decision, notice

TURN = 7
_WITHIN_S = 40.0


def main(location: str, name: str, lease_s: str, commits: str, still: str = "") -> None:
    clock = SystemClock()
    journal = open_journal(location, clock=clock, environment="prod", host=name, syslog=False, busy_timeout_s=20)
    stores = stores_over(journal)
    leadership = Leadership(stores.heal, owner=name, lease_s=float(lease_s), clock=clock)
    kept, late, fences = 0, 0, list[int]()
    say("ready")
    sys.stdin.readline()
    end = clock.now() + _WITHIN_S
    while kept < int(commits) and clock.now() < end:
        leadership.renew()
        fence = leadership.fence
        if fence is None:
            time.sleep(leadership.pause_s)
            continue
        fences.append(fence)
        require_refused(stores, {*fences[:-1], fence - 1, fence + 1} - {fence})
        log = json.loads(stores.heal.state("log") or "[]")
        for _ in range(TURN):
            log.append([name, fence])
            if still and kept == 3:
                still = ""
                say("still")
                os.kill(os.getpid(), signal.SIGSTOP)
            try:
                stores.heal.commit(
                    fence,
                    states={"log": json.dumps(log)},
                    decisions=[decision(f"d{len(log)}")],
                    notices=[notice(f"n{len(log)}")],
                )
            except FencedError:
                late += 1
                leadership.lost()
                break
            kept += 1
        leadership.resign()
        time.sleep(float(lease_s) / 4)
    say(json.dumps({"kept": kept, "late": late, "fences": fences}))


def require_refused(stores: Stores, fences: set[int]) -> None:
    """Commits by fences that do not lead change nothing."""
    for fence in fences:
        with suppress(FencedError):
            stores.heal.commit(fence, states={"log": "[]"}, notices=[notice(f"stale-{fence}")])
            raise AssertionError(f"the fence {fence} does not lead, and was taken")


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the answer is read from standard output


if __name__ == "__main__":
    main(*sys.argv[1:])
