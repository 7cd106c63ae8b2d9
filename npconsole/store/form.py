"""A benchmark as columns of a row, and back: nothing goes in that would not come out the same.

`FORM` grows whenever a row of before could not be read any more. The blocks lie apart, so that a list needs none.
"""

import hashlib
import zlib
from dataclasses import replace
from typing import TypeVar

import msgspec

from npconsole.errors import StoreError, UsageError
from npconsole.model.benchmark import Benchmark, Fingerprint, Noise
from npconsole.model.load import Block
from npconsole.net.text import clean
from npconsole.store.plain import OUTCOME_LIMIT, canonical

FORM = 1
_BODY_LIMIT = 4 * 1024 * 1024
_BLOCKS_LIMIT = 64 * 1024 * 1024
_Blocks = tuple[Block, ...]
_JSON_ERRORS = (msgspec.MsgspecError, OverflowError, RecursionError, UnicodeError)
Value = TypeVar("Value")


def body_of(benchmark: Benchmark) -> str:
    """All but the blocks, its texts cleaned. Raises UsageError when it cannot be kept."""
    bare = replace(benchmark, result=replace(benchmark.result, blocks=()))
    return _encoded(_words_cleaned(bare), Benchmark, "the benchmark", _BODY_LIMIT).decode()


def blocks_of(benchmark: Benchmark) -> bytes:
    """The blocks, compressed. Raises UsageError when they cannot be kept."""
    return zlib.compress(_encoded(benchmark.result.blocks, _Blocks, "the benchmark's blocks", _BLOCKS_LIMIT))


def benchmark_of(row_id: str, form: int, body: str, blocks: bytes | None = None) -> Benchmark:
    """The benchmark of a row; without blocks when none are given. Raises StoreError for another form or damage."""
    what = f"benchmark {clean(row_id)}"
    benchmark = _decoded(body, Benchmark, what, form)
    if blocks is None:
        return benchmark
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(blocks, _BLOCKS_LIMIT)
    except zlib.error as error:
        raise _damaged(what, error) from error
    if not inflater.eof:
        raise _damaged(what, "its blocks are cut off, or too large")
    return replace(benchmark, result=replace(benchmark.result, blocks=_decoded(text, _Blocks, what, form)))


def noise_text(noise: Noise) -> str:
    """What calibration has learnt. Raises UsageError when it cannot be kept."""
    return _encoded(_words_cleaned(noise), Noise, "the noise", _BODY_LIMIT).decode()


def noise_of(form: int, body: str) -> Noise:
    """The noise of a row. Raises StoreError for another form or damage."""
    return _decoded(body, Noise, "what calibration has learnt", form)


def digest_of(fingerprint: Fingerprint) -> str:
    """SHA-256, in hex, of the fingerprint's words as they are kept."""
    return hashlib.sha256(canonical(_words_cleaned(fingerprint)).encode("ascii")).hexdigest()


def _encoded(value: object, kind: object, what: str, limit: int) -> bytes:
    try:
        text = msgspec.json.encode(value)
        msgspec.json.decode(text, type=kind)
    except _JSON_ERRORS as error:
        raise UsageError(f"{what} cannot be kept: {clean(error, limit=200)}") from error
    if len(text) > limit:
        raise UsageError(f"{what} cannot be kept: {len(text)} bytes, at most {limit} fit")
    return text


def _decoded(text: str | bytes, kind: type[Value], what: str, form: int) -> Value:
    if form != FORM:
        raise StoreError(
            f"{what} was kept in form {form}, and this npconsole reads form {FORM}",
            hint="export it with the npconsole that kept it, and import it with this one",
        )
    try:
        return msgspec.json.decode(text, type=kind)
    except _JSON_ERRORS as error:
        raise _damaged(what, error) from error


def _damaged(what: str, why: object) -> StoreError:
    return StoreError(f"{what} in the memory is damaged: {clean(why, limit=200)}")


def _words_cleaned(value: object) -> object:
    """As JSON knows it, with its texts cleaned."""
    return _cleaned(msgspec.to_builtins(value))


def _cleaned(value: object) -> object:
    match value:
        case str():
            return clean(value, limit=OUTCOME_LIMIT)
        case dict():
            return {key: _cleaned(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_cleaned(entry) for entry in value]
    return value
