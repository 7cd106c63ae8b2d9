"""The example configuration that comes with npconsole: in the package of a wheel, at the top level of a checkout."""

import os
import shlex
import tempfile
from pathlib import Path

from npconsole.errors import NpconsoleError, UsageError

_NAME = "config.example.yaml"
_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / _NAME, _HERE.parent.parent / _NAME)


def example_text() -> str:
    """The example as text."""
    return next((place for place in _PLACES if place.is_file()), _PLACES[-1]).read_text(encoding="utf-8")


def write_example(path: Path, *, force: bool) -> None:
    """Write the example to `path`, mode 0600, whole or not at all; folders that are missing are made with 0700.

    Raises UsageError when there is something and `force` is not given, NpconsoleError when it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = _draft(path.parent)
        try:
            _place(draft, path, force=force)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise NpconsoleError(f"{path} cannot be written: {error.strerror}", hint="choose another --path") from None


def _draft(folder: Path) -> Path:
    """A new file with the example in it, safe on disk; mode 0600 as every file that tempfile makes."""
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".config-", encoding="utf-8", delete=False) as stream:
        stream.write(example_text())
        stream.flush()
        os.fsync(stream.fileno())
    return Path(stream.name)


def _place(draft: Path, path: Path, *, force: bool) -> None:
    if force:
        draft.replace(path)
        return
    try:
        # A link, unlike a rename, never replaces what another process has just put there.
        path.hardlink_to(draft)
    except FileExistsError:
        hint = f"npconsole config init --force --path {shlex.quote(str(path))}"
        raise UsageError(f"{path} exists already", hint=hint) from None
