import asyncio
import base64
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from npconsole.errors import (
    BadAnswerError,
    Failure,
    LimitedError,
    SecretError,
    ServerError,
    SourceError,
    UnauthorisedError,
    UnreachableError,
)
from npconsole.model.clock import SystemClock
from npconsole.model.secret import Secret
from npconsole.sources.prometheus import Login, PromqlClient
from npconsole.sources.prometheus.series import Series
from tests.sources.prometheus.store import Asked, Reply, result, store, vector

Make = Callable[..., PromqlClient]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes clients that are closed at the end."""
    made: list[PromqlClient] = []

    def client(
        url: str, *, deadline_s: float = 5, login: Login | None = None, max_bytes: int = 100_000
    ) -> PromqlClient:
        made.append(PromqlClient(url, deadline_s=deadline_s, clock=SystemClock(), login=login, max_bytes=max_bytes))
        return made[-1]

    yield client
    for each in made:
        each.close()


async def test_the_form_of_grafana_cloud(make: Make) -> None:
    login = Login(lambda: Secret("tökén"), user="123456")
    with store(lambda _: vector(({"region": "a"}, "1.5"))) as cloud:
        assert await make(f"{cloud.url}/api/prom/", login=login).values("up") == (1.5,)
    asked = cloud.asked[0]
    assert (asked.path, asked.query, asked.parameters["timeout"]) == ("/api/prom/api/v1/query", "up", "5")
    assert asked.headers["authorization"] == f"Basic {base64.b64encode('123456:tökén'.encode()).decode()}"


async def test_a_bearer_token_is_resolved_for_each_query(make: Make) -> None:
    tokens = iter(["first", "second"])
    login = Login(lambda: Secret(next(tokens)))
    with store(lambda _: vector()) as server:
        client = make(server.url, login=login)
        await client.query("a")
        await client.query("b")
    assert [each.headers["authorization"] for each in server.asked] == ["Bearer first", "Bearer second"]


async def test_a_token_that_cannot_be_sent_is_a_secret_error_without_its_value(make: Make) -> None:
    with store(lambda _: vector()) as server:
        with pytest.raises(SecretError) as raised:
            await make(server.url, login=Login(lambda: Secret("a\nb"), setting="prometheus.token")).query("up")
        assert "prometheus.token" in raised.value.message
        assert "a\nb" not in raised.value.message
        assert server.asked == []


async def test_nothing_is_taken_from_the_environment(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login stranger password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with store(lambda _: vector()) as server:
        assert await make(server.url).query("up") == ()
    assert "authorization" not in server.asked[0].headers


async def test_a_range_is_asked_for_in_whole_steps(make: Make) -> None:
    matrix = [{"metric": {}, "values": [[1_795_000_000, "1"], [1_795_000_015, "NaN"]]}]
    with store(lambda _: result(matrix)) as server:
        series = await make(server.url).query_range("up", 1_795_000_000, 1_795_000_015, 15)
    assert series == (Series({}, ((1_795_000_000, 1.0), (1_795_000_015, None))),)
    parameters = server.asked[0].parameters
    assert (parameters["start"], parameters["end"], parameters["step"]) == ("1795000000", "1795000015", "15s")


@pytest.mark.parametrize(
    ("status", "headers", "error", "match"),
    [
        (401, {}, UnauthorisedError, r"401.*prometheus\.password"),
        (403, {}, UnauthorisedError, r"403.*prometheus\.password"),
        (400, {}, BadAnswerError, "400 Bad Request: parse error"),
        (422, {}, BadAnswerError, "422.*parse error"),
        (204, {}, BadAnswerError, "not one of its API"),
        (302, {"Location": "http://127.0.0.1:9/login"}, BadAnswerError, "302"),
        (429, {"Retry-After": "3"}, LimitedError, "429"),
        (503, {"Retry-After": "7"}, ServerError, "503"),
    ],
)
async def test_what_a_status_means(
    make: Make, status: int, headers: dict[str, str], error: type[SourceError], match: str
) -> None:
    body = b"" if status == 204 else b'{"status":"error","errorType":"bad_data","error":"parse error"}'
    with store(lambda _: Reply(body, status, headers)) as server:
        with pytest.raises(error, match=match) as raised:
            await make(server.url, login=Login(lambda: Secret("hunter2"))).query("up")
        assert len(server.asked) == 1, "nothing is retried or followed"
    assert "hunter2" not in str(raised.value)
    if isinstance(raised.value, LimitedError | ServerError):
        assert raised.value.retry_after_s == float(headers["Retry-After"])


@pytest.mark.parametrize(
    "body",
    [b"<html>login</html>", b"[]", b"{}", b'{"data": null}', b'{"data": {"result": 3}}', b"[" * 100_000, b"\xff"],
)
async def test_what_is_not_the_api_is_a_bad_answer(make: Make, body: bytes) -> None:
    with store(lambda _: Reply(body)) as server, pytest.raises(BadAnswerError) as raised:
        await make(server.url).query("up")
    assert "prometheus.url" in raised.value.hint


async def test_an_answer_is_bounded_after_decompression(make: Make) -> None:
    bomb = Reply(gzip.compress(b" " * 5_000_000), headers={"Content-Encoding": "gzip"})
    with store(lambda _: bomb) as server, pytest.raises(BadAnswerError, match="larger than 100000 bytes"):
        await make(server.url).query("up")


async def test_a_trickle_ends_at_the_deadline_and_so_does_its_thread(make: Make) -> None:
    drops = threading.Event()
    trickle = Reply(b"x" * 1000, chunks=1000, before_chunk=lambda: drops.wait(0.02))
    with store(lambda _: trickle) as server:
        started = time.monotonic()
        with pytest.raises(UnreachableError) as raised:
            await make(server.url, deadline_s=0.3).query("up")
        assert time.monotonic() - started < 2
        assert raised.value.failure is Failure.TIMEOUT
        for thread in [each for each in threading.enumerate() if each.name == "npconsole-promql"]:
            thread.join(timeout=2)
            assert not thread.is_alive()
        drops.set()


async def test_queries_that_hang_give_their_turns_back(make: Make) -> None:
    held = threading.Event()
    with store(lambda _: vector(({}, "1")) if held.wait(2) else Reply(b"")) as server:
        client = make(server.url, deadline_s=0.1)
        for _ in range(6):
            with pytest.raises(UnreachableError, match="no answer"):
                await client.query("up")
        held.set()
        assert await make(server.url).values("up") == (1.0,)
        async with asyncio.timeout(5):
            while not (answered := await _answers(client)):
                assert answered == ()


async def _answers(client: PromqlClient) -> tuple[float | None, ...]:
    try:
        return await client.values("up")
    except UnreachableError:
        return ()


@pytest.mark.parametrize(
    ("url", "failure"),
    [("http://127.0.0.1:1", Failure.CONNECT), ("http://nosuch.invalid", Failure.DNS), ("https://{tls}", Failure.TLS)],
)
async def test_how_our_own_side_fails(make: Make, url: str, failure: Failure) -> None:
    with store(lambda _: vector()) as server, pytest.raises(UnreachableError) as raised:
        await make(url.format(tls=server.url.removeprefix("http://"))).query('secret{query="text"}')
    assert raised.value.failure is failure
    assert "query" not in str(raised.value)


async def test_a_connection_that_is_cut_off_is_a_reset(make: Make) -> None:
    def cut(_: Asked) -> Reply:
        raise ConnectionResetError

    with store(cut) as server, pytest.raises(UnreachableError) as raised:
        await make(server.url).query("up")
    assert raised.value.failure is Failure.RESET
