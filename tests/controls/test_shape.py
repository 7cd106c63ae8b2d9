import pytest
from msgspec import Struct

from npconsole.controls.shape import shaped
from npconsole.errors import BadAnswerError


class Thing(Struct):
    name: str
    size: float | None = None


def test_other_fields_are_ignored() -> None:
    assert shaped({"name": "a", "size": 10**19, "colour": {}}, Thing, what="thing") == Thing("a", 1e19)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "got `null`"),
        ([], "got `array`"),
        ({}, "missing required field `name`"),
        ({"name": 7}, "at `$.name`"),
        ({"name": "a", "size": "\x1b[31m"}, "at `$.size`"),
        ({"name": "a", "\ud800": 1}, "whose name is not text"),
    ],
)
def test_another_shape_is_said_with_its_place(value: object, said: str) -> None:
    with pytest.raises(BadAnswerError) as caught:
        shaped(value, Thing, what="thing")
    assert caught.value.message.startswith("thing: the answer has ")
    assert said in caught.value.message
    assert caught.value.message.isprintable()
