"""Prometheus remote write by hand, for native histograms: no text page can carry them.

Field numbers from prometheus/prompb/types.proto and remote.proto; the body is snappy's block format, literals only.
"""

import struct
from collections.abc import Mapping

import httpx


def write(url: str, samples: list[tuple[Mapping[str, str], bytes]]) -> None:
    """Send one sample per series. A sample is made by `number` or `native_histogram`."""
    request = b"".join(_field(1, _labels(labels) + sample) for labels, sample in samples)
    headers = {"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf"}
    answer = httpx.post(f"{url}/api/v1/write", content=_snappy(request), headers=headers, trust_env=False, timeout=5)
    assert answer.status_code == 204, answer.text


def number(value: float, at_ms: int) -> bytes:
    """A plain sample."""
    return _field(2, _double(1, value) + _integer(2, at_ms))


def native_histogram(counts: tuple[int, ...], first_bucket: int, at_ms: int) -> bytes:
    """A histogram of schema 3: bucket i holds values from 2^((i-1)/8) to 2^(i/8)."""
    deltas = [count - before for count, before in zip(counts, (0, *counts), strict=False)]
    span = _integer(1, _zigzag(first_bucket)) + _integer(2, len(counts))
    return _field(
        4,
        _integer(1, sum(counts))
        + _double(3, float(sum(counts)))
        + _integer(4, _zigzag(3))
        + _double(5, 1e-9)
        + _integer(6, 0)
        + _field(11, span)
        + _field(12, b"".join(_varint(_zigzag(delta)) for delta in deltas))
        + _integer(15, at_ms),
    )


def _labels(labels: Mapping[str, str]) -> bytes:
    return b"".join(
        _field(1, _field(1, name.encode()) + _field(2, value.encode())) for name, value in sorted(labels.items())
    )


def _snappy(data: bytes) -> bytes:
    chunks = [data[start : start + 60] for start in range(0, len(data), 60)]
    return _varint(len(data)) + b"".join(bytes([(len(chunk) - 1) << 2]) + chunk for chunk in chunks)


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _integer(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _double(number: int, value: float) -> bytes:
    return _varint(number << 3 | 1) + struct.pack("<d", value)


def _zigzag(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
