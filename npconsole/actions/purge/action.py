"""The action `purge`: what is named goes out of the edge's cache, batch by batch, and a sample shows whether it did."""

import asyncio
from dataclasses import replace
from typing import ClassVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.facts import Facts
from npconsole.actions.frame import Action, Call, Draft, Order, Recovery
from npconsole.actions.guard import Guard
from npconsole.actions.guards import capacity
from npconsole.actions.purge.batches import Batch, Bucket, left_over, to_batches
from npconsole.actions.purge.coldness import crowded_when_cold
from npconsole.actions.purge.sample import Sampled, choose, is_new, judge
from npconsole.actions.purge.selection import TYPED, read_selection
from npconsole.actions.verdict import Finding
from npconsole.actions.world import World
from npconsole.errors import LimitedError, NpconsoleError
from npconsole.model import quantity
from npconsole.model.action import AccessRole, ActionSpec, Danger, Direction, Effect, Parameter, TargetKind
from npconsole.model.controls import CacheControl, CacheEntry, PurgeKind
from npconsole.model.run import PlannedCall

VENDOR = "cloudflare"
PATIENCE_S = 1800.0
"""How much longer than reckoned a purge may take that is held up by others on the same limit."""

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 300.0
_SAY_EACH = 10


class Purge(Action):
    """Purges an edge's cache."""

    spec: ClassVar[ActionSpec] = ActionSpec(
        id="purge",
        title="Purge cache",
        key="P",
        danger=Danger.CONFIRM,
        role=AccessRole.OPERATOR,
        target=TargetKind.EDGE,
        summary="Purge the edge's cache by address, tag, prefix, host or as a whole, and check that it did.",
        parameters=(
            Parameter("url", "text", "An address to purge.", many=True),
            Parameter("tag", "text", "A cache tag to purge.", many=True),
            Parameter("prefix", "text", "Host and path whose addresses to purge.", many=True),
            Parameter("host", "text", "A host name to purge.", many=True),
            Parameter("everything", "flag", "Purge all there is.", default="no"),
            Parameter("sample", "text", "An address to check afterwards; else some of those purged.", many=True),
        ),
        effect=Effect("cache_status", Direction.DOWN, 60.0, "a sample of it is fetched anew, within 60 s"),
        exception="--everything needs its name typed",
    )
    guards: ClassVar[tuple[Guard, ...]] = (capacity.HEADROOM,)
    recovery: ClassVar[Recovery] = Recovery.RESUME

    async def plan(self, order: Order, world: World) -> Draft:
        cache, selection = world.cache_of(order.target), read_selection(order.inputs)
        limits = cache.limits(selection.kind)
        batches = to_batches(selection, limits)
        everything = selection.kind is PurgeKind.EVERYTHING
        reckoned_s = max(0, len(batches) - limits.burst) / limits.per_second
        notes = [f"{quantity.count(len(batches))} requests, at least {quantity.duration(reckoned_s)}"]
        if not choose(selection, order.inputs.many("sample"), world.assets.get(order.target, "")):
            notes.append("no address is known to check it by: give --param sample=URL")
        return Draft(
            calls=tuple(
                PlannedCall(VENDOR, f"POST purge_cache {_body(batch)}", batch.words, writes=True) for batch in batches
            ),
            scope=(order.target,),
            undo="what is purged is fetched anew; it cannot be put back",
            vendors=(VENDOR,),
            objects=(f"cache of {order.target}",),
            notes=tuple(notes) if len(batches) > 1 else tuple(notes[1:]),
            typed=TYPED if everything else "",
            deadline_s=reckoned_s + PATIENCE_S,
            danger=Danger.TYPED if everything else None,
        )

    def reckon(self, draft: Draft, facts: Facts, world: World) -> Draft:
        if draft.danger is not Danger.TYPED:
            return draft
        crowded = crowded_when_cold(facts.serving, facts.snapshot, world.capacity, most_load=world.drill.most_load)
        return replace(draft, crowded=crowded)

    async def execute(self, conduct: Conduct) -> None:
        """Every batch that is not done yet, within the vendor's limits; and what a sample said before the first."""
        cache, selection = conduct.world.cache_of(conduct.order.target), read_selection(conduct.order.inputs)
        limits = cache.limits(selection.kind)
        batches = to_batches(selection, limits)
        if "sample_before" not in conduct.result:
            urls = choose(selection, conduct.order.inputs.many("sample"), _asset(conduct))
            entries = await _entries(conduct, cache, urls)
            conduct.result["sample_before"] = {url: entry and entry.status for url, entry in entries.items()}
        bucket = Bucket.full(limits, conduct.clock.now())
        for batch in left_over(batches, conduct.steps):
            await self._send(conduct, cache, batch, bucket)
            if batch.total > 1 and (batch.number % _SAY_EACH == 0 or batch.number == batch.total):
                conduct.say(f"{batch.number} of {batch.total} requests done", {"done": batch.number, "of": batch.total})
        conduct.result["accepted_at"] = conduct.clock.wall()

    async def _send(self, conduct: Conduct, cache: CacheControl, batch: Batch, bucket: Bucket) -> None:
        """One batch, as often as the vendor says "later"."""
        wait_s = FIRST_WAIT_S
        while True:
            await conduct.pause(bucket.wait_s(conduct.clock.now()))
            bucket.take()
            try:
                await conduct.send(_call(conduct, cache, batch))
            except LimitedError as error:
                pause_s = error.retry_after_s or wait_s
                bucket.empty(conduct.clock.now())
                conduct.say(f"the vendor takes no more now: going on in {quantity.duration(pause_s)}")
                await conduct.pause(pause_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
            else:
                return

    async def verify(self, conduct: Conduct) -> Finding:
        """Ask for the sample until all of it is new, or the effect's time is over."""
        cache, selection = conduct.world.cache_of(conduct.order.target), read_selection(conduct.order.inputs)
        before = conduct.result.get("sample_before")
        known = {str(url): status for url, status in before.items()} if isinstance(before, dict) else {}
        now = await _until_new(conduct, cache, tuple(known))
        return judge(Sampled(known, now), selection.words)


async def _until_new(conduct: Conduct, cache: CacheControl, urls: tuple[str, ...]) -> dict[str, bool | None]:
    effect, accepted = Purge.spec.effect, conduct.result.get("accepted_at")
    began = accepted if isinstance(accepted, float) else conduct.clock.wall()
    end = conduct.clock.now() + (effect.deadline_s if effect else 0.0)
    now: dict[str, bool | None] = dict.fromkeys(urls)
    while True:
        # What was seen new once stays purged, whoever fetches it again.
        for url, entry in (await _entries(conduct, cache, [url for url, new in now.items() if not new])).items():
            now[url] = None if entry is None else is_new(entry, conduct.clock.wall() - began)
        if all(now.values()) or conduct.clock.now() >= end:
            return now
        await conduct.pause(min(1.0, conduct.pace.reread_s))


async def _entries(
    conduct: Conduct, cache: CacheControl, urls: tuple[str, ...] | list[str]
) -> dict[str, CacheEntry | None]:
    """What the edge says of each address now; None where it could not be read."""

    async def read(url: str) -> CacheEntry | None:
        try:
            async with asyncio.timeout(conduct.pace.read_timeout_s):
                return await cache.entry(url)
        except (NpconsoleError, TimeoutError):
            return None

    return dict(zip(urls, await asyncio.gather(*map(read, urls)), strict=True))


def _call(conduct: Conduct, cache: CacheControl, batch: Batch) -> Call[None]:
    return Call(
        summary=batch.words,
        remote=batch.remote,
        do=lambda: cache.purge(batch.kind, batch.values),
        deadline_s=conduct.pace.call_timeout_s,
        sets_state=True,
    )


def _asset(conduct: Conduct) -> str:
    return conduct.world.assets.get(conduct.order.target, "")


def _body(batch: Batch) -> str:
    if batch.kind is PurgeKind.EVERYTHING:
        return "everything"
    first, last = batch.values[0], batch.values[-1]
    return (
        f"{batch.kind.value}: {first}" if first == last else f"{len(batch.values)} {batch.kind.value}: {first} … {last}"
    )
