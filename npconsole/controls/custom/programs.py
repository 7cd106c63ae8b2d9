"""Programs of this host: argv lists, no shell, no secrets of ours in their environment, always an end."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from npconsole.errors import NotAppliedError, ProcessError, UnknownOutcomeError
from npconsole.net.offload import offload
from npconsole.net.process import Finished, child_environ, run
from npconsole.net.text import clean


@dataclass(frozen=True, slots=True)
class Programs:
    """Fulfils ProgramControl. `environ` is ours; programs see only the part of it that names no secret."""

    environ: Mapping[str, str]

    async def run(self, argv: Sequence[str], *, deadline_s: float) -> str:
        env = child_environ(self.environ)
        program = clean(argv[0], limit=100)
        if shutil.which(argv[0], path=env.get("PATH")) is None:
            raise NotAppliedError(f"{program} is not a program of this host: nothing was done", hint="look at argv")
        try:
            done = await offload(lambda: run(argv, timeout_s=deadline_s, env=env), name="program")
        except ProcessError as error:
            raise UnknownOutcomeError(error.message, hint="look at what it did before running it again") from None
        if done.code != 0:
            raise UnknownOutcomeError(f"{program} ended with exit code {done.code}{_said(done)}")
        return _first_line(done.stdout)


def _said(done: Finished) -> str:
    line = _first_line(done.stderr) or _first_line(done.stdout)
    return f": {line}" if line else ""


def _first_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return clean(lines[0], limit=200) if lines else ""
