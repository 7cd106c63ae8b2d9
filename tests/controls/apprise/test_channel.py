"""Apprise for real, over a real connection to a server that answers as it is told."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from npconsole.controls.apprise import AppriseChannel
from npconsole.controls.apprise.channel import _body, _masked, _title
from npconsole.errors import BadAnswerError, SecretError, UnreachableError
from npconsole.model.notice import NoticeKind, Receipt
from npconsole.model.secret import Secret
from tests.controls.notices import NOTICE, notice
from tests.net.loopback import http, saying, serving

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own import


def channel(address: str, deadline_s: float = 10.0) -> AppriseChannel:
    return AppriseChannel("ops", lambda: Secret(address), setting="channels[0].url", deadline_s=deadline_s)


def at(origin: str) -> str:
    return origin.replace("http://", "json://someone:hunter2secret@") + "/alerts"


async def test_it_is_delivered() -> None:
    requests: list[bytes] = []
    async with serving(saying(http(b"{}"), requests=requests)) as origin:
        assert await channel(at(origin)).send(NOTICE, "") == Receipt("", "delivered")
    assert requests[0].startswith(b"POST /alerts")


def test_nothing_in_it_is_a_mention() -> None:
    told = replace(NOTICE, summary="<!channel> @everyone <@123> <@&77>", facts=(("by", "@here"),))
    said = f"{_title(told)}\n{_body(told)}"
    assert {"everyone", "channel", "here", "123"} <= set(re.findall(r"\w+", said)), "it can be read"
    assert not re.search(r"@[\w&]|<[@!]\w", said), said


async def test_a_server_that_fails_is_told_without_the_address() -> None:
    async with serving(saying(http(b"no", status="503 Service Unavailable"))) as origin:
        with pytest.raises(BadAnswerError) as caught:
            await channel(at(origin)).send(notice(NoticeKind.RESOLVE), "")
    assert caught.value.message.startswith("ops: ")
    assert "hunter2" not in caught.value.message


async def test_a_server_that_hangs_is_left() -> None:
    async with serving(saying(hang=True)) as origin:
        with pytest.raises((UnreachableError, BadAnswerError)):
            await channel(at(origin), deadline_s=0.3).send(NOTICE, "")


@pytest.mark.parametrize("address", ["nonsense", "hunter2://x", "", "json://"])
async def test_what_apprise_does_not_know_is_said_without_it(address: str) -> None:
    with pytest.raises(SecretError) as caught:
        await channel(address).send(NOTICE, "")
    assert "channels[0].url" in caught.value.message
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"


def test_no_part_of_the_address_is_told() -> None:
    said = _masked("cannot reach mail.test as someone with hunter2", "mailto://someone:hunter2@mail.test")
    assert said == "cannot reach *** as *** with ***"


def test_without_the_extra_the_error_names_it() -> None:
    script = """
import asyncio, sys
sys.modules["apprise"] = None
from npconsole.controls.apprise import AppriseChannel
from npconsole.errors import UsageError
from npconsole.model.secret import Secret
from tests.controls.notices import NOTICE
channel = AppriseChannel("ops", lambda: Secret("json://x"), setting="channels[0].url", deadline_s=5)
try:
    asyncio.run(channel.send(NOTICE, ""))
except UsageError as error:
    print(error.message, "|", error.hint)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert "notify" in done.stdout, done.stderr
    assert "pip install 'npconsole[notify]'" in done.stdout
