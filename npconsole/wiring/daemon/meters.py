"""What a daemon measures of itself, over all configurations that it has had."""

from dataclasses import dataclass, field

from npconsole.exposition.distribution import DURATION_S, Distribution
from npconsole.exposition.exposed import DaemonFigures


@dataclass(slots=True)
class Meters:
    """`reload_problem` is why the configuration on disk is not the one in force; empty when it is."""

    poll_lag: Distribution = field(default_factory=Distribution)
    check_lag: Distribution = field(default_factory=Distribution)
    check_took: Distribution = field(default_factory=lambda: Distribution(DURATION_S))
    checks: int = 0
    failed: int = 0
    memory_problem: str = ""
    reload_problem: str = ""
    reloaded_wall: float = 0.0

    def figures(self, *, leads: bool, lost_log_lines: int) -> DaemonFigures:
        """All of it, now."""
        return DaemonFigures(
            leads=leads,
            checks=self.checks,
            failed_checks=self.failed,
            reloaded=not self.reload_problem,
            reloaded_wall=self.reloaded_wall,
            memory=not self.memory_problem,
            lost_log_lines=lost_log_lines,
            poll_lag=self.poll_lag.counted,
            check_lag=self.check_lag.counted,
            check_took=self.check_took.counted,
        )
