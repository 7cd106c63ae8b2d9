"""Bodies bounded after decompression: at most one layer of gzip or deflate, never more bytes than allowed."""

import zlib
from collections.abc import AsyncIterable

_GZIP = 16 + zlib.MAX_WBITS
_STEP = 64 * 1024


class BodyError(Exception):
    """A body that cannot be read: too large, cut off, wrongly or doubly compressed. The text says which."""


class Inflater:
    """Collects a body of at most `most` bytes. `encoding` is the Content-Encoding; empty or identity: as it is."""

    def __init__(self, encoding: str, most: int) -> None:
        self._most = most
        self._body = bytearray()
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BodyError(f"the answer is encoded as {self._encoding}, which was not asked for")
        self._inflate = None if self._encoding in ("", "identity") else zlib.decompressobj(_GZIP)
        self._is_first = True

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they came; raises BodyError."""
        if self._inflate is None:
            self._keep(chunk)
            return
        if self._is_first and chunk and self._encoding == "deflate":
            self._inflate = zlib.decompressobj(_deflate_window(chunk[0]))
        self._is_first = self._is_first and not chunk
        try:
            while chunk:
                self._keep(self._inflate.decompress(chunk, _STEP))
                chunk = self._inflate.unconsumed_tail
        except zlib.error:
            raise BodyError("the answer is damaged: it is not the compression it says") from None
        if self._inflate.unused_data:
            raise BodyError("the answer goes on after the end of its compression")

    def finish(self) -> bytes:
        """The whole body; raises BodyError when its end is missing."""
        if self._inflate is not None and not self._is_first and not self._inflate.eof:
            raise BodyError("the answer is cut off inside its compression")
        if self._inflate is not None and self._body[:2] == b"\x1f\x8b":
            raise BodyError("the answer is compressed twice")
        return bytes(self._body)

    def _keep(self, data: bytes) -> None:
        self._body += data
        if len(self._body) > self._most:
            raise BodyError(f"the answer is larger than {self._most / 1e6:g} MB")


def _deflate_window(first: int) -> int:
    """Deflate comes in a zlib wrapper as RFC 9110 says, whose first byte has 8 in its low bits, or bare."""
    return zlib.MAX_WBITS if first & 0x0F == 8 else -zlib.MAX_WBITS


async def collect(chunks: AsyncIterable[bytes], *, encoding: str, most: int) -> bytes:
    """The body that `chunks` make up; raises BodyError."""
    inflater = Inflater(encoding, most)
    async for chunk in chunks:
        inflater.feed(chunk)
    return inflater.finish()
