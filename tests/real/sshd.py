"""A real sshd on a free loopback port, with keys made for the test and one forced command for each."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real.program import free_port, running, until

SSHD = Path("/usr/sbin/sshd")
TOOLS = ("ssh", "ssh-keygen")


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens. Keys are named after those they belong to."""

    port: int
    home: Path

    def ssh(self, who: str, *words: str, options: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Log in with somebody's key, without a terminal, and run a command."""
        argv = ["ssh", "-p", str(self.port), "-i", str(self.home / who), "-o", "IdentitiesOnly=yes", "-F", "none"]
        argv += ["-o", f"UserKnownHostsFile={self.home}/known_hosts", "-o", "StrictHostKeyChecking=no"]
        argv += ["-o", "BatchMode=yes", "-o", "LogLevel=ERROR", *options, "--", "127.0.0.1", *words]
        return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def missing() -> str:
    """What this machine lacks for it, empty for nothing."""
    if not SSHD.exists():
        return f"no {SSHD} (Debian package openssh-server)"
    return next(
        (f"no `{tool}` on PATH (Debian package openssh-client)" for tool in TOOLS if not shutil.which(tool)), ""
    )


@contextmanager
def sshd(home: Path, entries: Mapping[str, str], config: Path, environ: Mapping[str, str]) -> Iterator[Server]:
    """Serve the current user. `entries` are the options of `ssh-entry` by the name of a key.

    sshd hands variables of clients on as far as it goes here, so that the entry has to defend itself.
    """
    port = free_port()
    for name in ("host_key", *entries):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / name)], check=True, timeout=30)
    variables = " ".join(f"{name}={value}" for name, value in environ.items() if name.startswith(("XDG_", "HOME")))
    lines = [
        f'restrict,pty,command="/usr/bin/env {variables} {sys.executable} -m npconsole --config {config}'
        f' ssh-entry {options}" {(home / f"{name}.pub").read_text().strip()}'
        for name, options in entries.items()
    ]
    (home / "authorized_keys").write_text("\n".join(lines) + "\n")
    (home / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home}/host_key\nPidFile {home}/sshd.pid\n"
        f"AuthorizedKeysFile {home}/authorized_keys\nStrictModes no\nPasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\nUsePAM no\nPermitRootLogin prohibit-password\nPermitUserEnvironment no\n"
        "ExposeAuthInfo yes\nAcceptEnv *\nLogLevel ERROR\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    argv = [str(SSHD), "-D", "-e", "-f", str(home / "sshd_config")]
    server = Server(port, home)
    with running(argv, log=home / "log") as process:
        what = f"an answer of sshd (log in {home}/log)"
        first = next(iter(entries))
        until(lambda: server.ssh(first, "actions").returncode == 0, what=what, within_s=30, by=process)
        yield server
