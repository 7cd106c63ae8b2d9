"""One written value, taken by the type that the schema gives it: the same text is a word for one field, a number
for another. Every message says how to write the value and none repeats it: it may be a secret in the wrong place.
"""

import math
import operator
import re
from collections.abc import Mapping
from typing import Any

from msgspec import inspect

from npconsole.config.nearest import suggestion

MAX_TEXT = 4000

_TRUTH = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


def read_scalar(text: str, type_: inspect.Type, extra: Mapping[str, Any]) -> object:
    """The value of `text` as a field of this type. `extra` is what the field's Meta adds (`rule`, `least`).

    Raises ValueError saying how to write it.
    """
    if not text.isprintable():
        raise ValueError("holds a control or an invisible character")
    if len(text) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT} characters")
    match type_:
        case inspect.StrType():
            return _word(text, type_, extra)
        case inspect.LiteralType(values=values):
            return _choice(text, [str(value) for value in values])
        case inspect.BoolType():
            if text.lower() not in _TRUTH:
                raise ValueError("must be true or false")
            return _TRUTH[text.lower()]
        case inspect.IntType():
            return _within(_whole(text), type_)
        case inspect.FloatType():
            return _within(_decimal(text), type_)
        case inspect.CustomType(cls=cls):
            return _with_unit(text, cls, extra)
        case _:
            raise TypeError(f"the schema has a type that a file cannot give: {type_}")


def _word(text: str, type_: inspect.StrType, extra: Mapping[str, Any]) -> str:
    if type_.pattern is not None and not re.search(type_.pattern, text):
        raise ValueError(extra["rule"])
    return text


def _choice(text: str, words: list[str]) -> str:
    if text in words:
        return text
    raise ValueError(f"must be one of {', '.join(words)}{suggestion(text, words)}")


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError("must be a whole number such as 3, without leading zeros")
    return int(text)


def _decimal(text: str) -> float:
    value = float(text) if _DECIMAL.fullmatch(text) else math.nan
    if not math.isfinite(value) or abs(value) > 1e15:
        raise ValueError("must be a number such as 3 or 2.5")
    return value


def _within(value: float, type_: inspect.IntType | inspect.FloatType) -> float:
    for bound, words, holds in (
        (type_.ge, "at least", operator.ge),
        (type_.gt, "more than", operator.gt),
        (type_.le, "at most", operator.le),
        (type_.lt, "less than", operator.lt),
    ):
        if bound is not None and not holds(value, bound):
            raise ValueError(f"must be {words} {bound}")
    return value


def _with_unit(text: str, cls: Any, extra: Mapping[str, Any]) -> object:
    value = cls.parse(text)
    least = extra.get("least")
    if least is not None and value < least:
        raise ValueError(f"must be at least {cls(least)}")
    return value
