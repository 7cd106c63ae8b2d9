"""Empties the outbox: one line for each channel, so that one that fails holds up no other.

At least once: a notice is marked after it was sent, so a process that dies in between has it sent again. Many drainers
may run at once; a claim keeps each notice in one pair of hands.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from npconsole.errors import (
    DeclinedError,
    LimitedError,
    NpconsoleError,
    SecretError,
    ServerError,
    StoreError,
    UnauthorisedError,
    UsageError,
)
from npconsole.model import quantity
from npconsole.model.clock import Clock
from npconsole.model.notice import Channel, Delivery, Notice, NoticeKind, Outbox, Posting, PostingState
from npconsole.net.offload import offload
from npconsole.net.text import clean

T = TypeVar("T")

CLAIM_S = 45.0
"""How long a claimed notice is nobody else's: longer than one attempt can take, and its marks."""
IDLE_S = 2.0
LIMITED_S = 30.0
"""After a 429 that does not say when to come back."""
CREDENTIAL_S = 30.0
LONGEST_S = 300.0
_MARK_TRIES = 3
_FOLLOWING = (NoticeKind.UPDATE, NoticeKind.ACKNOWLEDGE, NoticeKind.RESOLVE)
"""What comes after the message that began an incident."""
_TIDY_S = 60.0
_MOST_LEFT = 10_000
_NOT_CONFIGURED = "is not configured any more"


@dataclass(frozen=True, slots=True)
class Delivering:
    """What all lines share. `redact` takes secrets out of a text; `renew` has secrets read anew; `jitter` draws from
    0 to 1. A notice is tried for `keep_trying_s` seconds after it was put.
    """

    outbox: Outbox
    owner: str
    clock: Clock
    redact: Callable[[str], str]
    renew: Callable[[], None]
    jitter: Callable[[], float]
    keep_trying_s: float
    idle_s: float = IDLE_S


class Drainer:
    """Sends what is in the outbox on these channels."""

    def __init__(self, channels: Sequence[Channel], shared: Delivering) -> None:
        self._lines = [_Line(channel, shared) for channel in channels]
        self._known = frozenset(channel.name for channel in channels)
        self._shared = shared

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is being sent then is sent to its end."""
        async with asyncio.TaskGroup() as group:
            for line in self._lines:
                group.create_task(line.run(stop))
            while not stop.is_set():
                await self._give_up_left()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_TIDY_S):
                        await stop.wait()

    async def once(self, *, within_s: float) -> None:
        """Send what is due now, each line until it is empty or fails, for at most `within_s` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s), asyncio.TaskGroup() as group:
                for line in self._lines:
                    group.create_task(line.empty())
        await self._give_up_left()

    def deliveries(self, counts: Mapping[tuple[str, str], int]) -> tuple[Delivery, ...]:
        """How each channel gets through, and those for which something waits though they are not configured any more;
        `counts` are `Outbox.counts()`.
        """
        left = [
            Delivery(
                name, count, counts.get((name, PostingState.DELIVERED), 0), counts.get((name, PostingState.GIVEN_UP), 0)
            )
            for (name, state), count in sorted(counts.items())
            if state == PostingState.PENDING and count and name not in self._known
        ]
        return (
            *(line.delivery(counts) for line in self._lines),
            *(replace(each, problem=_NOT_CONFIGURED) for each in left),
        )

    async def _give_up_left(self) -> None:
        """Give up what waits for a channel that is not configured any more, once it is as old as any may become.

        Not before: another daemon may have the channel, or it comes back. Nothing is claimed, so that one is not held
        up. What the memory cannot do now comes next time.
        """
        outbox, keep_s, wall = self._shared.outbox, self._shared.keep_trying_s, self._shared.clock.wall()

        def give_up() -> None:
            waiting = [
                name for (name, state), count in outbox.counts().items() if state == PostingState.PENDING and count
            ]
            if self._known.issuperset(waiting):
                return
            for posting in outbox.postings(limit=_MOST_LEFT, pending_only=True):
                name = posting.notice.channel
                if name not in self._known and wall - posting.notice.wall > keep_s:
                    said = f"{name} {_NOT_CONFIGURED}; given up after {quantity.duration(keep_s)}"
                    outbox.give_up(posting.notice.id, detail=said)

        with suppress(StoreError):
            await offload(give_up, name="outbox")


def undelivered(deliveries: Sequence[Delivery]) -> tuple[str, ...]:
    """Which channels do not get through, in words: `slack: 503 Service Unavailable (12 waiting)`."""
    return tuple(
        f"{each.channel}: {each.problem} ({each.pending} waiting, {each.given_up} given up)"
        for each in deliveries
        if each.problem
    )


class _Line:
    """One channel's way out of the outbox."""

    def __init__(self, channel: Channel, shared: Delivering) -> None:
        self._channel = channel
        self._shared = shared
        self._failures = 0
        self._problem = ""
        self._resume_wall: float | None = None

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            wait_s = await self._turn()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._shared.idle_s if wait_s is None else wait_s):
                    await stop.wait()

    async def empty(self) -> None:
        wait_s = await self._turn()
        while wait_s is not None and not self._failures:
            await asyncio.sleep(wait_s)
            wait_s = await self._turn()

    def delivery(self, counts: Mapping[tuple[str, str], int]) -> Delivery:
        name = self._channel.name
        pending, delivered, given_up = (counts.get((name, state), 0) for state in PostingState)
        return Delivery(name, pending, delivered, given_up, self._failures, self._problem, self._resume_wall)

    async def _turn(self) -> float | None:
        """Send the next notice; seconds until the next turn, None when nothing is due."""
        began = asyncio.get_running_loop().time()
        wait_s = await self._next()
        took_s = asyncio.get_running_loop().time() - began
        return wait_s if wait_s is None or self._failures else max(0.0, wait_s - took_s)

    async def _next(self) -> float | None:
        shared, name = self._shared, self._channel.name
        try:
            claimed = await self._ask(lambda: shared.outbox.claim(name, owner=shared.owner, for_s=CLAIM_S, limit=1))
            if not claimed:
                return None
            notice, reference = claimed[0].notice, ""
            if notice.kind in _FOLLOWING:
                reference = await self._ask(lambda: shared.outbox.reference(name, notice.key))
        except StoreError as error:
            return self._failed(f"the outbox cannot be read: {error.message}", LONGEST_S / 10)
        return await self._deliver(claimed[0], reference)

    async def _deliver(self, posting: Posting, reference: str) -> float:
        outbox, identity = self._shared.outbox, posting.notice.id
        try:
            receipt = await self._channel.send(self._redacted(posting.notice), reference)
        except (DeclinedError, UsageError) as error:
            said = self._said(error)
            await self._mark(lambda: outbox.give_up(identity, detail=said))
            self._problem = said
            return self._channel.pause_s
        except NpconsoleError as error:
            return await self._again(posting, self._said(error), self._wait_s(error, posting))
        except Exception as error:  # noqa: BLE001 - a defect of one channel must not silence the others
            return await self._again(
                posting, f"{self._channel.name}: {type(error).__name__}", self._back_off_s(posting)
            )
        answer = clean(self._shared.redact(receipt.answer))
        await self._mark(lambda: outbox.delivered(identity, reference=receipt.reference, detail=answer))
        self._failures, self._problem, self._resume_wall = 0, "", None
        return self._channel.pause_s

    async def _again(self, posting: Posting, said: str, wait_s: float) -> float:
        """Postpone a notice that was not taken, or give it up when it is too old; the whole channel waits as long."""
        outbox, identity = self._shared.outbox, posting.notice.id
        if self._shared.clock.wall() - posting.notice.wall > self._shared.keep_trying_s:
            tried = f"{said}; given up after {quantity.duration(self._shared.keep_trying_s)}"
            await self._mark(lambda: outbox.give_up(identity, detail=tried))
        else:
            await self._mark(lambda: outbox.postpone(identity, after_s=wait_s, detail=said))
        return self._failed(said, wait_s)

    def _failed(self, said: str, wait_s: float) -> float:
        self._failures += 1
        self._problem = said
        self._resume_wall = self._shared.clock.wall() + wait_s
        return wait_s

    def _wait_s(self, error: NpconsoleError, posting: Posting) -> float:
        """When to try again: as the vendor says, else longer and longer."""
        back_off_s = self._back_off_s(posting)
        if isinstance(error, LimitedError):
            return error.retry_after_s or LIMITED_S
        if isinstance(error, ServerError) and error.retry_after_s is not None:
            return max(error.retry_after_s, back_off_s)
        if isinstance(error, UnauthorisedError | SecretError):
            self._shared.renew()
            return max(CREDENTIAL_S, back_off_s)
        return back_off_s

    def _back_off_s(self, posting: Posting) -> float:
        """Doubles with each failure from 1 s to 5 min, half of it by chance so that many do not come back together."""
        tries = min(max(self._failures, posting.attempts), 20)
        return min(2.0**tries, LONGEST_S) * (0.5 + self._shared.jitter() / 2)

    async def _mark(self, write: Callable[[], None]) -> None:
        """Write down what became of a notice. When that fails it is sent again once its claim has run out."""
        for number in range(_MARK_TRIES):
            try:
                await self._ask(write)
                break
            except StoreError as error:
                self._problem = f"the outbox cannot be written: {error.message}"
                await asyncio.sleep(2.0**number)

    async def _ask(self, question: Callable[[], T]) -> T:
        return await offload(question, name=f"outbox {self._channel.name}")

    def _redacted(self, notice: Notice) -> Notice:
        redact = self._shared.redact
        facts = tuple((name, redact(value)) for name, value in notice.facts)
        return replace(notice, summary=redact(notice.summary), facts=facts)

    def _said(self, error: NpconsoleError) -> str:
        return clean(self._shared.redact(error.message), limit=300)
