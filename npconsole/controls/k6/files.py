"""Results of loads that others have sent: k6's NDJSON of any size (also .gz), and its summaries in all their shapes.

A file is read as a stream, in bounded memory. One that is foreign, empty or cut off is an error that names the line.
"""

import gzip
import zlib
from dataclasses import replace
from pathlib import Path
from typing import IO

from npconsole.controls.k6.shapes import MOST_BYTES, read_summary
from npconsole.controls.k6.tally import Tally
from npconsole.errors import UsageError
from npconsole.model.load import LoadEnd, LoadResult
from npconsole.net.text import clean

PIECE_BYTES = 1 << 20
EXPECTED = (
    "expected what k6 writes with --out json=FILE or --summary-export=FILE, or data of handleSummary(), also gzipped"
)
Readable = gzip.GzipFile | IO[bytes]
_GZIP = b"\x1f\x8b"
_LINE = (b'{"metric":', b'{"type":"Metric"', b'{"type":"Point"')


def read_file(path: Path, shown: str = "") -> LoadResult:
    """What a file of k6's says of a load; blocks, some 60 MB a second. Raises UsageError naming file and line.

    `shown` is what the file is called there, when it is a copy of something else.

    Figures that a file does not have are None: only points have names, blocks and error kinds, only summaries say what
    k6 called crossed. An NDJSON file does not say whether its load came to its end: its `end` is COMPLETE.
    """
    shown = shown or clean(path)
    try:
        with path.open("rb") as raw, _unpacked(raw) as stream:
            head = stream.read(PIECE_BYTES)
            if not head.strip():
                raise UsageError(f"{shown} is empty", hint=EXPECTED)
            if head.lstrip().startswith(_LINE):
                return _points(shown, head, stream)
            return _summary(shown, head, stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"{shown} is not whole: {clean(error, limit=100)}", hint=EXPECTED) from None
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror or clean(error, limit=100)}") from None


def _unpacked(raw: IO[bytes]) -> Readable:
    """The content of a gzip file, whatever it is called; any other file as it is."""
    magic = raw.read(len(_GZIP))
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if magic == _GZIP else raw


def _points(shown: str, piece: bytes, stream: Readable) -> LoadResult:
    tally = Tally()
    while piece and not tally.complaint:
        tally.feed(piece)
        piece = stream.read(PIECE_BYTES)
    tally.finish()
    if tally.complaint:
        raise UsageError(f"{shown}: {tally.complaint}", hint=EXPECTED)
    if not tally.has_samples:
        raise UsageError(f"{shown}: {tally.lines} lines, but no point in them", hint=EXPECTED)
    return LoadResult(
        end=LoadEnd.COMPLETE,
        figures=replace(tally.figures(), users=tally.most_users),
        overall=tally.latency(),
        names=tally.names(),
        blocks=tally.timeline.blocks(tally.last_s),
        wall=tally.first_wall,
        notes=("thresholds are read from the points; the file does not say how k6 judged them",),
    )


def _summary(shown: str, head: bytes, stream: Readable) -> LoadResult:
    data = head + stream.read(MOST_BYTES - len(head) + 1)
    if len(data) > MOST_BYTES:
        raise UsageError(f"{shown} is no summary of k6's: it has more than {MOST_BYTES // 1_000_000} MB", hint=EXPECTED)
    try:
        return read_summary(data).result()
    except ValueError as error:
        raise UsageError(f"{shown}: line {_line_of(data)}: it is no summary of k6's: {error}", hint=EXPECTED) from None


def _line_of(data: bytes) -> int:
    """The line with the first thing that is no JSON, as far as that can be told: the last for what is cut off."""
    import json

    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        return error.lineno
    except (UnicodeDecodeError, RecursionError, ValueError):
        return 1
    return 1
