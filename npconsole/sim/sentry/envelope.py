"""What SDKs send: envelopes, compressed or not. Bounded after decompression, in bytes and in items.

Format: https://develop.sentry.dev/sdk/data-model/envelopes/ (a header line, then for each item a header line and its
payload).
"""

import json
import zlib
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships none

TOTAL_BYTES = 5_000_000
EVENT_BYTES = 1_000_000
ITEMS = 100


class EnvelopeError(ValueError):
    """Not an envelope, or larger than is taken."""


class TooLargeError(EnvelopeError):
    """More than 5 MB when unpacked, an item of more than 1 MB, or too many items."""


def unpack(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Encoding: `gzip`, `deflate`, `br`, `identity` or none. Raises EnvelopeError."""
    try:
        if encoding in ("", "identity"):
            plain = body
        elif encoding in ("gzip", "deflate"):
            plain = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, TOTAL_BYTES + 1)
        elif encoding == "br":
            plain = _unpack_brotli(body)
        else:
            raise EnvelopeError(f"content encoding {encoding!r} is not known")
    except (zlib.error, brotli.error) as error:
        raise EnvelopeError(f"the body is not {encoding}") from error
    if len(plain) > TOTAL_BYTES:
        raise TooLargeError(f"more than {TOTAL_BYTES} bytes")
    return plain


def _unpack_brotli(body: bytes) -> bytes:
    decompressor = brotli.Decompressor()
    plain: bytes = decompressor.process(body, output_buffer_limit=TOTAL_BYTES)
    if not decompressor.is_finished() and not decompressor.can_accept_more_data():
        raise TooLargeError(f"more than {TOTAL_BYTES} bytes")
    if not decompressor.is_finished():
        raise EnvelopeError("the body is cut off")
    return plain


def events(envelope: bytes) -> list[dict[str, Any]]:
    """The payloads of the envelope's `event` items. Other kinds of items are skipped. Raises EnvelopeError."""
    _, _, rest = envelope.partition(b"\n")
    found: list[dict[str, Any]] = []
    for _ in range(ITEMS):
        if not rest.strip():
            return found
        head_line, _, rest = rest.partition(b"\n")
        head = _mapping(head_line)
        length = head.get("length")
        if isinstance(length, int):
            payload, rest = rest[:length], rest[length:].removeprefix(b"\n")
        else:
            payload, _, rest = rest.partition(b"\n")
        if len(payload) > EVENT_BYTES:
            raise TooLargeError(f"an item of more than {EVENT_BYTES} bytes")
        if head.get("type") == "event":
            found.append(_mapping(payload))
    raise TooLargeError(f"more than {ITEMS} items")


def _refuse(constant: str) -> None:
    raise EnvelopeError(f"{constant} is not JSON")


def _mapping(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_refuse)
    except EnvelopeError:
        raise
    except (ValueError, RecursionError) as error:
        raise EnvelopeError("an item is not JSON") from error
    if not isinstance(value, dict):
        raise EnvelopeError("an item is not a JSON object")
    return value
