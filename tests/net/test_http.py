import asyncio
import gzip
import logging
import socket
import struct
import threading
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest

from npconsole.errors import BadAnswerError, Failure, SecretError, SourceError, UnreachableError, UsageError
from npconsole.model.secret import Secret
from npconsole.net.http import Answer, Credential, Http
from npconsole.net.resolver import Resolver
from tests.net.loopback import Handler, http, kept_alive, saying, serving


@pytest.fixture
async def client() -> AsyncIterator[Http]:
    async with Http(now=time.monotonic) as opened:
        yield opened


async def get(client: Http, url: str, *, deadline_s: float = 5.0, max_bytes: int = 100_000) -> Answer:
    return await client.request("GET", url, what="test", deadline_s=deadline_s, max_bytes=max_bytes)


async def test_an_answer_of_any_status_is_an_answer(client: Http) -> None:
    said = http(b"gone", "X-Note: a\x1b[31mb", "X-Note: c", status="503 Service Unavailable")
    async with serving(saying(said)) as origin:
        answer = await get(client, origin)
    assert (answer.status, answer.body) == (503, b"gone")
    assert answer.headers["x-note"] == "a␛[31mb, c"


async def test_what_is_sent(client: Http) -> None:
    requests: list[bytes] = []
    async with serving(saying(http(b""), requests=requests)) as origin:
        await client.request(
            "POST",
            f"{origin}/a?b=1",
            what="",
            deadline_s=5,
            params=[("c", "d e"), ("c", "2")],
            headers={"Accept": "text/csv"},
            json={"k": 1},
        )
    head = requests[0].decode().lower()
    assert head.startswith("post /a?b=1&c=d+e&c=2 http/1.1\r\n")
    assert head.count("accept:") == 1
    assert "accept: text/csv\r\n" in head
    assert "accept-encoding: gzip\r\n" in head
    assert "user-agent: npconsole/" in head
    assert "content-length: 7\r\n" in head


async def test_a_kept_connection_has_no_connect_time_and_a_fresh_one_has(client: Http) -> None:
    requests: list[bytes] = []
    async with serving(kept_alive(http(b"ok"), requests)) as origin:
        first, second = await get(client, origin), await get(client, origin)
        fresh = await client.request("GET", origin, what="test", deadline_s=5, fresh=True)
    assert first.timings.connect_ms is not None
    assert second.timings.connect_ms is None
    assert fresh.timings.connect_ms is not None
    assert fresh.timings.dns_ms is None
    for timings in (first.timings, second.timings, fresh.timings):
        assert timings.first_byte_ms is not None
        assert timings.total_ms is not None
        assert 0 < timings.first_byte_ms <= timings.total_ms


async def test_a_name_has_a_look_up_time(client: Http) -> None:
    async with serving(saying(http(b"ok"))) as origin:
        answer = await get(client, origin.replace("127.0.0.1", "localhost"))
    assert answer.timings.dns_ms is not None
    assert answer.timings.connect_ms is not None


async def endless_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _count in range(80):
        writer.write(b"a" * 65536)
        await writer.drain()


async def endless_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"a" * 65536)
        await writer.drain()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def encoded(body: bytes, encoding: str) -> bytes:
    return http(body, f"Content-Encoding: {encoding}")


BOMB = gzip.compress(bytes(50_000_000))
GZIP = gzip.compress(b"hello" * 100)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        pytest.param(endless_headers, "headers are too large", id="5 MB header"),
        pytest.param(endless_body, "larger than 0.1 MB", id="endless body"),
        pytest.param(saying(encoded(BOMB, "gzip")), "larger than 0.1 MB", id="gzip bomb"),
        pytest.param(saying(encoded(gzip.compress(GZIP), "gzip")), "compressed twice", id="nested gzip"),
        pytest.param(saying(encoded(gzip.compress(GZIP), "gzip, gzip")), "which was not asked", id="said nested"),
        pytest.param(saying(encoded(b"x", "br")), "encoded as br, which was not asked", id="brotli"),
        pytest.param(saying(encoded(GZIP[:-9], "gzip")), "cut off inside its compression", id="half a gzip"),
        pytest.param(saying(encoded(GZIP + b"more", "gzip")), "goes on after the end", id="more after gzip"),
        pytest.param(saying(encoded(b"no gzip at all", "gzip")), "is damaged", id="no gzip"),
        pytest.param(saying(http(b"0123456789")[:-5]), "the answer is cut off", id="truncated"),
        pytest.param(saying(b"<html>hello</html>\r\n\r\n"), "not HTTP/1.1", id="HTTP/0.9"),
        pytest.param(saying(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "not HTTP/1.1", id="bad length"),
    ],
)
async def test_a_broken_answer_says_what_is_broken(client: Http, handler: Handler, reason: str) -> None:
    async with serving(handler) as origin:
        with pytest.raises(BadAnswerError, match=r"^test at 127\.0\.0\.1:\d+: ") as caught:
            await get(client, origin)
    assert reason in caught.value.message


async def test_a_bomb_costs_no_memory(client: Http) -> None:
    async with serving(saying(encoded(BOMB, "gzip"))) as origin:
        tracemalloc.start()
        with pytest.raises(BadAnswerError):
            await get(client, origin)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")[2:-4]),
        ("identity", b"hello"),
        ("GZIP", gzip.compress(b"hello")),
    ],
)
async def test_one_layer_of_compression_is_taken(client: Http, encoding: str, body: bytes) -> None:
    async with serving(saying(encoded(body, encoding))) as origin:
        assert (await get(client, origin)).body == b"hello"


async def test_an_empty_body_may_claim_to_be_compressed(client: Http) -> None:
    async with serving(saying(b"HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n")) as origin:
        assert (await get(client, origin)).body == b""


@pytest.mark.parametrize(
    ("handler", "failure", "reason"),
    [
        pytest.param(reset, Failure.RESET, "connection reset", id="RST"),
        pytest.param(saying(), Failure.RESET, "the connection was closed without an answer", id="closed"),
        pytest.param(saying(hang=True), Failure.TIMEOUT, "no answer within 0.3 s", id="hang"),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nX", hang=True), Failure.TIMEOUT, "no answer within 0.3 s", id="slow header"
        ),
        pytest.param(
            saying(http(b"0123456789")[:-5], hang=True),
            Failure.TIMEOUT,
            "no end of the answer within 0.3 s",
            id="slow body",
        ),
    ],
)
async def test_no_answer_is_a_failure_of_our_side(
    client: Http, handler: Handler, failure: Failure, reason: str
) -> None:
    async with serving(handler) as origin:
        with pytest.raises(UnreachableError) as caught:
            await get(client, origin, deadline_s=0.3)
    assert caught.value.failure is failure
    assert caught.value.message.endswith(reason)
    assert caught.value.sent


async def test_a_body_that_trickles_is_bounded_in_total_time(client: Http) -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(trickle) as origin:
        started = time.monotonic()
        with pytest.raises(UnreachableError, match="no end of the answer"):
            await get(client, origin, deadline_s=0.3)
    assert time.monotonic() - started < 2


async def test_refused_and_unknown(client: Http) -> None:
    with pytest.raises(UnreachableError, match="connection refused") as refused:
        await get(client, "http://127.0.0.1:1")
    assert refused.value.failure is Failure.CONNECT
    assert not refused.value.sent
    with pytest.raises(UnreachableError) as unknown:
        await get(client, "http://nowhere.invalid")
    assert unknown.value.failure is Failure.DNS
    assert not unknown.value.sent


async def test_messages_hold_no_query_and_no_path(client: Http) -> None:
    async with serving(saying()) as origin:
        with pytest.raises(SourceError) as caught:
            await get(client, f"{origin}/secret-path?token=hunter2hunter2")
    assert "hunter2" not in repr(caught.value)
    assert "secret-path" not in repr(caught.value)
    assert caught.value.__suppress_context__


async def test_a_message_without_what_is_the_bare_reason(client: Http) -> None:
    with pytest.raises(UnreachableError) as caught:
        await client.request("GET", "http://127.0.0.1:1", what="", deadline_s=5)
    assert caught.value.message == "connection refused"


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://", "http://a\x00b/", "//host", "http://a:99999999/"])
async def test_an_address_that_is_none_is_refused(client: Http, url: str) -> None:
    with pytest.raises(UsageError):
        await get(client, url)


async def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with serving(saying(http(b"direct"))) as origin, Http(now=time.monotonic) as fresh:
        assert (await get(fresh, origin)).body == b"direct"


async def test_vendor_loggers_are_quiet() -> None:
    async with Http(now=time.monotonic):
        assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
        assert not logging.getLogger("httpcore.http11").isEnabledFor(logging.INFO)


async def test_a_stale_connection_is_replaced_for_reading_only(client: Http) -> None:
    asked: list[bytes] = []

    async def once_then_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(http(b"ok"))
        await writer.drain()
        asked.append(await reader.readuntil(b"\r\n\r\n"))

    async with serving(once_then_close) as origin:
        await get(client, origin)
        assert (await get(client, origin)).body == b"ok"
        assert len(asked) == 3
        await get(client, origin)
        asked.clear()
        with pytest.raises(UnreachableError):
            await client.request("POST", origin, what="test", deadline_s=5)
    assert len(asked) == 1


async def test_waiting_for_a_slot_counts_into_the_deadline() -> None:
    async with (
        serving(saying(hang=True)) as origin,
        Http(now=time.monotonic, max_connections=1) as narrow,
        asyncio.TaskGroup() as group,
    ):
        results = [group.create_task(failure_of(narrow, origin, s)) for s in (0.4, 0.1)]
        await asyncio.wait(results)
    assert [result.result() for result in results] == [Failure.TIMEOUT, Failure.TIMEOUT]


async def failure_of(client: Http, url: str, deadline_s: float) -> Failure:
    with pytest.raises(UnreachableError) as caught:
        await get(client, url, deadline_s=deadline_s)
    return caught.value.failure


async def test_requests_that_ran_out_of_time_block_nothing(client: Http) -> None:
    async def hang_or_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET /hang"):
                await asyncio.Event().wait()
            writer.write(http(b"ok"))

    async with serving(hang_or_answer) as origin:
        for path in ("/hang", "/"):
            async with asyncio.TaskGroup() as group:
                for step in range(100):
                    group.create_task(outcome(client, f"{origin}{path}", 0.0002 * step))
        assert [(await get(client, origin)).body for _ in range(3)] == [b"ok"] * 3


async def outcome(client: Http, url: str, deadline_s: float) -> Answer | None:
    try:
        return await get(client, url, deadline_s=deadline_s)
    except UnreachableError:
        return None


async def test_a_name_server_that_hangs_is_named() -> None:
    answered = threading.Event()

    def hang(_: str) -> list[str]:
        answered.wait(10)
        return []

    resolver = Resolver(time.monotonic, lookup=hang)
    async with Http(now=time.monotonic, resolver=resolver) as client:
        with pytest.raises(UnreachableError, match=r"no address for api\.example\.com within 0\.1 s") as caught:
            await get(client, "http://api.example.com/", deadline_s=0.1)
    answered.set()
    assert caught.value.failure is Failure.DNS
    assert not caught.value.sent


async def test_connections_beyond_the_limit_are_not_kept() -> None:
    requests: list[bytes] = []
    async with (
        serving(kept_alive(http(b"a"), requests)) as first,
        serving(kept_alive(http(b"b"), requests)) as second,
        Http(now=time.monotonic, max_connections=1) as client,
    ):
        seen = [(await get(client, origin)).timings.connect_ms for origin in (first, second, first, second)]
    assert [connect_ms is not None for connect_ms in seen] == [True, True, False, True]


class TestRedirects:
    async def test_none_is_followed_unless_asked_for(self, client: Http) -> None:
        async with serving(saying(http(b"", "Location: /there", status="302 Found"))) as origin:
            assert (await get(client, origin)).status == 302

    async def test_the_same_host_is_followed_and_counted(self, client: Http) -> None:
        requests: list[bytes] = []
        turn = kept_alive(http(b"", "Location: /again", status="307 Temporary Redirect"), requests)
        async with serving(turn) as origin:
            answer = await client.request("GET", origin, what="t", deadline_s=5, same_host_redirects=3)
        assert answer.status == 307
        assert len(requests) == 4
        assert requests[1].startswith(b"GET /again ")

    @pytest.mark.parametrize("place", ["http://169.254.169.254/", "http://localhost:{port}/", "http://127.0.0.1:1/"])
    async def test_another_host_or_port_is_not(self, client: Http, place: str) -> None:
        requests: list[bytes] = []
        async with serving(kept_alive(http(b"caught"), requests)) as other:
            location = place.format(port=other.rpartition(":")[2])
            async with serving(saying(http(b"", f"Location: {location}", status="302 Found"))) as origin:
                answer = await client.request("GET", origin, what="t", deadline_s=5, same_host_redirects=3)
        assert answer.status == 302
        assert requests == []

    async def test_writing_is_never_redirected(self, client: Http) -> None:
        async with serving(saying(http(b"", "Location: /there", status="307 Temporary Redirect"))) as origin:
            answer = await client.request("POST", origin, what="t", deadline_s=5, same_host_redirects=3)
        assert answer.status == 307


class TestCredentials:
    @staticmethod
    def credential(origin: str, value: str = "tok3n-tok3n") -> Credential:
        return Credential(origin, "Authorization", "Bearer", lambda: Secret(value), "sentry.token")

    async def test_it_goes_to_its_own_origin(self, client: Http) -> None:
        requests: list[bytes] = []
        async with serving(saying(http(b"ok"), requests=requests)) as origin:
            await client.request("GET", origin, what="t", deadline_s=5, credential=self.credential(origin))
        assert b"authorization: Bearer tok3n-tok3n\r\n" in requests[0]

    async def test_without_a_prefix_the_secret_stands_alone(self, client: Http) -> None:
        requests: list[bytes] = []
        async with serving(saying(http(b"ok"), requests=requests)) as origin:
            bare = Credential(origin, "Project-Access-Token", "", lambda: Secret("abc"), "railway.token")
            await client.request("GET", origin, what="t", deadline_s=5, credential=bare)
        assert b"project-access-token: abc\r\n" in requests[0]

    @pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:1", "https://127.0.0.1", "http://localhost"])
    async def test_it_goes_nowhere_else(self, client: Http, elsewhere: str) -> None:
        requests: list[bytes] = []
        async with serving(saying(http(b"ok"), requests=requests)) as origin:
            with pytest.raises(SecretError, match=r"sentry\.token belongs to") as caught:
                await client.request("GET", origin, what="t", deadline_s=5, credential=self.credential(elsewhere))
        assert requests == []
        assert "tok3n" not in str(caught.value)

    @pytest.mark.parametrize("value", ["", "two words", "line\n", "nöt-ascii-tok3n", "nul\x00"])
    async def test_what_is_no_token_is_not_sent(self, client: Http, value: str) -> None:
        requests: list[bytes] = []
        async with serving(saying(http(b"ok"), requests=requests)) as origin:
            credential = self.credential(origin, value)
            with pytest.raises(SecretError, match=r"sentry\.token") as caught:
                await client.request("GET", origin, what="t", deadline_s=5, credential=credential)
        assert requests == []
        assert not value or value not in str(caught.value)

    async def test_a_slow_secret_counts_into_the_deadline(self, client: Http) -> None:
        released = threading.Event()

        def slow() -> Secret:
            released.wait(10)
            return Secret("abc")

        credential = Credential("http://127.0.0.1:1", "x", "", slow, "k")
        with pytest.raises(UnreachableError):
            await client.request("GET", "http://127.0.0.1:1", what="t", deadline_s=0.1, credential=credential)
        released.set()


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (httpx.ConnectError("https://x/?token=1"), Failure.CONNECT),
        (httpx.ReadError("x"), Failure.RESET),
        (httpx.ReadTimeout("x"), Failure.TIMEOUT),
    ],
)
async def test_a_given_transport_fails_in_the_same_words(error: httpx.TransportError, failure: Failure) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    async with Http(transport=httpx.MockTransport(fail), now=time.monotonic) as mocked:
        with pytest.raises(UnreachableError) as caught:
            await get(mocked, "https://example.com")
    assert caught.value.failure is failure
    assert "token" not in caught.value.message
