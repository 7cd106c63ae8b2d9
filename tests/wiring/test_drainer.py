"""The way out of the outbox: in order, at the channel's pace, at least once, and never in silence."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from npconsole.errors import (
    BadAnswerError,
    DeclinedError,
    Failure,
    LimitedError,
    NpconsoleError,
    SecretError,
    ServerError,
    StoreError,
    UnauthorisedError,
    UnreachableError,
    UsageError,
)
from npconsole.model.clock import SystemClock
from npconsole.model.notice import Delivery, NoticeKind, Posting, PostingState, Receipt
from npconsole.store.outbox import StoredOutbox
from npconsole.wiring.drainer import undelivered
from npconsole.wiring.memory import Stores
from tests.sources.clock import HandClock
from tests.wiring.outboxes import Renewals, Spy, drainer, notice, opened, quick_folder, renamed

WITHIN_S = 20.0
MANY = 250


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def stores(clock: HandClock) -> Iterator[Stores]:
    with quick_folder() as folder:
        made = opened(folder / "memory.db", clock)
        yield made
        made.close()


def states(stores: Stores) -> dict[str, str]:
    return {posting.notice.id: str(posting.state) for posting in stores.outbox.postings()}


def posting(stores: Stores, notice_id: str) -> Posting:
    return next(each for each in stores.outbox.postings() if each.notice.id == notice_id)


async def test_in_their_order_with_the_reference_of_the_first(stores: Stores, clock: HandClock) -> None:
    kinds = (NoticeKind.TRIGGER, NoticeKind.UPDATE, NoticeKind.RESOLVE, NoticeKind.TRIGGER)
    stores.outbox.put([notice(number, kind, key="prod/us-east/health") for number, kind in enumerate(kinds)])
    spy = Spy()
    await drainer([spy], stores.outbox, clock).once(within_s=WITHIN_S)
    assert spy.sent == [("n0", ""), ("n1", "ref of n0"), ("n2", "ref of n0"), ("n3", "")]
    assert set(states(stores).values()) == {"delivered"}
    assert posting(stores, "n0").detail == "200 ok"


async def test_each_channel_has_its_own(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([notice(1), notice(2, channel="pagerduty"), notice(3, channel="unknown")])
    slack, pager = Spy("slack"), Spy("pagerduty")
    await drainer([slack, pager], stores.outbox, clock).once(within_s=WITHIN_S)
    assert (slack.ids, pager.ids) == (["n1"], ["n2"])
    assert states(stores)["n3"] == "pending"


async def test_what_waits_for_a_channel_that_is_gone_is_seen_and_given_up(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([notice(1, channel="old"), notice(2, channel="old"), notice(3)])
    draining = drainer([Spy()], stores.outbox, clock)
    await draining.once(within_s=WITHIN_S)
    assert states(stores) == {"n1": "pending", "n2": "pending", "n3": "delivered"}, "it may come back within a day"
    said = undelivered(draining.deliveries(stores.outbox.counts()))
    assert said == ("old: is not configured any more (2 waiting, 0 given up)",)
    clock.at += 86_401
    await draining.once(within_s=WITHIN_S)
    assert states(stores) == {"n1": "given up", "n2": "given up", "n3": "delivered"}
    assert posting(stores, "n1").detail == "old is not configured any more; given up after 24 h"
    assert [line.kind for line in stores.journal.audit_lines()][1:] == ["notice.given_up"] * 2
    assert undelivered(draining.deliveries(stores.outbox.counts())) == ()


@pytest.mark.parametrize("error", [DeclinedError("Slack: 400 no_text"), UsageError("needs the extra `notify`")])
async def test_what_is_refused_is_given_up_and_seen(stores: Stores, clock: HandClock, error: NpconsoleError) -> None:
    stores.outbox.put([notice(1), notice(2)])
    spy = Spy(answers=[error])
    draining = drainer([spy], stores.outbox, clock)
    await draining.once(within_s=WITHIN_S)
    assert states(stores) == {"n1": "given up", "n2": "delivered"}
    assert posting(stores, "n1").detail == error.message
    assert [line.kind for line in stores.journal.audit_lines()] == ["genesis", "notice.given_up"]
    assert draining.deliveries(stores.outbox.counts()) == (Delivery("slack", delivered=1, given_up=1),)


@pytest.mark.parametrize(
    ("error", "wait_s"),
    [
        (LimitedError("Slack: 429", 7.0), 7.0),
        (LimitedError("PagerDuty: 429", None), 30.0),
        (ServerError("Slack: 503", 503), 1.0),
        (ServerError("Slack: 503", 503, retry_after_s=60.0), 60.0),
        (UnreachableError("Slack: connection refused", Failure.CONNECT), 1.0),
        (BadAnswerError("Slack: 200, but the answer is an HTML page, not ok"), 1.0),
        (UnauthorisedError("Slack: invalid_auth"), 30.0),
        (SecretError("slack.token: the environment variable X is not set"), 30.0),
        (RuntimeError("a defect"), 1.0),
    ],
)
async def test_everything_else_is_tried_again(
    stores: Stores, clock: HandClock, error: Exception, wait_s: float
) -> None:
    stores.outbox.put([notice(1), notice(2)])
    spy = Spy(answers=[error])
    draining = drainer([spy], stores.outbox, clock)
    await draining.once(within_s=WITHIN_S)
    assert spy.ids == ["n1"], "a channel that fails is left in peace"
    assert states(stores) == {"n1": "pending", "n2": "pending"}
    assert posting(stores, "n1").attempts == 1
    (delivery,) = draining.deliveries(stores.outbox.counts())
    assert (delivery.pending, delivery.failures, delivery.resume_wall) == (2, 1, clock.wall() + wait_s)
    assert delivery.problem
    assert undelivered((delivery,)) == (f"slack: {delivery.problem} (2 waiting, 0 given up)",)
    clock.at += wait_s + 0.1
    await draining.once(within_s=WITHIN_S)
    await draining.once(within_s=WITHIN_S)
    assert sorted(spy.ids) == ["n1", "n1", "n2"]
    assert draining.deliveries(stores.outbox.counts()) == (Delivery("slack", delivered=2),)


async def test_it_waits_longer_and_longer(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([notice(1)])
    spy = Spy(answers=[ServerError("Slack: 503", 503) for _ in range(12)])
    draining, waits = drainer([spy], stores.outbox, clock), []
    for _ in range(12):
        await draining.once(within_s=WITHIN_S)
        (delivery,) = draining.deliveries(stores.outbox.counts())
        assert delivery.resume_wall is not None
        waits.append(delivery.resume_wall - clock.wall())
        clock.at += waits[-1] + 0.1
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


async def test_after_a_day_it_is_given_up(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([notice(1)])
    clock.at += 86_500
    spy = Spy(answers=[ServerError("Slack: 503", 503)])
    await drainer([spy], stores.outbox, clock).once(within_s=WITHIN_S)
    assert states(stores) == {"n1": "given up"}
    assert posting(stores, "n1").detail == "Slack: 503; given up after 24 h"


async def test_credentials_are_read_anew_after_a_refusal(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([notice(1)])
    renew = Renewals()
    spy = Spy(answers=[UnauthorisedError("Slack: token_revoked"), ServerError("Slack: 503", 503)])
    draining = drainer([spy], stores.outbox, clock, renew=renew)
    await draining.once(within_s=WITHIN_S)
    assert renew.count == 1
    clock.at += 60
    await draining.once(within_s=WITHIN_S)
    assert renew.count == 1


async def test_no_secret_leaves_with_a_notice_or_stays_with_an_error(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([renamed(notice(1), summary="key hunter2 leaked")])
    spy = Spy(answers=[ServerError("hunter2", 503), Receipt("", "ok hunter2")])
    draining = drainer([spy], stores.outbox, clock)
    await draining.once(within_s=WITHIN_S)
    assert posting(stores, "n1").detail == "***"
    clock.at += 10
    await draining.once(within_s=WITHIN_S)
    assert spy.summaries == ["key *** leaked", "key *** leaked"]
    assert posting(stores, "n1").detail == "ok ***"


class Broken(StoredOutbox):
    """An outbox whose database cannot be read at first."""

    failing = True

    def claim(self, channel: str, *, owner: str, for_s: float, limit: int) -> list[Posting]:
        if self.failing:
            raise StoreError("the disk is full")
        return list(super().claim(channel, owner=owner, for_s=for_s, limit=limit))


async def test_an_outbox_that_cannot_be_read_is_a_problem_and_no_end(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([notice(1)])
    broken, spy = Broken(stores.journal.memory), Spy()
    draining = drainer([spy], broken, clock)
    await draining.once(within_s=WITHIN_S)
    assert draining.deliveries({})[0].problem == "the outbox cannot be read: the disk is full"
    broken.failing = False
    await draining.once(within_s=WITHIN_S)
    assert spy.ids == ["n1"]
    assert draining.deliveries({})[0].problem == ""


async def test_it_runs_until_it_is_stopped(stores: Stores, clock: HandClock) -> None:
    stop = asyncio.Event()

    class Stopping(Spy):
        async def send(self, *arguments: object) -> Receipt:
            receipt = await super().send(*arguments)  # type: ignore[arg-type]  # passed through
            if len(self.sent) == 3:
                stop.set()
            return receipt

    spy = Stopping()
    async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
        group.create_task(drainer([spy], stores.outbox, clock).run(stop))
        for number in range(10):
            stores.outbox.put([notice(number)])
    assert spy.ids == ["n0", "n1", "n2"]
    assert Counter(states(stores).values()) == {"delivered": 3, "pending": 7}


async def test_two_drainers_never_send_the_same(stores: Stores, clock: HandClock) -> None:
    stores.outbox.put([notice(number) for number in range(40)])
    one, other = Spy(), Spy()
    async with asyncio.TaskGroup() as group:
        for spy, owner in ((one, "one"), (other, "other")):
            group.create_task(drainer([spy], stores.outbox, clock, owner=owner).once(within_s=WITHIN_S))
    assert sorted(one.ids + other.ids) == sorted(f"n{number}" for number in range(40))


DRAIN = """
import asyncio, sys
from pathlib import Path
from npconsole.model.clock import SystemClock
from npconsole.model.notice import Receipt
from tests.wiring.outboxes import Spy, drainer, opened

class Later(SystemClock):
    def now(self):
        return super().now() + float(sys.argv[3])

class Writing(Spy):
    async def send(self, notice, reference):
        with open(sys.argv[2], "a") as file:
            file.write(notice.id + "\\n")
        return Receipt()

clock = Later()
stores = opened(Path(sys.argv[1]), clock)
asyncio.run(drainer([Writing()], stores.outbox, clock).once(within_s=60))
"""


def drain(memory: Path, out: Path, later_s: float) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", DRAIN, str(memory), str(out), str(later_s)]
    return subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)


def test_no_notice_is_lost_in_a_kill() -> None:
    """The second drainer's clock is past the claim that the first one took with it."""
    with quick_folder() as folder:
        kill_and_go_on(folder / "memory.db", folder / "sent")


def kill_and_go_on(memory: Path, out: Path) -> None:
    stores = opened(memory, SystemClock())
    stores.outbox.put([renamed(notice(number), wall=time.time()) for number in range(MANY)])
    stores.close()
    first = drain(memory, out, 0)
    deadline = time.monotonic() + 30
    while not out.exists() or out.stat().st_size < 500:
        assert time.monotonic() < deadline
        assert first.poll() is None, first.communicate()[1]
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    second = drain(memory, out, 60)
    assert second.communicate(timeout=60)[1] == ""
    sent = Counter(out.read_text().split())
    assert set(sent) == {f"n{number}" for number in range(MANY)}
    assert sum(sent.values()) <= MANY + 1, "the one that was under way may come twice"
    stores = opened(memory, SystemClock())
    assert stores.outbox.counts() == {("slack", PostingState.DELIVERED): MANY}
    stores.close()
