"""What the cursor is on, and what an action of each kind would act on there. Pure."""

from dataclasses import dataclass

from npconsole.model.action import TargetKind
from npconsole.model.estate import Estate
from npconsole.model.issue import Issue
from npconsole.model.snapshot import EdgeState, RegionState

_HOW = {
    TargetKind.REGION: "put the cursor on a region",
    TargetKind.SERVICE: "put the cursor on a region",
    TargetKind.EDGE: "the service of this region has no edge",
    TargetKind.ENDPOINT: "put the cursor on a region or the edge",
    TargetKind.ISSUE: "put the cursor on an issue",
    TargetKind.ESTATE: "there is no estate",
    TargetKind.RUN: "the undo key takes back the last run that can be",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The row of the regions' table and, when the cursor is among the issues, an issue."""

    row: RegionState | EdgeState | None
    issue: Issue | None = None

    def target(self, kind: TargetKind, estate: Estate) -> str:
        """The target that an action of this kind would be pointed at; empty when there is none here."""
        match kind:
            case TargetKind.REGION:
                return self.row.region.id if isinstance(self.row, RegionState) else ""
            case TargetKind.SERVICE:
                return self._service(estate)
            case TargetKind.EDGE if isinstance(self.row, EdgeState):
                return self.row.edge.id
            case TargetKind.EDGE:
                service = self._service(estate)
                return next((edge.id for edge in estate.edges if edge.service == service), "")
            case TargetKind.ENDPOINT:
                return self.row.edge.id if isinstance(self.row, EdgeState) else self.target(TargetKind.REGION, estate)
            case TargetKind.ISSUE:
                return self.issue.short_id if self.issue is not None else ""
            case TargetKind.ESTATE:
                return estate.name
            case TargetKind.RUN:
                return ""

    def missing(self, kind: TargetKind) -> str:
        """What to do where there is no target of this kind."""
        return _HOW[kind]

    def _service(self, estate: Estate) -> str:
        """That of the row; without one, the only service there is."""
        if self.row is not None:
            return self.row.region.service if isinstance(self.row, RegionState) else self.row.edge.service
        services = {region.service for region in estate.regions}
        return next(iter(services)) if len(services) == 1 else ""
