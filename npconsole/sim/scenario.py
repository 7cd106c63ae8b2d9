"""Named timelines of faults in sim-time. Each is calm for its first 20 seconds, so that the first screen can be
read."""

from collections.abc import Iterator
from dataclasses import dataclass

from npconsole.sim.fault import CLOUDFLARE, EDGE, HOST, RAILWAY, SENTRY, Kind


@dataclass(frozen=True, slots=True)
class Step:
    """Begin a fault at `at_s`; it ends after `for_s`, or never by itself when that is None."""

    at_s: float
    target: str
    kind: Kind
    for_s: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps that come once, or again every `every_s` seconds."""

    name: str
    sentence: str
    steps: tuple[Step, ...] = ()
    every_s: float | None = None

    def due(self, after_s: float, until_s: float) -> Iterator[Step]:
        """The steps whose time is in (after_s, until_s], in order within each round."""
        rounds = range(1)
        if self.every_s is not None:
            rounds = range(int(max(0.0, after_s) // self.every_s), int(until_s // self.every_s) + 1)
        for number in rounds:
            offset = number * (self.every_s or 0.0)
            for step in self.steps:
                if after_s < offset + step.at_s <= until_s:
                    yield step


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("calm", "Nothing is wrong; a request fails now and then."),
        Scenario(
            "slow-region",
            "us-east answers eight times slower for 90 s of every 3 min.",
            (Step(20, "us-east", Kind.SLOW, 90),),
            180,
        ),
        Scenario(
            "error-storm",
            "A quarter of us-east's API calls fail for 90 s of every 3 min; Sentry fills.",
            (Step(20, "us-east", Kind.ERRORS, 90),),
            180,
        ),
        Scenario(
            "region-down",
            "us-east refuses connections for 60 s of every 150 s; the edge fails over and back.",
            (Step(20, "us-east", Kind.DOWN, 60),),
            150,
        ),
        Scenario(
            "flapping",
            "us-east goes down and up every 12 s for 2 min of every 4.",
            (Step(20, "us-east", Kind.FLAP, 120),),
            240,
        ),
        Scenario(
            "bad-deploy",
            "us-east gets a new release that fails and is slow, and keeps it until the fault is ended.",
            (Step(20, "us-east", Kind.BAD_DEPLOY),),
        ),
        Scenario(
            "replica-lag",
            "eu-west's replica falls behind for 90 s of every 3 min.",
            (Step(20, "eu-west", Kind.REPLICA_LAG, 90),),
            180,
        ),
        Scenario(
            "host-offline",
            "This host is cut off from everything for 25 s of every 80 s; the platform itself stays well.",
            (Step(20, HOST, Kind.DOWN, 25),),
            80,
        ),
        Scenario(
            "memory-leak",
            "us-east leaks memory until it is killed and restarted, over and over.",
            (Step(20, "us-east", Kind.MEMORY_LEAK),),
        ),
        Scenario(
            "edge-down",
            "The edge hangs for 45 s of every 2 min while every region stays well.",
            (Step(20, EDGE, Kind.HANG, 45),),
            120,
        ),
        Scenario(
            "sentry-limits",
            "Sentry answers 429 for 60 s of every 150 s, after a flood of events.",
            (Step(20, SENTRY, Kind.SENTRY_FLOOD, 30), Step(50, SENTRY, Kind.VENDOR_429, 60)),
            150,
        ),
        Scenario(
            "vendor-limits",
            "Railway and Cloudflare answer 429 for 60 s of every 150 s while us-east is slow.",
            (
                Step(20, "us-east", Kind.SLOW, 120),
                Step(30, RAILWAY, Kind.VENDOR_429, 60),
                Step(30, CLOUDFLARE, Kind.VENDOR_429_DATE, 60),
            ),
            150,
        ),
        Scenario(
            "vendor-doubt",
            "What is asked of Railway is done and answered 503; of Cloudflare it is not answered and done 20 s later.",
            (Step(20, RAILWAY, Kind.ERROR_AFTER), Step(20, CLOUDFLARE, Kind.LATE)),
        ),
        Scenario(
            "second-operator",
            "Somebody else changes every pool 5 s after you have.",
            (Step(20, CLOUDFLARE, Kind.CONCURRENT_CHANGE),),
        ),
        Scenario(
            "hostile-text",
            "Sentry titles and us-east's version carry markup and escape sequences.",
            (Step(20, SENTRY, Kind.HOSTILE_TEXT), Step(20, "us-east", Kind.HOSTILE_TEXT)),
        ),
    )
}
