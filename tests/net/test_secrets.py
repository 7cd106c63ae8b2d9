import os
import sys
from collections.abc import Callable
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from npconsole.config.blocks.fields import SecretRef
from npconsole.errors import SecretError
from npconsole.net.redact import Redactor
from npconsole.net.secrets import Secrets

KEY = "sentry.token"


def secrets(**environ: str) -> Secrets:
    return Secrets(environ={"PATH": os.environ["PATH"], **environ}, redactor=Redactor())


def python(program: str) -> SecretRef:
    return SecretRef(command=[sys.executable, "-I", "-c", program])


@pytest.fixture
def secret_file(tmp_path: Path) -> Callable[..., SecretRef]:
    def write(content: bytes = b"from-file\nsecond line\n", mode: int = 0o600) -> SecretRef:
        path = tmp_path / "token"
        path.write_bytes(content)
        path.chmod(mode)
        return SecretRef(file=str(path))

    return write


def test_from_the_environment() -> None:
    assert secrets(TOKEN=" value \n").resolve(SecretRef(env="TOKEN"), setting=KEY).reveal() == "value"


def test_from_a_file(secret_file: Callable[..., SecretRef]) -> None:
    assert secrets().resolve(secret_file(), setting=KEY).reveal() == "from-file"


def test_from_a_command_that_sees_no_other_secret() -> None:
    ref = python("import os; print(os.environ.get('OTHER_TOKEN', 'clean'))")
    assert secrets(OTHER_TOKEN="x").resolve(ref, setting=KEY).reveal() == "clean"


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise keyring.errors.KeyringLocked("secret detail")
        return {("npconsole/prod", "sentry"): "from-ring"}.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> None:
    keyring.set_keyring(MemoryKeyring())  # type: ignore[no-untyped-call]  # the library's constructor


@pytest.mark.usefixtures("ring")
def test_from_the_keyring() -> None:
    assert secrets().resolve(SecretRef(keyring="npconsole/prod/sentry"), setting=KEY).reveal() == "from-ring"


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize(
    ("ref", "reason", "hint"),
    [
        (SecretRef(env="TOKEN"), "environment variable TOKEN is not set", "set TOKEN"),
        (SecretRef(env="EMPTY"), "environment variable EMPTY is empty", "set EMPTY"),
        (SecretRef(file="/nonexistent/token"), "cannot be read: No such file", ""),
        (SecretRef(file="/dev/null"), "is not a regular file", ""),
        (SecretRef(file="/tmp"), "is not a regular file", ""),
        (SecretRef(command=[]), "the command is empty", "list of words"),
        (SecretRef(command=["no-such-program"]), "no-such-program is not installed", "PATH"),
        (python("print('s3cret'); raise SystemExit(4)"), "ended with exit code 4", "by hand"),
        (python("pass"), "printed nothing", ""),
        (python("print('s3cret' * 1000)"), "wrote more than 4096 bytes", ""),
        (python("import sys; sys.stdout.buffer.write(b'\\xff')"), "is not UTF-8 text", ""),
        (SecretRef(keyring="npconsole/other"), "has no entry npconsole/other", "keyring set npconsole other"),
        (SecretRef(keyring="locked/x"), "cannot be read (KeyringLocked)", ""),
        (SecretRef(keyring="plain"), "not written as service/user", ""),
        (SecretRef(), "does not say where", "env, file, command or keyring"),
    ],
)
def test_an_error_says_where_and_why_and_not_what(ref: SecretRef, reason: str, hint: str) -> None:
    with pytest.raises(SecretError) as caught:
        secrets(EMPTY=" ").resolve(ref, setting=KEY)
    assert caught.value.message.startswith(f"{KEY}")
    assert reason in caught.value.message
    assert hint in caught.value.hint
    assert "s3cret" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_may_touch_is_refused(secret_file: Callable[..., SecretRef], mode: int) -> None:
    ref = secret_file(mode=mode)
    with pytest.raises(SecretError, match=rf"{KEY}: .* \(mode {mode:04o}\)") as caught:
        secrets().resolve(ref, setting=KEY)
    assert caught.value.hint == f"chmod 600 {ref.file}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(secret_file: Callable[..., SecretRef]) -> None:
    ref = secret_file()
    os.chown(ref.file or "", 12345, 12345)
    with pytest.raises(SecretError, match="belongs to another user"):
        secrets().resolve(ref, setting=KEY)


def test_a_symbolic_link_and_a_pipe_are_refused(secret_file: Callable[..., SecretRef], tmp_path: Path) -> None:
    ref = secret_file()
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(ref.file or "")
    os.mkfifo(pipe, 0o600)
    with pytest.raises(SecretError, match="is a symbolic link"):
        secrets().resolve(SecretRef(file=str(link)), setting=KEY)
    with pytest.raises(SecretError, match="is not a regular file"):
        secrets().resolve(SecretRef(file=str(pipe)), setting=KEY)


@pytest.mark.parametrize(("content", "reason"), [(b"\nx", "is empty"), (b"", "is empty"), (b"x" * 5000, "larger")])
def test_what_is_no_secret_file(secret_file: Callable[..., SecretRef], content: bytes, reason: str) -> None:
    with pytest.raises(SecretError, match=reason):
        secrets().resolve(secret_file(content), setting=KEY)


def test_a_secret_is_known_to_the_redactor_and_kept_until_forgotten(secret_file: Callable[..., SecretRef]) -> None:
    redactor = Redactor()
    kept = Secrets(environ={}, redactor=redactor)
    resolve = kept.resolver(secret_file(b"first-value"), setting=KEY)
    assert resolve().reveal() == "first-value"
    secret_file(b"second-value")
    assert resolve().reveal() == "first-value"
    kept.forget()
    assert resolve().reveal() == "second-value"
    assert redactor.redact("first-value second-value") == "*** ***"
