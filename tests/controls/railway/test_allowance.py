import pytest

from npconsole.controls.railway.allowance import read_allowance
from npconsole.model.controls import Allowance
from tests.controls.script import WALL, Answer, Call, played
from tests.controls.vendors import GRAPHQL, railway


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Allowance()),
        ({"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "7"}, Allowance(1000, 7)),
        ({"x-ratelimit-reset": "60"}, Allowance(reset_s=60)),
        ({"x-ratelimit-reset": str(WALL + 90)}, Allowance(reset_s=90)),
        ({"x-ratelimit-reset": str((WALL + 90) * 1000)}, Allowance(reset_s=90)),
        ({"x-ratelimit-reset": str(WALL - 90)}, Allowance(reset_s=0)),
        ({"x-ratelimit-reset": "2026-11-18T11:06:50"}, Allowance(reset_s=10)),
        ({"x-ratelimit-reset": "0001-01-01T00:00:00+23:59"}, Allowance(reset_s=0)),
        ({"x-ratelimit-limit": "nan", "x-ratelimit-remaining": "-", "x-ratelimit-reset": "soon"}, Allowance()),
    ],
)
def test_the_headers(headers: dict[str, str], expected: Allowance) -> None:
    assert read_allowance(headers, wall=WALL) == expected


async def test_the_last_answer_is_remembered() -> None:
    answer = Answer({"data": {"deploymentRestart": True}}, headers={"X-RateLimit-Remaining": "3"})
    async with played(Call("POST", GRAPHQL, answer)) as (http, _):
        service = railway(http)
        assert service.allowance == Allowance()
        await service.restart("dep1")
        assert service.allowance.remaining == 3
