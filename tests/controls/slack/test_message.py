import json

import pytest

from npconsole.controls.slack.message import message
from npconsole.model.notice import NoticeKind, Severity
from npconsole.sim.slack.blocks import block_problem
from tests.controls.notices import HOSTILE, NOTICE, notice


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("said", HOSTILE)
def test_every_message_is_within_slacks_limits_and_no_text_is_markup(kind: NoticeKind, said: str) -> None:
    facts = tuple((f"{said} {number}", said) for number in range(30))
    body = message(notice(kind, summary=said, key=f"prod/{said}/x", source=said, facts=facts, link=said))
    assert block_problem(body["blocks"]) == ""
    texts = json.dumps(body)
    assert "<!" not in texts
    assert "<@" not in texts
    assert "<http" not in texts
    assert '"mrkdwn"' not in json.dumps(body["blocks"])
    assert (body["parse"], body["link_names"], body["mrkdwn"]) == ("none", False, False)


@pytest.mark.parametrize(
    ("kind", "severity", "text"),
    [
        (NoticeKind.TRIGGER, Severity.WARNING, "▲ warning: us-east: p95 912 ms, above 400 ms"),
        (NoticeKind.TRIGGER, Severity.CRITICAL, "✖ critical: us-east: p95 912 ms, above 400 ms"),
        (NoticeKind.UPDATE, Severity.WARNING, "› us-east: p95 912 ms, above 400 ms"),
        (NoticeKind.RESOLVE, Severity.WARNING, "● us-east: p95 912 ms, above 400 ms"),
        (NoticeKind.ACKNOWLEDGE, Severity.WARNING, "◌ acknowledged: us-east: p95 912 ms, above 400 ms"),
        (NoticeKind.CHANGE, Severity.INFO, "◆ change: us-east: p95 912 ms, above 400 ms"),
        (NoticeKind.TEST, Severity.INFO, "◆ test: us-east: p95 912 ms, above 400 ms"),
    ],
)
def test_it_says_what_it_is(kind: NoticeKind, severity: Severity, text: str) -> None:
    body = message(notice(kind, severity=severity))
    assert body["text"].replace("&gt;", ">") == text
    assert body["blocks"][0]["text"]["text"] == body["text"]
    assert body["blocks"][0]["type"] == ("header" if kind is NoticeKind.TRIGGER else "section")


def test_a_long_beginning_is_cut_in_the_header_and_whole_below() -> None:
    header, section, *_ = message(notice(NoticeKind.TRIGGER, summary="x" * 400))["blocks"]
    assert (len(header["text"]["text"]), header["text"]["text"][-1]) == (150, "…")
    assert section["text"]["text"].endswith("x" * 400)


def test_a_link_of_the_configuration_is_a_link() -> None:
    body = message(notice(NoticeKind.TRIGGER, link="https://g.test/d?a=1&b=2"))
    assert body["blocks"][-1]["elements"][-1]["text"] == "<https://g.test/d?a=1&amp;b=2|dashboard>"
    assert NOTICE.key in body["blocks"][-1]["elements"][0]["text"]
