"""One mark: what is sent, once, and what every other answer means."""

import pytest

from npconsole.controls.grafana import GrafanaAccess, GrafanaAnnotations
from npconsole.errors import ExitCode, LimitedError, NotAppliedError, NpconsoleError, UnknownOutcomeError
from npconsole.model.annotation import Annotation, AnnotationControl
from tests.controls.script import REFUSED, RESET, TOKEN, Answer, Break, Call, Clock, Hang, played, token

MARK = Annotation("benchmark us-east: passed", 1_795_000_000.25, 1_795_000_010.5, ("npconsole", "benchmark"))
BODY = {
    "text": "benchmark us-east: passed",
    "tags": ["npconsole", "benchmark"],
    "time": 1_795_000_000_250,
    "timeEnd": 1_795_000_010_500,
}
DONE = Answer({"message": "Annotation added", "id": 1})


async def annotate(then: Answer | Break | Hang, mark: Annotation = MARK, *, deadline_s: float = 5.0) -> list[bool]:
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with played(Call("POST", "/api/annotations", then, headers=headers)) as (http, script):
        access = GrafanaAccess("https://grafana.test/", token)
        control: AnnotationControl = GrafanaAnnotations(http, access, deadline_s=deadline_s, clock=Clock())
        await control.annotate(mark)
        assert script.sent == [BODY] or mark is not MARK
        return script.fresh


async def test_a_mark_has_its_text_its_tags_and_its_time_in_ms() -> None:
    assert await annotate(DONE) == [True]


async def test_text_from_outside_cannot_write_elsewhere() -> None:
    async with played(Call("POST", "/api/annotations", DONE)) as (http, script):
        control = GrafanaAnnotations(http, GrafanaAccess("https://grafana.test", token), deadline_s=5.0, clock=Clock())
        await control.annotate(Annotation("\x1b]0;owned\x07" + "x" * 5000, 1.0, 2.0, ("a\nb",)))
    text = script.sent[0]["text"]
    assert "\x1b" not in text
    assert len(text) <= 1000
    assert "\n" not in script.sent[0]["tags"][0]


@pytest.mark.parametrize(
    ("then", "error", "words"),
    [
        (Answer({"message": "Invalid API key"}, 401), NotAppliedError, r"grafana\.token"),
        (Answer({"message": "Access denied"}, 403), NotAppliedError, r"grafana\.token"),
        (Answer({"message": "text field should not be empty"}, 400), NotAppliedError, "should not be empty"),
        (Answer(b"<html>", 404), NotAppliedError, "404 Not Found"),
        (Answer({}, 429, {"retry-after": "7"}), LimitedError, "429"),
        (Answer({}, 500), UnknownOutcomeError, "500"),
        (Answer(b"<html>a login page</html>"), UnknownOutcomeError, "not JSON"),
        (REFUSED, NotAppliedError, "refused"),
        (RESET, UnknownOutcomeError, "Grafana annotation"),
    ],
)
async def test_answers_that_are_none(then: Answer | Break, error: type[NpconsoleError], words: str) -> None:
    with pytest.raises(error, match=words):
        await annotate(then)


async def test_no_answer_ends_in_time() -> None:
    with pytest.raises(UnknownOutcomeError):
        await annotate(Hang(), deadline_s=0.05)


async def test_a_refused_token_has_the_exit_code_of_one() -> None:
    with pytest.raises(NotAppliedError) as caught:
        await annotate(Answer({}, 401))
    assert caught.value.exit_code is ExitCode.UNAUTHORISED
