"""The lines of k6's JSON output: declarations of metrics, and points.

https://grafana.com/docs/k6/latest/results-output/real-time/json/
A point is `{"metric":NAME,"type":"Point","data":{...}}`, in older versions with the metric last.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from npconsole.net.text import LARGEST

NAME_FIRST = b'{"metric":"'
_POINT_FIRST = b'{"type":"Point"'
_NAME_LAST = b'"metric":"'


Value = Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]


class Tags(msgspec.Struct, frozen=True, gc=False):
    """The tags of a request that are read on every line."""

    name: str = ""
    status: str = ""
    error_code: str = ""
    error: str = ""
    scenario: str = ""
    expected_response: str = ""


class PointData(msgspec.Struct, frozen=True, gc=False):
    """A point's value, with the few tags."""

    time: datetime
    value: Value
    tags: Tags | None = None


class Point(msgspec.Struct, frozen=True, gc=False):
    """A point, as far as most are read."""

    data: PointData


class TaggedData(msgspec.Struct, frozen=True):
    """A point's value, with all tags."""

    time: datetime
    value: Value
    tags: dict[str, str] | None = None


class TaggedPoint(msgspec.Struct, frozen=True):
    """A point, when a threshold asks for its tags."""

    data: TaggedData


class MetricData(msgspec.Struct, frozen=True):
    """What a metric is. `type` is counter, gauge, rate or trend."""

    name: str
    type: str
    thresholds: list[str | dict[str, object]] | None = None

    @property
    def expressions(self) -> list[str]:
        """Its thresholds; one that may abort the load is written as an object."""
        found = [each.get("threshold") if isinstance(each, dict) else each for each in self.thresholds or ()]
        return [each for each in found if isinstance(each, str)]


class Declaration(msgspec.Struct, frozen=True):
    """The line that comes before a metric's first point."""

    data: MetricData
    type: str = "Metric"


class Head(msgspec.Struct, frozen=True):
    """What a line is, when it is not written as k6 does: with spaces, or another order."""

    type: str = ""
    metric: str = ""


to_head = msgspec.json.Decoder(Head).decode
to_point = msgspec.json.Decoder(Point).decode
to_tagged = msgspec.json.Decoder(TaggedPoint).decode
to_declaration = msgspec.json.Decoder(Declaration).decode


def metric_of(line: bytes) -> bytes | None:
    """The metric that a line is about; None for a declaration, and for what is no line of k6's.

    Lines as k6 writes them are not decoded for it. Raises msgspec.DecodeError.
    """
    if line.startswith(NAME_FIRST):
        return line[11 : line.find(b'"', 11)]
    if line.startswith(_POINT_FIRST):
        start = line.rfind(_NAME_LAST) + len(_NAME_LAST)
        return line[start : line.find(b'"', start)]
    if not line.startswith(b"{"):
        return None
    head = to_head(line)
    return head.metric.encode() if head.type == "Point" else None
