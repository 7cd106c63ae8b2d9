"""The engine with the real k6 against servers on loopback: what is sent, what is measured, how it ends."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from npconsole.controls.k6 import RemoteWrite, Settings
from npconsole.controls.k6.files import read_file
from npconsole.errors import ExitCode, NotAppliedError, UsageError
from npconsole.model.load import LoadEnd, LoadModel, LoadResult, Threshold
from npconsole.model.secret import Secret
from tests.controls.k6.loading import K6, SETTINGS, TIMEOUT_S, engine, load, until, website
from tests.controls.k6.test_histogram import exact
from tests.net.loopback import serving

pytestmark = pytest.mark.skipif(not K6.exists(), reason="the extra k6 is not installed")
DEAD = "http://127.0.0.1:1"


async def sent(folder: Path, address: str, settings: Settings = SETTINGS, **changes: object) -> LoadResult:
    """A load from its beginning to its end."""
    async with asyncio.timeout(TIMEOUT_S):
        running = await engine(folder, settings).start(load(address, **changes))
        return await running.result()


def nothing_left(folder: Path) -> bool:
    return not list((folder / "state").iterdir())


def raw_durations(path: Path) -> Iterator[float]:
    for line in path.read_text().splitlines():
        content = json.loads(line)
        if content["type"] == "Point" and content["metric"] == "http_req_duration":
            yield content["data"]["value"]


async def test_a_load_that_keeps_its_thresholds(tmp_path: Path) -> None:
    """Its percentiles are those of k6's raw output, which a shim in k6's place has written beside."""
    raw, requests = tmp_path / "raw.ndjson", list[bytes]()
    shim = tmp_path / "k6"
    shim.write_text(f'#!/bin/sh\n[ "$1" = run ] || exec {K6} "$@"\nshift\nexec {K6} run --out json={raw} "$@"\n')
    shim.chmod(0o755)
    async with serving(website(requests, delay_s=0.01)) as address:
        result = await sent(tmp_path, address, replace(SETTINGS, binary=str(shim)))
    values = list(raw_durations(raw))
    figures = result.figures
    assert (result.end, result.exit_code, result.crossed, result.complaint) == (LoadEnd.COMPLETE, 0, (), "")
    assert figures.requests == len(values) == len(requests) > 10
    for found, rank in ((figures.p50_ms, 50), (figures.p95_ms, 95), (figures.p99_ms, 99), (result.overall.p90_ms, 90)):
        assert found == pytest.approx(exact(values, rank), rel=0.01)
    assert (result.overall.min_ms, result.overall.max_ms) == (min(values), max(values))
    assert result.overall.mean_ms == pytest.approx(sum(values) / len(values))
    assert [str(each.threshold) for each in figures.thresholds] == [
        "http_req_duration p(95)<400",
        "http_req_failed rate<0.05",
    ]
    assert all(each.crossed is False for each in figures.thresholds)
    assert 0.8 < figures.elapsed_s < 4
    assert figures.request_rate == pytest.approx(figures.requests / figures.elapsed_s)
    assert (figures.failed, figures.error_ratio, figures.errors) == (0, 0.0, ())
    assert figures.iterations > 0
    assert 1 <= (figures.users or 0) <= 5
    assert figures.bytes_sent > 0
    assert figures.cpu_ratio is not None
    assert result.corrected is not None
    assert sum(block.requests for block in result.blocks) == figures.requests
    assert sum(each.count for _, each in result.names) == figures.requests
    assert nothing_left(tmp_path)
    assert read_file(raw).overall == result.overall


async def test_what_is_sent_without_credentials(tmp_path: Path) -> None:
    requests = list[bytes]()
    async with serving(website(requests)) as address:
        result = await sent(tmp_path, address, asset=f"{address}/app.js")
    assert {head.split(b" ")[1] for head in requests} == {b"/health"}
    assert all(b"npconsole (benchmark" in head and b"uthorization" not in head for head in requests)
    assert result.notes == (
        "left out, for no credentials are configured (benchmark.email and password, or token): items",
    )


async def test_what_is_sent_with_a_login_or_a_token(tmp_path: Path) -> None:
    by_login = replace(SETTINGS, email=lambda: Secret("oncall@example.com"), password=lambda: Secret('p"w\\'))
    by_token = replace(SETTINGS, token=lambda: Secret("given"))

    async def heads(settings: Settings, token: bytes) -> list[bytes]:
        requests = list[bytes]()
        async with serving(website(requests)) as address:
            await sent(tmp_path, address, settings)
        items = [head for head in requests if head.startswith(b"GET /api/items")]
        assert items
        assert all(b"Authorization: Bearer " + token in head for head in items)
        assert not any(b"uthorization" in head for head in requests if head.startswith(b"GET /health"))
        return [head for head in requests if head.startswith(b"POST /api/auth/login")]

    logins, none = await asyncio.gather(heads(by_login, b"t0k3n"), heads(by_token, b"given"))
    assert (len(logins), none) == (1, [])
    assert json.loads(logins[0].partition(b"\r\n\r\n")[2]) == {"email": "oncall@example.com", "password": 'p"w\\'}


async def test_a_login_that_fails_ends_the_load_before_it_begins(tmp_path: Path) -> None:
    settings = replace(SETTINGS, email=lambda: Secret("a@b"), password=lambda: Secret("x"))
    requests = list[bytes]()
    async with serving(website(requests, status="401 Unauthorized")) as address:
        result = await sent(tmp_path, address, settings)
    assert (result.end, result.exit_code) == (LoadEnd.ABORTED, 108)
    assert "the login answered 401 and gave no token" in result.complaint
    assert len(requests) == 1


async def test_the_same_seed_sends_the_same(tmp_path: Path) -> None:
    async def order() -> list[bytes]:
        requests = list[bytes]()
        async with serving(website(requests)) as address:
            await sent(tmp_path, address, replace(SETTINGS, token=lambda: Secret("x")), users=1)
        return [head.split(b" ")[1] for head in requests]

    first, second = await asyncio.gather(order(), order())
    shorter = min(len(first), len(second))
    assert shorter > 5
    assert first[:shorter] == second[:shorter]


async def test_slow_dead_and_overrun_targets(tmp_path: Path) -> None:
    limits = (Threshold("http_req_duration", "p(95)<50"), Threshold("http_req_failed", "rate<0.05"))
    async with serving(website([], delay_s=0.1)) as slow, serving(website([], delay_s=0.4, status="503 No")) as busy:
        slowed, refused, overrun = await asyncio.gather(
            sent(tmp_path, slow, thresholds=limits),
            sent(tmp_path, DEAD, thresholds=limits),
            sent(tmp_path, busy, rate=40.0, users=2),
        )
    assert (slowed.end, slowed.exit_code, slowed.crossed) == (LoadEnd.COMPLETE, 99, limits[:1])
    assert [each.crossed for each in slowed.figures.thresholds] == [True, False]
    assert (slowed.figures.thresholds[0].value or 0) > 100

    assert (refused.exit_code, refused.crossed, refused.figures.error_ratio) == (99, limits[1:], 1.0)
    assert refused.figures.errors == (("connection refused", refused.figures.requests),)

    assert overrun.figures.dropped > 5
    assert overrun.figures.errors == (("status 503", overrun.figures.requests),)
    assert overrun.corrected is None


async def test_a_stopped_load_keeps_what_it_has(tmp_path: Path) -> None:
    async with serving(website([])) as address, asyncio.timeout(TIMEOUT_S):
        running = await engine(tmp_path).start(load(address, duration_s=60.0, users=200))
        await until(lambda: running.figures.requests >= 5)
        assert running.figures.phase == "ramp to 40 users"
        assert running.figures.planned_s == 60.0
        before = running.is_over
        result = await running.stop()
        assert (before, running.is_over) == (False, True)
        assert await running.stop() is result
    assert (result.end, result.exit_code, result.complaint) == (LoadEnd.STOPPED, 105, "")
    assert result.figures.requests >= 5
    assert result.crossed == ()
    assert nothing_left(tmp_path)


async def test_a_plan_sends_nothing(tmp_path: Path) -> None:
    requests = list[bytes]()
    settings = replace(SETTINGS, email=lambda: Secret("a@b"), password=lambda: Secret("hunter2"))
    async with serving(website(requests)) as address, asyncio.timeout(TIMEOUT_S):
        plan = await engine(tmp_path, settings).plan(load(address))
        other = await engine(tmp_path, replace(settings, think_s=0.2)).plan(load(address))
        elsewhere = await engine(tmp_path, settings).plan(load("http://127.0.0.1:2"))
    assert requests == []
    assert plan.tool == "k6 v1.1.0"
    assert plan.script == "built-in"
    assert [name for name, _ in plan.phases] == ["ramp to 1 users", "ramp to 2 users", "ramp to 5 users", "ramp down"]
    assert [str(each) for each in plan.thresholds] == ["http_req_duration p(95)<400", "http_req_failed rate<0.05"]
    assert "hunter2" not in repr(plan)
    assert plan.command.endswith("--out json=/dev/fd/3 load.js")
    assert plan.script_digest != other.script_digest
    assert plan.script_digest == elsewhere.script_digest
    assert nothing_left(tmp_path)


OWN = """
import http from 'k6/http';
import {{ Trend }} from 'k6/metrics';
const data = open('./data.txt').trim();
const mine = new Trend('mine');
export const options = {{
  scenarios: {{ one: {{ executor: 'constant-vus', vus: 2, duration: '1s', exec: 'first' }} }},
  thresholds: {{ mine: [{{ threshold: 'max<1', abortOnFail: false }}], http_req_failed: ['rate<0.05'] }},
}};
export function first() {{
  const seen = `${{__ENV.MINE}}&${{__ENV.CF_API_TOKEN}}&${{__ENV.K6_VUS}}`;
  http.get(`${{__ENV.NPCONSOLE_ADDRESS}}/${{data}}?${{seen}}`, {{ tags: {{ name: data }} }});
  mine.add(5, {{ kind: 'x' }});
}}
export function handleSummary() {{ return {{ stdout: 'mine\\n' }}; }}
"""


async def test_a_script_of_ones_own_keeps_its_load_and_gets_our_thresholds_besides(tmp_path: Path) -> None:
    folder, requests = tmp_path / "my scripts", list[bytes]()
    folder.mkdir()
    (folder / "data.txt").write_text("thing\n")
    script = folder / "own.js"
    script.write_text(OWN.format())
    async with serving(website(requests)) as address:
        plan = await engine(tmp_path).plan(load(address, script=str(script)))
        result = await sent(tmp_path, address, replace(SETTINGS, pass_on=("MINE",)), script=str(script), duration_s=9.0)
    assert [str(each) for each in plan.thresholds] == [
        "http_req_duration p(95)<400",
        "http_req_failed rate<0.05",
        "mine max<1",
    ]
    assert plan.phases == (("load of the script", 1.0),)
    assert plan.notes[0].startswith("the script has a load of its own (constant-vus, 1 s)")
    assert {head.split(b" ")[1] for head in requests} == {b"/thing?passed-on&undefined&undefined"}
    assert (result.exit_code, result.end) == (99, LoadEnd.COMPLETE)
    assert result.crossed == (Threshold("mine", "max<1"),)
    assert [(str(each.threshold), each.crossed) for each in result.figures.thresholds] == [
        ("http_req_duration p(95)<400", False),
        ("http_req_failed rate<0.05", False),
        ("mine max<1", True),
    ]
    assert [name for name, _ in result.names] == ["thing"]

    (folder / "data.txt").write_text("other\n")
    async with asyncio.timeout(TIMEOUT_S):
        changed = await engine(tmp_path).plan(load(address, script=str(script)))
    assert changed.script_digest != plan.script_digest


async def test_a_script_without_a_load_gets_ours(tmp_path: Path) -> None:
    script, requests = tmp_path / "bare.js", list[bytes]()
    script.write_text(
        "const http = require('k6/http');\n"
        "module.exports.default = function () { http.get(__ENV.NPCONSOLE_ADDRESS + '/bare'); };\n"
    )
    async with serving(website(requests, delay_s=0.05)) as address:
        result = await sent(tmp_path, address, script=str(script), rate=20.0, duration_s=1.5)
    assert {head.split(b" ")[1] for head in requests} == {b"/bare"}
    assert 5 < result.figures.requests < 25
    assert (result.corrected, result.notes) == (None, ())


NOTHING = "; export default function() {}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("export default function( {", "Unexpected end of input"),
        ("throw new Error('boom \\u001b[31m')", "boom ␛"),
        ("import 'k6/x/none'; export default function() {}", "none"),
        (
            f"export const options = {{thresholds: {{http_reqs: ['p(95)<1']}}}}{NOTHING}",
            "unsupported aggregation method p",
        ),
        (f"export const options = {{thresholds: {{nowhere: ['max<1']}}}}{NOTHING}", 'no metric name "nowhere"'),
        (f"export const options = {{stages: [{{duration: 'soon', target: 1}}]}}{NOTHING}", "soon"),
        (f"export const options = {{vus: 1, duration: '0s'}}{NOTHING}", "`duration` option should be more than 0"),
        (f"export const options = {{vus: 1, duration: '240h'}}{NOTHING}", "the script's own load may take 10 d"),
        (None, "cannot be read: No such file"),
    ],
)
async def test_a_script_that_cannot_be_sent_is_refused_with_the_line_of_k6(
    tmp_path: Path, text: str | None, reason: str
) -> None:
    script = tmp_path / "broken.js"
    if text is not None:
        script.write_text(text)
    async with asyncio.timeout(TIMEOUT_S):
        with pytest.raises(UsageError) as planned:
            await engine(tmp_path).plan(load(DEAD, script=str(script)))
    assert reason in planned.value.message
    assert "\x1b" not in planned.value.message
    assert not list((tmp_path / "state").glob("load-*"))


async def test_k6s_words_do_not_name_a_folder_that_is_gone(tmp_path: Path) -> None:
    script = tmp_path / "empty.js"
    script.write_text("")
    with pytest.raises(UsageError, match="no exported functions") as planned:
        await engine(tmp_path).plan(load(DEAD, script=str(script)))
    assert str(tmp_path / "state") not in planned.value.message


async def test_what_cannot_be_planned_is_not_started(tmp_path: Path) -> None:
    script = tmp_path / "broken.js"
    script.write_text("oops(")
    async with asyncio.timeout(TIMEOUT_S):
        with pytest.raises(NotAppliedError, match=r"k6 refuses the load: .*Unexpected") as started:
            await engine(tmp_path).start(load(DEAD, script=str(script)))
    assert started.value.exit_code is ExitCode.USAGE
    assert nothing_left(tmp_path)


async def test_a_threshold_that_aborts_the_load(tmp_path: Path) -> None:
    script = tmp_path / "abort.js"
    script.write_text(
        "import http from 'k6/http';\n"
        "const thresholds = {http_req_failed: [{threshold: 'rate<0.1', abortOnFail: true}]};\n"
        "export const options = {vus: 1, duration: '30s', thresholds};\n"
        "export default function () { http.get(__ENV.NPCONSOLE_ADDRESS); }\n"
    )
    async with serving(website([], status="500 No", delay_s=0.02)) as address:
        result = await sent(tmp_path, address, script=str(script))
    assert (result.end, result.exit_code) == (LoadEnd.ABORTED, 99)
    assert result.crossed == (Threshold("http_req_failed", "rate<0.05"), Threshold("http_req_failed", "rate<0.1"))
    assert "stopping test prematurely" in result.complaint


async def test_metrics_go_to_remote_write_with_the_credentials(tmp_path: Path) -> None:
    requests = list[bytes]()
    async with serving(website(requests)) as address:
        remote = RemoteWrite(f"{address}/api/v1/write", token=lambda: Secret("rw-token"))
        result, gone = await asyncio.gather(
            sent(tmp_path, address, replace(SETTINGS, remote_write=remote), tag="run-7"),
            sent(tmp_path, address, replace(SETTINGS, remote_write=RemoteWrite(DEAD))),
        )
    writes = [each for each in requests if each.startswith(b"POST /api/v1/write")]
    assert writes
    assert all(b"Authorization: Bearer rw-token" in each for each in writes)
    assert b"run-7" in b"".join(writes)
    assert (result.end, result.notes[1:]) == (LoadEnd.COMPLETE, ())
    assert gone.end is LoadEnd.COMPLETE
    assert any("connection refused" in note for note in gone.notes)


async def test_the_model_of_a_load_is_that_of_what_is_sent() -> None:
    assert load(DEAD).model is LoadModel.CLOSED
    assert load(DEAD, rate=3.0).model is LoadModel.OPEN
