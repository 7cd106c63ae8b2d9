"""The port to the marks on dashboards: what was done, and when, beside the curves that it moved."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Annotation:
    """One mark over a stretch of time, from `begin_wall` to `end_wall`, both in epoch seconds."""

    text: str
    begin_wall: float
    end_wall: float
    tags: tuple[str, ...] = ()


class AnnotationControl(Protocol):
    """Where marks are put. A mark tells of what happened; it changes nothing that is watched."""

    async def annotate(self, annotation: Annotation) -> None:
        """Put it there, once. Raises NotAppliedError, LimitedError or UnknownOutcomeError."""
        ...
