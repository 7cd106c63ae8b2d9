import asyncio
import ssl
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from npconsole.errors import Failure, UnreachableError
from npconsole.net.http import Http
from npconsole.net.tls import client_context
from tests.net.loopback import http, kept_alive, saying, serving


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests, made with the openssl program."""

    folder: Path

    @property
    def certificate(self) -> str:
        return str(self.folder / "ca.pem")

    def openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=30)

    def server(self, name: str, *, days: int = 2) -> ssl.SSLContext:
        """A server's context with a certificate for `name` (such as IP:127.0.0.1)."""
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self.openssl("req", "-new", *new_key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=leaf")
        (self.folder / "ext").write_text(f"subjectAltName={name}\n")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "ext", "-days", str(days))
        self.openssl("x509", "-req", "-in", "leaf.csr", "-out", "leaf.pem", *signing)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "leaf.pem", self.folder / "leaf.key")
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("ca"))
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    made.openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=ca")
    return made


async def test_a_trusted_server_answers_and_tls_is_timed(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    requests: list[bytes] = []
    async with (
        serving(kept_alive(http(b"ok"), requests), tls=authority.server("IP:127.0.0.1")) as origin,
        Http(now=time.monotonic, ca_file=authority.certificate) as client,
    ):
        first = await client.request("GET", origin, what="t", deadline_s=5)
        second = await client.request("GET", origin, what="t", deadline_s=5)
    assert first.body == second.body == b"ok"
    assert first.timings.tls_ms is not None
    assert second.timings.tls_ms is None
    assert not keys.exists()


@pytest.mark.parametrize(
    ("name", "days", "is_trusted", "reason"),
    [
        ("IP:127.0.0.1", 2, False, "unable to get local issuer certificate"),
        ("DNS:other.example.com", 2, True, "IP address mismatch"),
        ("IP:127.0.0.1", -1, True, "certificate has expired"),
    ],
)
async def test_a_bad_certificate_is_refused(
    authority: Authority, name: str, days: int, is_trusted: bool, reason: str
) -> None:
    ca_file = authority.certificate if is_trusted else ""
    async with (
        serving(saying(http(b"caught")), tls=authority.server(name, days=days)) as origin,
        Http(now=time.monotonic, ca_file=ca_file) as client,
    ):
        with pytest.raises(UnreachableError, match=reason) as caught:
            await client.request("GET", origin, what="t", deadline_s=5)
    assert caught.value.failure is Failure.TLS


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak TLS"), (b"", "the handshake was cut off")],
)
async def test_a_port_without_tls_is_named_so(answer: bytes, reason: str) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(answer)

    async with serving(handle) as origin, Http(now=time.monotonic) as client:
        with pytest.raises(UnreachableError, match=reason) as caught:
            await client.request("GET", origin.replace("http:", "https:"), what="t", deadline_s=5)
    assert caught.value.failure is Failure.TLS


async def test_a_handshake_that_hangs_ends_with_its_connection() -> None:
    ended = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass
        ended.set()

    async with serving(hang) as origin, Http(now=time.monotonic) as client:
        with pytest.raises(UnreachableError, match=r"no end of the TLS handshake within 0\.3 s") as caught:
            await client.request("GET", origin.replace("http:", "https:"), what="t", deadline_s=0.3)
        await asyncio.wait_for(ended.wait(), timeout=5)
    assert caught.value.failure is Failure.TIMEOUT
    assert not caught.value.sent


async def test_the_default_context_verifies_and_ignores_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    context = client_context()
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not context.keylog_filename
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
