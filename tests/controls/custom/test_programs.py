"""Programs of an operator's own actions: what certainly did nothing, and what may have done something."""

import sys
from collections.abc import Sequence

import pytest

from npconsole.controls.custom import Programs
from npconsole.errors import NotAppliedError, UnknownOutcomeError

PROGRAMS = Programs({"PATH": "/usr/bin:/bin", "RAILWAY_TOKEN": "secret"})


def python(code: str) -> Sequence[str]:
    return [sys.executable, "-c", code]


async def test_the_first_line_is_what_it_said() -> None:
    assert await PROGRAMS.run(python("print('done \\x1b[1m'); print('more')"), deadline_s=20) == "done \u241b[1m"


async def test_it_sees_no_secret() -> None:
    assert "RAILWAY" not in await PROGRAMS.run(python("import os; print(sorted(os.environ))"), deadline_s=20)


async def test_a_program_that_is_not_there_did_nothing() -> None:
    with pytest.raises(NotAppliedError, match="not a program of this host"):
        await PROGRAMS.run(["no-such-program"], deadline_s=5)


@pytest.mark.parametrize(
    ("code", "words"),
    [("import sys; sys.exit('half done')", "exit code 1: half done"), ("import time; time.sleep(60)", "did not end")],
)
async def test_anything_else_may_have_done_something(code: str, words: str) -> None:
    with pytest.raises(UnknownOutcomeError, match=words):
        await PROGRAMS.run(python(code), deadline_s=3)
