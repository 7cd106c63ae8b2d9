"""`npconsole run ACTION TARGET`: a command for each action, made from its spec. Asks and watches; executes nothing."""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import click

from npconsole.actions.frame import Action
from npconsole.actions.registry import ACTIONS, all_actions, find
from npconsole.cli.context import Context
from npconsole.cli.parameters import option_name, options_of
from npconsole.config.units import Seconds
from npconsole.errors import ConfigError, NpconsoleError, UsageError
from npconsole.model.action import ActionSpec, Danger, TargetKind

_EXAMPLES = """\b
Examples:
  npconsole run restart us-east --dry-run          what it would do, and what stands in the way
  npconsole run restart us-east --yes --reason "p95 is 900 ms"
  npconsole run failover us-east                   only reckoned
  npconsole run failover us-east --execute --confirm us-east --hold 30s
  npconsole run purge edge --url https://example.com/app.js --yes --json
  npconsole run benchmark us-east --vus 20 --duration 30s --yes

Do something. It is planned, guarded, journalled, done once by a process of its own, and measured afterwards; what this
command does is ask and watch. Exit codes: 0 done and well, 1 failed, 3 not authorised, 4 partly done, 5 cancelled and
undone, 6 refused or not confirmed, 7 not verified or worse, 8 out of time, 99 thresholds of a benchmark crossed,
130 left.
"""
_CONFIRMS = {
    Danger.SAFE: "Needs no confirmation",
    Danger.CONFIRM: "Needs a yes: --yes",
    Danger.TYPED: "Needs its name typed: --confirm NAME",
}


class Actions(click.Group):
    """Lists the registry, and the operator's own actions when there is a configuration."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [action.spec.id for action in known_actions(ctx.find_object(Context))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        is_built_in = any(action.spec.id == cmd_name for action in ACTIONS)
        return _command(find(cmd_name, ACTIONS if is_built_in else known_actions(ctx.find_object(Context))))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Actions"):
            actions = known_actions(ctx.find_object(Context))
            formatter.write_dl([(action.spec.id, action.spec.summary) for action in actions])


def known_actions(context: Context | None) -> Sequence[Action]:
    """All actions; without a sound configuration those that are built in."""
    from npconsole.config.loading import load

    try:
        return all_actions(load(context.config_path if context else None, environ=os.environ).config)
    except ConfigError:
        return ACTIONS


@click.group("run", cls=Actions, subcommand_metavar="ACTION TARGET [OPTIONS]", help=_EXAMPLES)
def command() -> None:
    """The group; its help text is given above because the examples come first."""


def _command(action: Action) -> click.Command:
    """The command of one action."""
    spec = action.spec

    @click.pass_obj
    def call(context: Context, /, **given: Any) -> int:
        return _called(context, action, given)

    made = click.Command(spec.id, callback=call, help=_help(spec), short_help=spec.summary)
    made.params = [
        click.Argument(
            ["target"],
            required=spec.target is not TargetKind.ESTATE,
            metavar=_metavar(spec.target),
            shell_complete=partial(_completions, spec.target),
        ),
        *options_of(spec),
        *_COMMON,
    ]
    return made


def _metavar(kind: TargetKind) -> str:
    """`REGION`, `REGION|EDGE`."""
    return kind.noun.upper().replace(" OR ", "|")


def _completions(kind: TargetKind, ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The targets that a shell offers; none without a sound configuration."""
    from npconsole.actions.targets import targets
    from npconsole.config.estate import to_estate
    from npconsole.config.loading import load

    context = ctx.find_object(Context)
    try:
        config = load(context.config_path if context else None, environ=os.environ).config
    except NpconsoleError:
        return []
    return [name for name in targets(kind, to_estate(config)) if name.startswith(incomplete)]


def _help(spec: ActionSpec) -> str:
    example = {"issue": "API-12", "edge": "edge", "estate": ""}.get(spec.target.value, "us-east")
    effect = f" Expected: {spec.effect.words}." if spec.effect else ""
    exception = f"; {spec.exception}" if spec.exception else ""
    return (
        f"\b\nExample:\n  npconsole run {spec.id} {example} --dry-run\n\n"
        f"{spec.summary}{effect} Undo: {spec.undo.value}. Role: {spec.role.value}. {_CONFIRMS[spec.danger]}{exception}."
    )


_COMMON: tuple[click.Option, ...] = (
    click.Option(["--param"], multiple=True, metavar="NAME=VALUE", help="A parameter, as the options above."),
    click.Option(["--dry-run"], is_flag=True, help="Only the plan: calls, guards, undo. Changes nothing."),
    click.Option(["--yes"], is_flag=True, help="Confirm."),
    click.Option(["--confirm"], metavar="NAME", default="", help="Confirm what is dangerous by its name."),
    click.Option(["--reason"], default="", help="Why; kept in the audit."),
    click.Option(["--override"], multiple=True, metavar="GUARD", help="Insist against a guard; needs a reason."),
    click.Option(["--idempotency-key"], default="", help="The same key never makes a second run."),
    click.Option(["--wait/--no-wait"], default=True, show_default=True, help="Wait for the end, or only for the id."),
    click.Option(["--timeout"], metavar="DURATION", help="Wait at most so long, such as 5m; the run itself goes on."),
    click.Option(["--json", "json_"], is_flag=True, help="NDJSON: npconsole.run/1, the last with `final`."),
)


def _called(context: Context, action: Action, given: Mapping[str, Any]) -> int:
    from npconsole.cli.asking import Asking, ask_for

    return ask_for(
        context,
        Asking(
            action=action,
            target=given["target"],
            parameters=_parameters(action.spec, given),
            dry_run=given["dry_run"],
            yes=given["yes"],
            confirm=given["confirm"],
            reason=given["reason"],
            overrides=given["override"],
            idempotency_key=given["idempotency_key"],
            wait=given["wait"],
            timeout_s=_seconds(given["timeout"]),
            as_json=given["json_"],
        ),
    )


def _parameters(spec: ActionSpec, given: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """Options and `--param`s together, as texts; what they mean is checked where all faces have it checked."""
    found: dict[str, list[str]] = {}
    for parameter in spec.parameters:
        value = given.get(option_name(parameter))
        if parameter.kind == "flag":
            found |= {} if value is None else {parameter.name: ["yes" if value else "no"]}
        elif value:
            found[parameter.name] = list(value) if parameter.many else [value]
    for text in given["param"]:
        name, separator, value = text.partition("=")
        if not separator:
            raise UsageError("--param takes NAME=VALUE", hint=f"npconsole run {spec.id} --help")
        found.setdefault(name, []).append(value)
    return dict(found)


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(Seconds.parse(text))
    except ValueError as error:
        raise UsageError(f"--timeout {error}") from None
