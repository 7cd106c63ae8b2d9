"""A vendor's JSON as one of our wire types. Fields that the type does not name are ignored."""

from typing import TypeVar

import msgspec

from npconsole.errors import BadAnswerError
from npconsole.net.text import clean

T = TypeVar("T")


def shaped(value: object, kind: type[T], *, what: str) -> T:
    """The value as `kind`. Raises BadAnswerError naming the first field that is not what it should be."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadAnswerError(f"{what}: the answer has another shape: {clean(error, limit=200)}") from None
    except UnicodeError:
        raise BadAnswerError(f"{what}: the answer has a field whose name is not text") from None
