"""The command lines of k6 and their environment. What works with v1 and v2 alike is used; secrets go by variables only.

REST is off (v1 would take port 6565, v2 has it off). Points come through a pipe, which costs k6 least: a file is
written to disk, and stdout is where scripts print.
"""

import shlex
from collections.abc import Mapping

from npconsole.controls.k6.binary import Binary
from npconsole.controls.k6.settings import RemoteWrite, Settings
from npconsole.controls.k6.workspace import Workspace
from npconsole.model.load import Load
from npconsole.net.process import child_environ
from npconsole.net.tied import OUTPUT_PATH

_KEPT = ("PATH", "HOME", "TMPDIR", "TZ", "LANG")
_STATS = "avg,min,med,max,p(90),p(95),p(99),count"
_EXPORTED_STATS = "avg,min,max,p(50),p(90),p(95),p(99)"


def base_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """What every k6 gets: all variables of k6 are seen by scripts, so it is next to nothing.

    Extensions are not downloaded and built on this host, and the summary keeps the shape that names thresholds.
    """
    kept = {name: value for name, value in child_environ(environ).items() if name in _KEPT}
    return kept | {
        "K6_NO_USAGE_REPORT": "true",
        "K6_AUTO_EXTENSION_RESOLUTION": "false",
        "K6_NEW_MACHINE_READABLE_SUMMARY": "false",
    }


def script_environ(load: Load, settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """What a script gets beside it: where to send the load, the credentials, and what the configuration passes on.

    Reads secrets; raises SecretError.
    """
    given = {name: environ[name] for name in settings.pass_on if name in environ}
    given |= {
        "NPCONSOLE_TARGET": load.target,
        "NPCONSOLE_ADDRESS": load.address,
        "NPCONSOLE_ASSET": load.asset,
        "NPCONSOLE_USERS": str(load.users),
        "NPCONSOLE_DURATION_S": f"{load.duration_s:g}",
    }
    secrets = {
        "NPCONSOLE_TOKEN": settings.token,
        "NPCONSOLE_EMAIL": settings.email,
        "NPCONSOLE_PASSWORD": settings.password,
    }
    return given | {name: resolve().reveal() for name, resolve in secrets.items() if resolve is not None}


def remote_write_environ(remote: RemoteWrite | None) -> dict[str, str]:
    """Where the metrics go, with the credentials. Reads secrets; raises SecretError."""
    if remote is None:
        return {}
    found = {
        "K6_PROMETHEUS_RW_SERVER_URL": remote.url,
        "K6_PROMETHEUS_RW_TREND_STATS": _EXPORTED_STATS,
        "K6_PROMETHEUS_RW_STALE_MARKERS": "true",
    }
    if remote.user:
        found["K6_PROMETHEUS_RW_USERNAME"] = remote.user
    for name, resolve in (("PASSWORD", remote.password), ("BEARER_TOKEN", remote.token)):
        if resolve is not None:
            found[f"K6_PROMETHEUS_RW_{name}"] = resolve().reveal()
    return found


def cloud_environ(settings: Settings) -> dict[str, str]:
    """The account of k6's cloud. Reads its secret; raises SecretError."""
    cloud = settings.cloud
    found = {"K6_CLOUD_PROJECT_ID": cloud.project_id, "K6_CLOUD_STACK_ID": cloud.stack_id}
    if cloud.token is not None:
        found["K6_CLOUD_TOKEN"] = cloud.token().reveal()
    return {name: value for name, value in found.items() if value}


def run_argv(binary: Binary, workspace: Workspace, *, tag: str, remote_write: bool) -> list[str]:
    """Send the load from this host."""
    argv = [binary.path, "run", *_common(workspace), "--address=", "--no-usage-report"]
    argv += ["--summary-trend-stats", _STATS, "--summary-export", str(workspace.summary)]
    argv += ["--out", f"json={OUTPUT_PATH}"]
    if remote_write:
        argv += ["--out", "experimental-prometheus-rw"]
        argv += ["--tag", f"testid={tag}"] if tag else []
    return [*argv, str(workspace.script)]


def cloud_argv(binary: Binary, workspace: Workspace, *, tag: str) -> list[str]:
    """Have it sent by k6's cloud."""
    tags = ["--tag", f"testid={tag}"] if tag else []
    return [binary.path, "cloud", "run", *_common(workspace), *tags, str(workspace.script)]


def inspect_argv(binary: Binary, workspace: Workspace) -> list[str]:
    """Load the script and say what it would do."""
    return [binary.path, "inspect", *_common(workspace), "--execution-requirements", str(workspace.script)]


def archive_argv(binary: Binary, workspace: Workspace) -> list[str]:
    """Load the script, check its thresholds, and pack it with all that it is made from."""
    return [binary.path, "archive", *_common(workspace), "-O", str(workspace.archive), str(workspace.script)]


def shown(argv: list[str], workspace: Workspace) -> str:
    """A command line for people, without the folder that is not there any more when they read it."""
    return shlex.join(argv).replace(f"{workspace.folder}/", "")


def _common(workspace: Workspace) -> list[str]:
    return ["--quiet", "--no-color", "--log-format", "json", "--config", str(workspace.config)]
