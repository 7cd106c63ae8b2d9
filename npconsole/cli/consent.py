"""A yes, or a typed name, from the person at the terminal. What was typed before the question does not count."""

import sys
import termios
from contextlib import suppress
from dataclasses import replace

from npconsole.errors import RefusedError
from npconsole.model.action import Danger
from npconsole.model.run import Plan, RunRequest
from npconsole.net.text import clean


def on_terminal() -> bool:
    """Whether there is a person who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def consent(plan: Plan, request: RunRequest) -> RunRequest:
    """The request with its confirmation. Raises RefusedError for anything but the exact answer."""
    if plan.danger is Danger.SAFE:
        return request
    if plan.danger is Danger.CONFIRM:
        if _answer("Do it? [y/N] ").lower() not in ("y", "yes"):
            raise RefusedError(f"{plan.action} {plan.target} was not confirmed: nothing was done")
        return replace(request, confirmed=True)
    needed = plan.typed or plan.target
    typed = _answer(f"Type {needed} to do it: ")
    if typed != needed:
        raise RefusedError(f"{plan.action} {plan.target} was not confirmed by its name: nothing was done")
    return replace(request, confirmed=True, typed=typed)


def _answer(question: str) -> str:
    with suppress(termios.error):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    sys.stderr.write(question)
    sys.stderr.flush()
    return clean(sys.stdin.readline(1000)).strip()
