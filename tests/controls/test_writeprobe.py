"""The record that a drill writes and reads back."""

import pytest

from npconsole.controls.writeprobe import RecordProbe
from npconsole.errors import BadAnswerError, SourceError
from tests.controls.script import Answer, Call, Clock, played

URL = "https://api.example.com/drill"


async def test_it_writes_and_reads_a_number() -> None:
    calls = (Call("PUT", "/drill", Answer({}, 201), body={"number": 7}), Call("GET", "/drill", Answer({"number": 7})))
    async with played(*calls) as (http, _):
        probe = RecordProbe(http, URL, deadline_s=1, clock=Clock())
        await probe.write(7)
        assert await probe.read() == 7


@pytest.mark.parametrize("answer", [Answer({}, 404), Answer({"number": None}), Answer({})])
async def test_nothing_is_stored(answer: Answer) -> None:
    async with played(Call("GET", "/drill", answer)) as (http, _):
        assert await RecordProbe(http, URL, deadline_s=1, clock=Clock()).read() is None


@pytest.mark.parametrize("body", [{"number": "7"}, {"number": True}, {"number": 1.5}, [7], b"<html>"])
async def test_what_is_no_number_is_no_answer(body: object) -> None:
    async with played(Call("GET", "/drill", Answer(body))) as (http, _):
        with pytest.raises(BadAnswerError):
            await RecordProbe(http, URL, deadline_s=1, clock=Clock()).read()


async def test_a_write_that_is_not_acknowledged_failed() -> None:
    async with played(Call("PUT", "/drill", Answer({}, 500))) as (http, _):
        with pytest.raises(SourceError):
            await RecordProbe(http, URL, deadline_s=1, clock=Clock()).write(1)
