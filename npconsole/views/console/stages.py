"""Every screen but the first, and the hand: made once the desk is there."""

from collections.abc import Callable, Iterator

from npconsole.model.clock import Clock
from npconsole.model.ports import Feed
from npconsole.views.console.acting import Acting
from npconsole.views.console.benchmark_detail import BenchmarkDetail
from npconsole.views.console.benchmarks import Benchmarks
from npconsole.views.console.dialog.cadence import Cadence
from npconsole.views.console.healer import Healer
from npconsole.views.console.help import Help
from npconsole.views.console.ink import Ink
from npconsole.views.console.issue_detail import IssueDetail
from npconsole.views.console.opening import Opened
from npconsole.views.console.overview import Overview
from npconsole.views.console.picture import Picture
from npconsole.views.console.region_detail import RegionDetail
from npconsole.views.console.run_detail import RunDetail
from npconsole.views.console.screens import Screens
from npconsole.views.console.stage import Stage


class Stages:
    """Each is made once and shown again."""

    def __init__(
        self,
        opened: Opened,
        screens: Screens,
        overview: Overview,
        *,
        feed: Feed,
        ink: Ink,
        clock: Clock,
        cadence: Cadence,
    ) -> None:
        keymap = opened.keymap
        self.desk = opened.desk
        self.region_detail = RegionDetail(ink, keymap, feed)
        self.issue_detail = IssueDetail(ink, keymap, feed, screens.deliver)
        self.help_page = Help(ink, keymap)
        self.healer = Healer(ink, keymap, opened.desk)
        self.run_detail = RunDetail(ink, keymap, opened.desk)
        self.benchmarks = Benchmarks(ink, keymap, opened.desk, screens.deliver)
        self.benchmark_detail = BenchmarkDetail(ink, keymap)
        self.acting = Acting(opened.desk, screens, ink, keymap, clock, cadence)
        self._overview = overview
        self._screens = screens

    def __iter__(self) -> Iterator[Stage]:
        pages = (self.region_detail, self.issue_detail, self.run_detail, self.benchmark_detail)
        return iter((*pages, self.healer, self.benchmarks, self.help_page, self.acting.menu, self.acting.dialog))

    def acts(self) -> dict[str, Callable[[], None]]:
        """What the keys do that need more than the first screen, by the id of their binding."""
        return {
            **self.acting.acts(),
            "open": self._open,
            "help": lambda: self._turn_to(self.help_page, self.help_page.show),
            "healer": lambda: self._turn_to(self.healer, self.healer.show),
            "benchmarks": lambda: self._turn_to(self.benchmarks, self.benchmarks.aim),
        }

    def _turn_to(self, page: Stage, begin: Callable[[Picture], None]) -> None:
        """A page of its own, once."""
        if self._screens.stage is not page:
            self._screens.enter(page)
            begin(self._screens.picture())

    def _open(self) -> None:
        """Show all that is known of the line under the cursor."""
        stage = self._screens.stage
        if stage is self.acting.menu:
            self.acting.open_chosen()
        elif stage is self.benchmarks and (benchmark := self.benchmarks.past.chosen) is not None:
            self._turn_to(self.benchmark_detail, lambda picture: self.benchmark_detail.aim(benchmark, picture))
        elif stage is self._overview:
            self._open_line()

    def _open_line(self) -> None:
        overview = self._overview
        match overview.target:
            case overview.issues:
                if issue := overview.issues.chosen:
                    self._turn_to(self.issue_detail, lambda picture: self.issue_detail.aim(issue, picture))
            case overview.activity:
                self._open_run(overview.activity.run_id)
            case overview.load:
                self._open_run(overview.load.run_id)
            case _:
                if row := overview.regions.chosen:
                    self._turn_to(self.region_detail, lambda picture: self.region_detail.aim(row, picture))

    def _open_run(self, run_id: str) -> None:
        if run_id:
            self._turn_to(self.run_detail, lambda picture: self.run_detail.aim(run_id, picture))
        else:
            self._screens.say("this line is all there is; lines of runs have a page")
