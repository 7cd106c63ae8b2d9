"""The environment of a screen. Call `scrub` before Textual is imported: it reads its variables at import."""

from collections.abc import MutableMapping

_PREFIXES = ("TEXTUAL", "LD_", "PYTHON")
_NAMES = frozenset(
    {
        "BROWSER",
        "EDITOR",
        "VISUAL",
        "PAGER",
        "MANPAGER",
        "LESSOPEN",
        "LESSCLOSE",
        "SSLKEYLOGFILE",
        "COLUMNS",
        "LINES",
    }
)


def scrub(environ: MutableMapping[str, str]) -> None:
    """Remove what lets an environment press keys, load code or start programs from within a screen.

    `TEXTUAL_PRESS` presses keys at start, `TEXTUAL_DRIVER` imports any module, `TEXTUAL_LOG` writes a file that
    all can read; the others reach child processes. `COLUMNS` and `LINES`, where a shell exports them, would hold the
    screen at that size whatever the terminal's is.
    """
    for name in [name for name in environ if name.startswith(_PREFIXES) or name in _NAMES]:
        del environ[name]
