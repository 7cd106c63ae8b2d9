"""One memory on a file, and daemons' leaders over it that judge snapshots which a test makes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from npconsole.alerting.route import Route
from npconsole.alerting.rules import to_alert_rules
from npconsole.config.schema import Config, convert
from npconsole.healer.rules import to_heal_rules
from npconsole.model.heal import HealMode
from npconsole.model.notice import Notice, Severity
from npconsole.model.snapshot import Snapshot
from npconsole.store.opening import open_journal
from npconsole.wiring.daemon.helm import Helm, Judging, News, Ticked, take_helm
from npconsole.wiring.memory import Stores, stores_over
from tests.engine.estates import FakeClock, World

INTERVAL_S = 60.0
ROUTES = (Route("slack", Severity.WARNING),)


def config(**more: Any) -> Config:
    """Three regions with an edge, and a healer that acts."""
    regions = [{"name": name, "origin": f"http://{name}"} for name in ("us-east", "us-west", "eu-west")]
    service = {"name": "api", "regions": regions, "edge": {"url": "http://edge"}}
    base = {"environment": {"name": "neuropilot"}, "services": [service], "heal": {"mode": "enforce"}}
    return convert({**base, **more})


@dataclass
class Bench:
    """`world` is what is watched, `stores` what is remembered; `leads` makes the leader that comes next."""

    stores: Stores
    clock: FakeClock
    world: World
    config: Config = field(default_factory=config)

    def leads(self, owner: str = "one", *, speed: float = 1.0, ttl_s: float = 80_000.0) -> Helm:
        fence = self.stores.heal.lead(owner=owner, ttl_s=ttl_s)
        assert fence is not None, "somebody else leads"
        judging = Judging(
            heal=to_heal_rules(self.config, HealMode.ENFORCE),
            alerts=to_alert_rules(self.config),
            routes=ROUTES,
            host="here",
            speed=speed,
        )
        return take_helm(self.stores, judging, fence=fence, leader=owner, wall=self.clock.wall())

    def check(self, helm: Helm, *news: News, check: bool = True, problem: str = "", provider: str = "") -> Ticked:
        """A minute passes, and it is checked."""
        return helm.tick(self.minute(), check=check, news=news, undelivered=(), problem=problem, provider=provider)

    def minute(self) -> Snapshot:
        for _ in range(5):
            self.world.round()
        return self.world.round()

    def until_it_acts(self, helm: Helm, *, most: int = 12) -> Ticked:
        for _ in range(most):
            ticked = self.check(helm)
            if any(each.choice.value == "act" for each in ticked.decisions):
                return ticked
        raise AssertionError("it never acted")

    def notices(self) -> list[Notice]:
        """All that were ever put, the oldest first."""
        return [posting.notice for posting in reversed(self.stores.outbox.postings(limit=1000))]


@contextmanager
def bench(folder: Path, **more: Mapping[str, Any]) -> Iterator[Bench]:
    """A bench whose memory is closed at the end."""
    world = World()
    clock = world.clock
    journal = open_journal(
        folder / "npconsole.db", clock=clock, environment="neuropilot", host="here", syslog=False, boot="boot"
    )
    try:
        yield Bench(stores_over(journal), clock, world, replace_config(more))
    finally:
        journal.close()


def replace_config(more: Mapping[str, Mapping[str, Any]]) -> Config:
    return config(**{name: dict(block) for name, block in more.items()})


__all__ = ["Bench", "bench", "replace"]
