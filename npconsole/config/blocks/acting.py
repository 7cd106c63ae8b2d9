"""The blocks that say what may be done, and how: actions, runs, drills, and actions of your own."""

from typing import Annotated, Literal

from msgspec import Meta, field

from npconsole.config.blocks.fields import Block, SecretRef, Text, WordName, doc
from npconsole.config.units import Ratio, Seconds, Url


class Actions(Block, frozen=True, kw_only=True):
    """What actions may do, and how long they take over it."""

    read_only: Annotated[bool, doc("Refuse everything that changes anything.")] = False
    role: Annotated[
        Literal["viewer", "operator", "admin"],
        doc("The most that anybody may do from this host; `--role` and `ssh-entry` can only lower it."),
    ] = "admin"
    restarts_per_hour: Annotated[int, Meta(ge=0, le=1000, description="Most restarts of a service in an hour.")] = 2
    restarts_per_day: Annotated[int, Meta(ge=0, le=10000, description="Most restarts of a service in a day.")] = 4
    cool_down: Annotated[Seconds, doc("Pause after a restart; doubles with each one, steps back each hour.")] = Seconds(
        600
    )
    cool_down_cap: Annotated[Seconds, doc("Longest such pause.")] = Seconds(7200)
    call_timeout: Annotated[Seconds, doc("Total deadline of one call that changes something.", least=0.1)] = Seconds(15)
    reread: Annotated[Seconds, doc("Between looks at whether a change has come about.", least=0.05)] = Seconds(5)
    settle: Annotated[Seconds, doc("How long a late call is waited for; at least two call time-outs.")] = Seconds(30)
    operator_silence: Annotated[
        Seconds, doc("A drill whose operator is not heard of for this long reverts.", least=1)
    ] = Seconds(60)


class Runs(Block, frozen=True, kw_only=True):
    """How a run is kept in one pair of hands."""

    lease: Annotated[
        Seconds, doc("How long a runner that is not heard of keeps its targets; then others finish its run.", least=1)
    ] = Seconds(60)
    beat: Annotated[
        Seconds, doc("Between a runner's looks at its lease, its operator and requests to stop.", least=0.1)
    ] = Seconds(5)


class State(Block, frozen=True, kw_only=True):
    """The memory of runs, leases and the audit."""

    url: Annotated[
        SecretRef | None,
        doc("Address of a shared memory, postgresql://...; by default a file under $XDG_STATE_HOME."),
    ] = None


class Drill(Block, frozen=True, kw_only=True):
    """How a failover is rehearsed, and what it has to prove."""

    hold: Annotated[Seconds, doc("How long the region stays drained.")] = Seconds(300)
    longest_hold: Annotated[Seconds, doc("Longest hold that may be asked for.")] = Seconds(900)
    step_pause: Annotated[Seconds, doc("Between the steps of a drain in several steps.")] = Seconds(30)
    shift_within: Annotated[Seconds, doc("A drain that has not moved the traffic by then is undone.", least=1)] = (
        Seconds(300)
    )
    probe_interval: Annotated[Seconds, doc("Between requests to the edge, as a user would send them.", least=0.02)] = (
        Seconds(0.1)
    )
    probe_timeout: Annotated[Seconds, doc("When such a request counts as failed.", least=0.05)] = Seconds(2)
    rto_target: Annotated[Seconds, doc("Recovery time to aim for.", least=0.1)] = Seconds(180)
    rto_limit: Annotated[Seconds, doc("A recovery that takes longer has failed the drill.", least=0.1)] = Seconds(300)
    rpo_target: Annotated[Seconds, doc("Most seconds of writes that a failover may lose.")] = Seconds(1)
    most_load: Annotated[Ratio, doc("Share of its capacity that a survivor may come to carry.")] = Ratio(0.8)


class CustomInput(Block, frozen=True, kw_only=True):
    """One input of an action of your own."""

    name: Annotated[WordName, doc("Used as `--param name=value`, and as `{name}` in the call.")]
    kind: Annotated[
        Literal["text", "integer", "seconds", "percent", "flag", "choice"], doc("What a value must look like.")
    ] = "text"
    help: Annotated[str, doc("What it is for.")] = ""
    default: Annotated[str, doc("Value when none is given.")] = ""
    choices: Annotated[list[Text], doc("The values of a choice.")] = field(default_factory=list)
    required: Annotated[bool, doc("Whether a value must be given.")] = False


class CustomCall(Block, frozen=True, kw_only=True):
    """What is done: a program, or a request. One of the two."""

    argv: Annotated[
        Annotated[list[Text], Meta(min_length=1)] | None,
        doc("A program and its arguments (no shell); exit code 0 means done."),
    ] = None
    url: Annotated[Url | None, doc("An address; an answer of 200 to 299 means done.")] = None
    method: Annotated[Literal["POST", "PUT", "PATCH", "DELETE"], doc("Method of the request.")] = "POST"
    body: Annotated[dict[str, str], doc("Fields of the JSON object that is sent.")] = field(default_factory=dict)
    token: Annotated[SecretRef | None, doc("Bearer token of the request.")] = None


class CustomEffect(Block, frozen=True, kw_only=True):
    """What an action of your own should change, so that its verdict can be measured."""

    metric: Annotated[
        Literal["p50_ms", "p95_ms", "p99_ms", "error_ratio", "request_rate", "cache_hit_ratio", "memory_ratio"],
        doc("Figure of the target that is compared before and after."),
    ]
    direction: Annotated[Literal["down", "up"], doc("Which way it should go.")] = "down"
    within: Annotated[Seconds, doc("How long the effect may take.", least=1)] = Seconds(120)
    words: Annotated[str, doc("The effect in a phrase.")] = ""


class CustomAction(Block, frozen=True, kw_only=True):
    """An action of your own: planned, guarded, journalled and verified as the built-in ones."""

    id: Annotated[WordName, doc("Used as `npconsole run ID TARGET`.")]
    title: Annotated[Text, doc("Shown in menus.")]
    help: Annotated[str, doc("What it does, in a sentence.")] = ""
    target: Annotated[Literal["region", "service", "edge", "estate"], doc("What it acts on.")] = "region"
    danger: Annotated[
        Literal["safe", "confirm", "typed"], doc("What confirms it: nothing, a yes, or the typed name of the target.")
    ] = "confirm"
    role: Annotated[Literal["operator", "admin"], doc("Who may run it.")] = "operator"
    takes_out: Annotated[bool, doc("Whether the region it acts on may stop serving meanwhile.")] = False
    inputs: Annotated[list[CustomInput], doc("What is asked for, with its type.")] = field(default_factory=list)
    do: Annotated[CustomCall, doc("What is done; {target} and {run} stand for themselves.")]
    undo: Annotated[CustomCall | None, doc("What takes it back, harmless when called again; none if nothing does.")] = (
        None
    )
    effect: Annotated[CustomEffect | None, doc("What it should change.")] = None
    timeout: Annotated[Seconds, doc("Total deadline of the call, at most half of runs.lease.", least=0.1)] = Seconds(30)
