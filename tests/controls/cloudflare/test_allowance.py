import pytest

from npconsole.controls.cloudflare.allowance import read_allowance
from npconsole.model.controls import Allowance


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Allowance()),
        ({"ratelimit": '"default";r=50;t=30', "ratelimit-policy": '"burst";q=100;w=60'}, Allowance(100, 50, 30)),
        ({"ratelimit": '"default"; r=0; t=5'}, Allowance(None, 0, 5)),
        ({"ratelimit": '"a";r=1;t=2, "b";r=3;t=4'}, Allowance(None, 1, 2)),
        ({"ratelimit": "r=-1;t=x", "ratelimit-policy": ";q=" + "9" * 100}, Allowance()),
    ],
)
def test_the_headers(headers: dict[str, str], expected: Allowance) -> None:
    assert read_allowance(headers) == expected
