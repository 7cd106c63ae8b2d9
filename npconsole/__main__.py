"""The entry point: guards the process's descriptors and draws a screen's first frame before the heavy imports."""

import gc
import os
import sys

TYPE_CHECKING = False  # as `typing` has it, whose import takes longer than the help
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

_SCREENS = ("demo", "wallboard")
_NO_SCREEN = ("-h", "--help", "-V", "--version", "--web", "--served", "--face=status")
_WITH_VALUE = ("--config", "--theme")
_SAID = ("-h", "--help", "-V", "--version")
_COLUMNS = 80
_GRACE_S = 1.0
_GARBAGE = 50_000
"""Objects more than were freed, before the collector looks at the youngest."""


def main() -> None:
    """Run npconsole and exit with its code."""
    _hold_standard_descriptors()
    os.umask(0o077)
    arguments = sys.argv[1:]
    if _told(arguments):
        return
    screen = opens_screen(arguments)
    # Nothing that is imported now becomes garbage. A face turns the collector on again once it is drawn.
    gc.disable()
    if screen:
        _splash()
    from npconsole.cli.root import run

    if not screen:
        # A command imports more as it begins; by default the collector would look through all of it many times over.
        gc.set_threshold(_GARBAGE, 20, 20)
        gc.enable()
    sys.exit(run(arguments, before_message=_clear if screen else _nothing))


def _told(arguments: list[str]) -> bool:
    """Whether all that was asked for is the help or the version, which are said at once."""
    if len(arguments) != 1 or arguments[0] not in _SAID:
        return False
    from npconsole.cli.front import said

    try:
        columns = os.get_terminal_size(1).columns
    except OSError:
        columns = _COLUMNS
    text = said(arguments, columns)
    if text is None:
        return False
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return True


def opens_screen(arguments: "Sequence[str]") -> bool:
    """Whether a command line asks for a screen, as far as that shows without parsing it."""
    if any(argument in _NO_SCREEN for argument in arguments) or list(arguments[-2:]) == ["--face", "status"]:
        return False
    words = iter(arguments)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word in _SCREENS
    return True


def _splash() -> None:
    import signal

    from npconsole.views import splash

    try:
        columns, rows = os.get_terminal_size(2)
    except OSError:
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ended)
    splash.show(2, columns, rows, colour=not os.environ.get("NO_COLOR"), title="npconsole")


def _ended(number: int, frame: object) -> "NoReturn":
    """A signal before the app is there to take it: give the terminal back, and let what was started be stopped.

    An exception is lost when the signal comes within a callback of the import machinery, so an end is armed as well.
    """
    from threading import Timer

    del frame
    _clear()
    armed = Timer(_GRACE_S, os._exit, [128 + number])
    armed.daemon = True
    armed.start()
    sys.exit(128 + number)


def _clear() -> None:
    from npconsole.views import splash

    splash.clear(2)


def _nothing() -> None:
    """There is no screen to give back."""


def _hold_standard_descriptors() -> None:
    """Open descriptors 0 to 2 when they were closed, so that no database or socket ever becomes stdout."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main()
