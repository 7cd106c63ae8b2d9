"""From a command line to a run: plan when there is a question, request, start the runner, watch.

The gate is in the runner; here its answers are shown. stdout is the result, stderr the narration.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import click

from npconsole.actions.frame import Action
from npconsole.actions.outcome import exit_code
from npconsole.actions.planner import Planner, Prepared
from npconsole.actions.request import ask, require_confirmation
from npconsole.actions.runner import is_denied
from npconsole.actions.targets import targets
from npconsole.cli import plan_report, run_report
from npconsole.cli.acting import Acting, acting
from npconsole.cli.consent import consent, on_terminal
from npconsole.cli.context import Context
from npconsole.cli.follow import Follower
from npconsole.cli.output import print_json
from npconsole.config.estate import to_estate
from npconsole.errors import ExitCode, NpconsoleError, ProcessError, RefusedError, UsageError
from npconsole.model.action import Danger, OnDisconnect
from npconsole.model.run import Run, RunEvent, RunRequest
from npconsole.net.http import Http
from npconsole.net.process import Detached
from npconsole.wiring.recovery import close_unbegun, start_recovery
from npconsole.wiring.stage import build_stage


@dataclass(frozen=True, slots=True)
class Asking:
    """What was typed."""

    action: Action
    target: str | None
    parameters: Mapping[str, Sequence[str]]
    dry_run: bool = False
    yes: bool = False
    confirm: str = ""
    reason: str = ""
    overrides: Sequence[str] = ()
    idempotency_key: str = ""
    wait: bool = True
    timeout_s: float | None = None
    as_json: bool = False


class PlanError(NpconsoleError):
    """There is nothing to run: the plan says why, and its exit code is this one's."""

    def __init__(self, prepared: Prepared) -> None:
        super().__init__(_words(prepared))
        self.exit_code = _code_of(prepared)


def ask_for(context: Context, asking: Asking) -> int:
    """Do what was asked for and return the exit code. Raises NpconsoleError."""
    with acting(context) as hold:
        request = _request(hold, asking)
        if asking.dry_run:
            return _show(_planned(hold, request), asking, hold)
        start_recovery(hold.journal, hold.launcher)
        if not _is_confirmed(asking):
            settled = _settle(hold, asking, request)
            if isinstance(settled, Prepared):
                return _unmade(settled, asking, hold)
            request = settled
        return _run(hold, asking, request)


def _request(hold: Acting, asking: Asking) -> RunRequest:
    estate, spec = to_estate(hold.loaded.config), asking.action.spec
    target = asking.target
    if target is None:
        names = targets(spec.target, estate)
        if len(names) != 1:
            raise UsageError(f"which {spec.target.noun}?", hint=f"one of: {', '.join(names[:20])}")
        target = names[0]
    request = ask(
        asking.action,
        target,
        asking.parameters,
        actor=hold.actor,
        estate=estate,
        reason=asking.reason,
        overrides=asking.overrides,
        idempotency_key=asking.idempotency_key,
    )
    return replace(request, confirmed=asking.yes, typed=asking.confirm)


def _is_confirmed(asking: Asking) -> bool:
    """Whether the line says all that a run of this action can need; the runner looks whether it is right."""
    match asking.action.spec.danger:
        case Danger.TYPED:
            return bool(asking.confirm)
        case Danger.CONFIRM:
            return asking.yes or bool(asking.confirm)
        case Danger.SAFE:
            return True


def _settle(hold: Acting, asking: Asking, request: RunRequest) -> RunRequest | Prepared:
    """Plan, and ask the person: the request with its confirmation, or the plan when there is nothing to run."""
    prepared = _planned(hold, request)
    plan = prepared.plan
    if plan.simulated or (prepared.exit_code is not ExitCode.OK and not is_denied(plan)):
        return prepared
    if plan.refusals:
        words = "; ".join(answer.reason for answer in plan.refusals)
        data: dict[str, object] = {"guards": [answer.guard for answer in plan.refusals], "reason": words}
        hold.journal.audit(
            "run.refused", actor=hold.actor.name, target=plan.target, data={"action": plan.action} | data
        )
        raise RefusedError(f"{plan.action} {plan.target}: {words}")
    if not on_terminal():
        require_confirmation(plan, confirmed=asking.yes, typed=asking.confirm)
    else:
        click.echo(plan_report.as_text(plan, wall=hold.clock.wall()), err=True)
        request = replace(consent(plan, request), plan_digest=plan.digest)
    return request


def _planned(hold: Acting, request: RunRequest) -> Prepared:
    async def prepared() -> Prepared:
        async with Http(now=hold.clock.now) as http:
            stage = build_stage(
                hold.loaded.config,
                environ=os.environ,
                clock=hold.clock,
                journal=hold.journal,
                benchmarks=hold.stores.benchmarks,
                http=http,
                read_only=hold.read_only,
            )
            return await Planner(stage).prepare(request)

    return asyncio.run(prepared())


def _unmade(prepared: Prepared, asking: Asking, hold: Acting) -> int:
    """Show a plan that nothing is run of, and say why nobody could make a better one."""
    code = _show(prepared, asking, hold)
    if code != ExitCode.OK and not asking.as_json:
        sys.stdout.flush()
        click.echo(f"npconsole: {_words(prepared)}", err=True)
    return code


def _show(prepared: Prepared, asking: Asking, hold: Acting) -> int:
    """Print the plan. 0 when nothing but a confirmation is missing, 6 when a guard would refuse."""
    plan = prepared.plan
    code = _code_of(prepared)
    if asking.as_json:
        print_json({**plan_report.as_json(prepared), "exit": int(code)})
    else:
        sys.stdout.write(plan_report.as_text(plan, wall=hold.clock.wall()) + "\n")
        if (flag := plan_report.flag(plan)) and code is ExitCode.OK:
            click.echo(f"to run it: npconsole run {plan.action} {plan.target} ... {flag}", err=True)
    return code


def _words(prepared: Prepared) -> str:
    plan = prepared.plan
    why = "; ".join(answer.reason for answer in plan.refusals) or "this host only simulates it"
    return f"{plan.action} {plan.target}: {why}"


def _code_of(prepared: Prepared) -> ExitCode:
    plan = prepared.plan
    if prepared.exit_code is not ExitCode.OK or plan.simulated:
        return prepared.exit_code
    return ExitCode.REFUSED if plan.refusals else ExitCode.OK


def _run(hold: Acting, asking: Asking, request: RunRequest) -> int:
    run = hold.journal.request(request)
    runner = _start_runner(hold, run)
    if not asking.wait:
        if asking.action.spec.on_disconnect is not OnDisconnect.RUN_ON:
            click.echo(f"nobody watches it: npconsole runs watch {run.id}", err=True)
        print_json(run_report.run_json(run)) if asking.as_json else sys.stdout.write(f"{run.id}\n")
        return ExitCode.OK
    ended = _followed(hold, asking, run, runner)
    show_end(ended, as_json=asking.as_json)
    return exit_code(ended)


def run_to_end(hold: Acting, asking: Asking) -> Run:
    """The run as it ended, for commands that make several. Raises NpconsoleError, PlanError where there is no run."""
    request = _request(hold, asking)
    if not _is_confirmed(asking):
        settled = _settle(hold, asking, request)
        if isinstance(settled, Prepared):
            raise PlanError(settled)
        request = settled
    run = hold.journal.request(request)
    return _followed(hold, asking, run, _start_runner(hold, run))


def _followed(hold: Acting, asking: Asking, run: Run, runner: Detached | None) -> Run:
    follower = Follower(
        hold,
        run,
        on_event=lambda event: print_event(event, as_json=asking.as_json),
        tell=lambda text: click.echo(text, err=True),
    )
    return follower.follow(runner, timeout_s=asking.timeout_s)


def _start_runner(hold: Acting, run: Run) -> Detached | None:
    """The runner; None when the run has one already, or has ended. Raises ProcessError."""
    if run.fence or run.state.is_final:
        return None
    try:
        return hold.launcher.run(run.id)
    except ProcessError as error:
        close_unbegun(hold.journal, run, error.message)
        raise


def show_end(run: Run, *, as_json: bool) -> None:
    """The run as it ended, or as it stands when nobody waits for it any longer."""
    if as_json:
        print_json(run_report.run_json(run))
    else:
        sys.stdout.write(run_report.run_text(run) + "\n")
        sys.stdout.flush()


def print_event(event: RunEvent, *, as_json: bool) -> None:
    """One event: a line of NDJSON on stdout, or a line for people on stderr."""
    if as_json:
        print_json(run_report.event_json(event))
    else:
        click.echo(run_report.event_text(event), err=True)
