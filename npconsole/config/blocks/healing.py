"""The block of the healer: its rules, and the brakes that hold for all of them.

Thresholds, the least number of requests and the budget of restarts are not here: they are those of `thresholds`,
`judging` and `actions`, so that nobody can heal by another number than people see.
"""

from typing import Annotated, Literal

from msgspec import Meta, field

from npconsole.config.blocks.fields import Block, Text, WordName, doc
from npconsole.config.units import Ratio, Seconds, Url


class HealStep(Block, frozen=True, kw_only=True):
    """One step of an escalation."""

    action: Annotated[WordName, doc("restart, purge, failover, or the id of an action of your own.")]
    times: Annotated[int, Meta(ge=1, le=10, description="How often it is tried before the next step.")] = 1
    parameters: Annotated[
        dict[WordName, list[Text]], doc("What the action is asked with, as `npconsole run` takes it by --param.")
    ] = field(default_factory=dict)


class HealRule(Block, frozen=True, kw_only=True):
    """When to heal, and how."""

    name: Annotated[WordName, doc("Name of the rule, in decisions and reports.")]
    when: Annotated[
        Literal["p95", "error_ratio", "health_5xx"], doc("What is looked at: a figure of a region, or its health.")
    ]
    p95_above: Annotated[Seconds | None, doc("Bound of p95; else thresholds.p95_warn.", least=0.001)] = None
    error_ratio_above: Annotated[
        Ratio | None, doc("Bound of the share of errors; else thresholds.error_ratio_critical.")
    ] = None
    after: Annotated[Seconds, doc("How long it must have been so without a break.")] = Seconds(0)
    escalation: Annotated[
        list[HealStep],
        Meta(
            min_length=1, description="Steps in order; the next only when the one before is shown not to have helped."
        ),
    ]
    mode: Annotated[
        Literal["off", "shadow", "enforce"] | None, doc("What this rule may do; else as heal.mode says.")
    ] = None
    targets: Annotated[list[Text], doc("Regions or services that it is about; [] for all.")] = field(
        default_factory=list
    )


class HealBrakes(Block, frozen=True, kw_only=True):
    """What holds heals back."""

    breaches: Annotated[
        int, Meta(ge=1, le=100, description="Bad checks in a row before a rule acts; one for health_5xx.")
    ] = 3
    clear: Annotated[int, Meta(ge=1, le=100, description="Good checks in a row that end the trouble.")] = 2
    heals_per_hour: Annotated[
        int, Meta(ge=0, le=100, description="Most heals in an hour in all; one more wanted, and the healer stops.")
    ] = 3
    settle: Annotated[Seconds, doc("After each action: nothing is judged but whether it helped.", least=1)] = Seconds(
        300
    )
    purge_cool_down: Annotated[Seconds, doc("Pause after a purge; grows as that of restarts does.")] = Seconds(300)
    fresh_deploy: Annotated[
        Seconds, doc("Trouble that begins this soon after a new version is not restarted away.")
    ] = Seconds(900)
    overload: Annotated[
        float, Meta(gt=1, le=1000, description="This many times the usual request rate is overload: no restart helps.")
    ] = 3.0
    common_share: Annotated[
        Ratio,
        doc("Share of a service's regions that are ill alike from which the cause is what they share.", least=0.5),
    ] = Ratio(0.75)
    flaps: Annotated[int, Meta(ge=2, le=100, description="This many beginnings in an hour are flapping.")] = 5


def default_rules() -> list[HealRule]:
    """The platform's rules. Each goes on to a failover where `heal.failover` allows it."""
    failover = HealStep(action="failover", parameters={"execute": ["yes"], "keep": ["yes"]})
    restarts = HealStep(action="restart", times=3)
    purge = HealStep(action="purge", parameters={"everything": ["yes"]})
    return [
        HealRule(name="health-5xx", when="health_5xx", escalation=[restarts, failover]),
        HealRule(
            name="high-error-rate", when="error_ratio", after=Seconds(120), escalation=[purge, restarts, failover]
        ),
        HealRule(name="high-latency", when="p95", after=Seconds(300), escalation=[restarts, failover]),
    ]


class Heal(Block, frozen=True, kw_only=True):
    """What the healer may do."""

    check_interval: Annotated[Seconds, doc("Between checks.", least=1)] = Seconds(60)
    mode: Annotated[
        Literal["off", "shadow", "enforce"],
        doc("What rules do that say nothing else: nothing, say what they would do, or do it."),
    ] = "shadow"
    restart: Annotated[bool, doc("Whether it may restart a service.")] = True
    purge: Annotated[bool, doc("Whether it may purge the cache.")] = True
    failover: Annotated[bool, doc("Whether it may fail over, for good, when all else had no effect.")] = False
    rules: Annotated[list[HealRule], doc("When to heal, and how; the first that holds comes first.")] = field(
        default_factory=default_rules
    )
    brakes: Annotated[HealBrakes, doc("What holds heals back.")] = HealBrakes()
    status_pages: Annotated[
        dict[WordName, Url],
        doc("Vendors' status pages (of Statuspage's kind): while one tells of a major incident, nothing is healed."),
    ] = field(default_factory=dict)
