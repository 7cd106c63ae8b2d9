"""`npconsole sim`: run the simulated platform and break it."""

import json
import os
import signal
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from npconsole.config.units import Seconds, Url
from npconsole.errors import Failure, UnreachableError, UsageError
from npconsole.sim.fault import SENTENCES, Kind
from npconsole.sim.scenario import SCENARIOS, Scenario

if TYPE_CHECKING:
    from npconsole.sim.record import Entry

EXTRA = ("starlette", "uvicorn", "sentry_sdk", "brotli", "graphql")
CONTROL_TIMEOUT_S = 5.0
Folder = click.Path(file_okay=False, path_type=Path)


@click.group("sim", short_help="The simulated platform.")
def command() -> None:
    """The simulated platform: three regions, an edge and its vendors on loopback, with faults on demand.

    \b
    Examples:
      npconsole sim up --dir ./sim --scenario region-down
      npconsole sim fault us-east slow --for 60s
      npconsole sim fault us-east --end
    """


@command.command()
@click.option("--dir", "directory", type=Folder, help="Folder for config.yaml; one that goes with the run by default.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same world.")
@click.option("--scenario", "name", default="calm", show_default=True, help="See `npconsole sim scenarios`.")
@click.option("--speed", type=click.FloatRange(0.1, 600), default=1.0, show_default=True, help="60: a minute a second.")
@click.option(
    "--port-base", type=click.IntRange(1024, 65000), help="First of twelve ports in a row; free ones by default."
)
@click.option("--prometheus", help="Address of a Prometheus that scrapes the simulator, for the replication lag.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started it does.")
def up(
    directory: Path | None,
    seed: int,
    name: str,
    speed: float,
    port_base: int | None,
    prometheus: str | None,
    with_parent: bool,
) -> None:
    """Run the platform until SIGTERM. Prints one JSON line with all addresses; events go to stderr.

    \b
    Examples:
      npconsole sim up --dir ./sim
      npconsole sim up --scenario bad-deploy --seed 7 --port-base 18000
    """
    scenario = _scenario(name)
    _need_extra()
    if with_parent:
        _end_with_parent()
    from npconsole.sim.run import Request, run

    request = Request(scenario, seed, speed, port_base or 0, directory, _address(prometheus))
    run(request, os.environ, announce=lambda said: click.echo(json.dumps(said)), narrate=_narrate)


@command.command(epilog="\b\nKinds:\n" + "\n".join(f"  {kind:<19}  {SENTENCES[kind]}" for kind in Kind))
@click.argument("target")
@click.argument("kind", required=False, default="")
@click.option("--for", "duration", help="How long, such as 60s, in the simulator's time; until ended by default.")
@click.option("--end", is_flag=True, help="End the fault instead; without KIND, all faults of the target.")
@click.option("--dir", "directory", type=Folder, help="Folder of the simulator; by default the newest that runs.")
def fault(target: str, kind: str, duration: str | None, end: bool, directory: Path | None) -> None:
    """Break TARGET in the way of KIND, or end that.

    TARGET is a region, edge, sentry, railway, cloudflare, slack, pagerduty or host.

    A restart or a new deployment, asked for at railway, ends slow, errors, unhealthy, hang, memory-leak and such of its
    region.

    \b
    Examples:
      npconsole sim fault us-east down --for 60s
      npconsole sim fault sentry vendor-429
      npconsole sim fault cloudflare late --for 30s
      npconsole sim fault us-east --end
    """
    if not end and not kind:
        raise UsageError("which fault?", hint=f"give a KIND, such as: npconsole sim fault {target} slow")
    from npconsole.sim.rendezvous import Rendezvous

    control = Rendezvous(os.environ).control(directory)
    if end:
        _tell_ended(_ask(control, "DELETE", params={"target": target, "kind": kind}), target)
        return
    for_s = _seconds(duration)
    _ask(control, "POST", json={"target": target, "kind": kind, "for_s": for_s})
    click.echo(f"{target}: {kind} begun" + (f", for {duration}" if duration else ""))


@command.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def scenarios(as_json: bool) -> None:
    """List the scenarios, with a sentence each."""
    if as_json:
        listed = [{"name": each.name, "sentence": each.sentence} for each in SCENARIOS.values()]
        click.echo(json.dumps({"schema": "npconsole.scenarios/1", "scenarios": listed}))
        return
    width = max(map(len, SCENARIOS))
    for each in SCENARIOS.values():
        click.echo(f"{each.name:<{width}}  {each.sentence}")


def _scenario(name: str) -> Scenario:
    if name in SCENARIOS:
        return SCENARIOS[name]
    nearest = get_close_matches(name, SCENARIOS, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"one of: {', '.join(SCENARIOS)}"
    raise UsageError(f"no scenario {name!r}", hint=hint)


def _end_with_parent() -> None:
    """Have the kernel send SIGTERM when the parent ends, also when it is killed: prctl(2), PR_SET_PDEATHSIG."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _need_extra() -> None:
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise UsageError("the simulator needs the extra `demo`: pip install 'npconsole[demo]'")


def _address(text: str | None) -> str:
    if text is None:
        return ""
    try:
        return str(Url.parse(text))
    except ValueError as error:
        raise UsageError(f"--prometheus: {error}") from error


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(Seconds.parse(text))
    except ValueError as error:
        raise UsageError(f"--for: {error}") from error


def _narrate(entry: "Entry") -> None:
    click.echo(f"{entry.at_s:8.1f} s  {entry.text}", err=True)


def _ask(control: str, method: str, **arguments: Any) -> dict[str, Any]:
    """Call the control port; its refusals become UsageErrors."""
    import httpx

    try:
        with httpx.Client(trust_env=False, verify=False, timeout=CONTROL_TIMEOUT_S) as client:  # noqa: S501 - loopback
            answer = client.request(method, f"{control}/faults", **arguments)
    except httpx.HTTPError as error:
        message = f"the simulator at {control} does not answer"
        raise UnreachableError(message, Failure.CONNECT, hint="start it: npconsole sim up") from error
    body: dict[str, Any] = answer.json()
    if answer.status_code != 200:
        raise UsageError(body["error"], hint=body["hint"])
    return body


def _tell_ended(body: dict[str, Any], target: str) -> None:
    ended = [f"{each['target']}: {each['kind']} ended" for each in body["ended"]]
    click.echo("\n".join(ended) or f"{target}: no such fault at work")
