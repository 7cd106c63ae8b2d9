"""The parameters of an action as options of its command. A name that an option of every action has goes by --param."""

import click

from npconsole.model.action import ActionSpec, Parameter

RESERVED = frozenset(
    ["param", "dry-run", "yes", "confirm", "reason", "override", "idempotency-key", "wait", "timeout", "json", "help"]
)


def option_name(parameter: Parameter) -> str:
    """The name of its value among those that click collects."""
    return f"parameter_{parameter.name.replace('-', '_')}"


def options_of(spec: ActionSpec) -> list[click.Option]:
    """An option for each parameter that can have one."""
    return [_option(parameter) for parameter in spec.parameters if parameter.name not in RESERVED]


def _option(parameter: Parameter) -> click.Option:
    flag = parameter.name.replace("_", "-")
    if parameter.kind == "flag":
        return click.Option([f"--{flag}/--no-{flag}", option_name(parameter)], default=None, help=parameter.help)
    return click.Option(
        [f"--{flag}", option_name(parameter)],
        multiple=parameter.many,
        metavar=_metavar(parameter),
        help=_help(parameter),
    )


def _metavar(parameter: Parameter) -> str:
    if parameter.choices:
        return f"[{'|'.join(parameter.choices)}]"
    return {"seconds": "DURATION", "percent": "PERCENT", "integer": "N", "path": "FILE"}.get(parameter.kind, "TEXT")


def _help(parameter: Parameter) -> str:
    more = [
        "May be given several times." if parameter.many else "",
        "Required." if parameter.required else "",
        f"[default: {parameter.default}]" if parameter.default else "",
    ]
    return " ".join([parameter.help, *(each for each in more if each)])
