"""What the store needs of a database: short transactions, one writer at a time in each environment.

`work` may be called a second time after its first transaction was rolled back, so it must do nothing but statements.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

Answer = TypeVar("Answer")


class Database(Protocol):
    """SQLite or PostgreSQL. Every method raises StoreError when the database cannot do it."""

    @property
    def place(self) -> str:
        """Where it is, for messages; never with a password."""
        ...

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """One consistent look. Needs no right to write."""
        ...

    def write(self, environment: str, work: Callable[[Connection], Answer], *, outcome: bool) -> Answer:
        """All or nothing, and on disk when it returns. `outcome`: it says what has happened, and gets the reserve."""
        ...

    def prepare(self) -> None:
        """Raise StoreError when there is no room left for the outcome of something new."""
        ...

    def close(self) -> None: ...
