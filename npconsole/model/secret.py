"""A secret prints as `***` wherever it goes; only `reveal()` gives it away, in the line that sends it."""

import re
from typing import NoReturn

_TOKEN = re.compile(r"[\x21-\x7e]+")


class Secret:
    """A resolved secret. Not a `str`, cannot be pickled, formatted or compared by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself. Call it where the value is sent and keep no copy."""
        return self._value

    @property
    def is_token(self) -> bool:
        """Whether the value can go into a header: printable ASCII without spaces."""
        return _TOKEN.fullmatch(self._value) is not None

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be pickled")
