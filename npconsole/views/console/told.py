"""A line of the activity pane that tells of a run."""

from dataclasses import dataclass

from npconsole.model.snapshot import Activity


@dataclass(frozen=True, slots=True)
class Told(Activity):
    """One event of the run `run_id`."""

    run_id: str = ""
