"""Which schema this program writes. The number is the last migration's, and stands in every database."""

from npconsole.errors import StoreError

SCHEMA_VERSION = 6


def check_version(version: int, place: str) -> None:
    """Raise StoreError when a newer npconsole wrote the database: to write it would lose what we do not know."""
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"the memory at {place} was written by a newer npconsole (schema {version})",
            hint=f"upgrade npconsole on this host: it knows schema {SCHEMA_VERSION}",
        )


def revision(version: int) -> str:
    """Alembic's name of a version."""
    return f"{version:04d}"
