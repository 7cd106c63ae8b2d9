"""What a rule between fields has to say."""

from msgspec import Struct


class Finding(Struct, frozen=True):
    """What is wrong, and the keys that it is about; it is shown at the first."""

    keys: tuple[str, ...]
    message: str
    warning: bool = False
