"""The hash chain of the audit: each digest covers its line and the digest before it.

Tamper-evident, not tamper-proof. A line that was edited, removed, added or moved breaks the chain at that line. Lines
cut off at the end are seen by comparing with the heads kept elsewhere (`anchor`). Not seen: somebody who may write
both the database and every kept head and who computes the chain anew; and lines cut off that no kept head names.
"""

import hashlib
import json
from dataclasses import dataclass

ORIGIN = "0" * 64
"""The digest before the first line."""

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, default=repr).encode


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a chain: its number, 0 for none, and its digest."""

    sequence: int = 0
    digest: str = ORIGIN


def digest_of(
    previous: str, environment: str, sequence: int, wall: float, kind: str, actor: str, target: str, data: str
) -> str:
    """SHA-256, in hex, of the digest before and of the line as a JSON array; `data` is the stored JSON text."""
    line = _encode([environment, sequence, wall, kind, actor, target, data])
    return hashlib.sha256(previous.encode("utf-8", "replace") + line.encode("ascii")).hexdigest()
