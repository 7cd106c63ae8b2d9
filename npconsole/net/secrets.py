"""Secrets, read at the moment they are needed and from where the configuration says.

Errors say where and why and never what; every value is known to the redactor before anybody has it.
"""

import os
import shlex
import stat
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from npconsole.config.blocks.fields import SecretRef
from npconsole.errors import ProcessError, SecretError
from npconsole.model.secret import Secret
from npconsole.net.process import child_environ, run
from npconsole.net.redact import Redactor
from npconsole.net.text import clean

COMMAND_TIMEOUT_S = 10.0
MOST_BYTES = 4096


class Secrets:
    """The secrets of this process, each kept until `forget`. Blocks while it reads; safe to use from any thread."""

    def __init__(self, *, environ: Mapping[str, str], redactor: Redactor) -> None:
        self._environ = environ
        self._redactor = redactor
        self._known: dict[str, Secret] = {}
        self._lock = threading.Lock()

    def resolve(self, ref: SecretRef, *, setting: str) -> Secret:
        """The secret that `ref` points to. `setting` is its dotted key in the configuration; raises SecretError."""
        with self._lock:
            if setting not in self._known:
                secret = Secret(self._read(ref, setting))
                self._redactor.register(secret)
                self._known[setting] = secret
            return self._known[setting]

    def resolver(self, ref: SecretRef, *, setting: str) -> Callable[[], Secret]:
        """`resolve` with its arguments, for a `Credential`."""
        return lambda: self.resolve(ref, setting=setting)

    def forget(self) -> None:
        """Read every secret anew when it is needed next: after a 401, or when one was changed."""
        with self._lock:
            self._known.clear()

    def _read(self, ref: SecretRef, setting: str) -> str:
        if ref.env is not None:
            return self._from_env(ref.env, setting)
        if ref.file is not None:
            return _from_file(ref.file, setting)
        if ref.command is not None:
            return self._from_command(ref.command, setting)
        if ref.keyring is not None:
            return _from_keyring(ref.keyring, setting)
        raise SecretError(
            f"{setting} does not say where the secret is kept",
            hint="give it one of env, file, command or keyring",
        )

    def _from_env(self, name: str, setting: str) -> str:
        value = self._environ.get(name, "").strip()
        if not value:
            word = "empty" if name in self._environ else "not set"
            raise SecretError(f"{setting}: the environment variable {name} is {word}", hint=f"set {name}")
        return value

    def _from_command(self, argv: list[str], setting: str) -> str:
        if not argv:
            raise SecretError(f"{setting}: the command is empty", hint="write it as a list of words")
        program = clean(argv[0], limit=100)
        try:
            done = run(argv, timeout_s=COMMAND_TIMEOUT_S, env=child_environ(self._environ), most_bytes=MOST_BYTES)
        except ProcessError as error:
            raise SecretError(f"{setting}: {error.message}", hint=error.hint) from None
        if done.code != 0:
            raise SecretError(
                f"{setting}: {program} ended with exit code {done.code}",
                hint="run the command by hand to see what it says",
            )
        return _first_line(done.stdout, f"{setting}: {program} printed nothing", setting)


def _from_file(name: str, setting: str) -> str:
    path = Path(name).expanduser()
    shown = clean(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        hint = "point the setting at the file itself" if path.is_symlink() else ""
        reason = "is a symbolic link" if path.is_symlink() else f"cannot be read: {error.strerror}"
        raise SecretError(f"{setting}: {shown} {reason}", hint=hint) from None
    try:
        _check_file(os.fstat(descriptor), path, setting)
        data = os.read(descriptor, MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > MOST_BYTES:
        raise SecretError(f"{setting}: {shown} is larger than {MOST_BYTES} bytes", hint="keep only the secret in it")
    return _first_line(data, f"{setting}: the first line of {shown} is empty", setting)


def _check_file(status: os.stat_result, path: Path, setting: str) -> None:
    """Only a regular file of this user or root that nobody else can read; the descriptor is checked, not the name."""
    shown = clean(path)
    if not stat.S_ISREG(status.st_mode):
        raise SecretError(f"{setting}: {shown} is not a regular file")
    if status.st_uid not in (os.geteuid(), 0):
        quoted = clean(shlex.quote(str(path)))
        raise SecretError(f"{setting}: {shown} belongs to another user", hint=f"chown $USER {quoted}")
    if status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        quoted = clean(shlex.quote(str(path)))
        raise SecretError(
            f"{setting}: {shown} can be read or written by others (mode {mode:04o})", hint=f"chmod 600 {quoted}"
        )


def _from_keyring(name: str, setting: str) -> str:
    service, _, user = name.rpartition("/")
    if not service or not user:
        raise SecretError(f"{setting}: the keyring entry is not written as service/user")
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise SecretError(
            f"{setting}: the keyring library is not installed", hint="pip install 'npconsole[keyring]'"
        ) from None
    try:
        value = keyring.get_password(service, user)
    except KeyringError as error:
        raise SecretError(f"{setting}: the keyring cannot be read ({type(error).__name__})") from None
    if not value:
        raise SecretError(
            f"{setting}: the keyring has no entry {clean(name)}",
            hint=clean(f"keyring set {shlex.quote(service)} {shlex.quote(user)}"),
        )
    return value


def _first_line(data: bytes, when_empty: str, setting: str) -> str:
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise SecretError(f"{setting}: the secret is not UTF-8 text") from None
    value = lines[0].strip() if lines else ""
    if not value:
        raise SecretError(when_empty)
    return value
