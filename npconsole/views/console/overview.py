"""The console's first screen: regions, latency, issues and activity at once, or one of them zoomed."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.message import Message
from textual.timer import Timer

from npconsole.config.keymap import Binding, acting
from npconsole.model.issue import Issue
from npconsole.model.ports import Feed
from npconsole.model.snapshot import EdgeState, RegionState
from npconsole.views.console.activity import Activities
from npconsole.views.console.arrangement import Plan, arrange
from npconsole.views.console.footer import Prompt
from npconsole.views.console.ink import Ink
from npconsole.views.console.issues import Issues
from npconsole.views.console.latency import Latency
from npconsole.views.console.listing import Listing
from npconsole.views.console.load_pane import LoadPane
from npconsole.views.console.pane import Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.regions import Regions
from npconsole.views.console.stage import FAR, Stage
from npconsole.views.console.subject import Subject

REST_S = 0.12
ORDER = ("regions", "latency", "issues", "activity")
ACTIONS = ("filter", "freeze", "sort", "zoom", "refresh", "all", "copy")
FIRST, LAST = ("acknowledge",), ("mute", "heal_switch", "benchmarks", "healer")
"""What acts beside the actions: first what is only there when it matters, last what can be found in the help."""
LONGEST_FILTER, LONGEST_COMMAND = 60, 500


class Overview(Stage):
    """Knows which pane is focused, whether it is zoomed, and which region the chart follows."""

    class Commanded(Message):
        """A command line was typed and enter pressed. The prompt stays until it is closed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, ink: Ink, keymap: Sequence[Binding], feed: Feed) -> None:
        self.regions = Regions(ink, feed)
        self.latency = Latency(ink, feed)
        self.issues = Issues(ink)
        self.activity = Activities(ink)
        self.load = LoadPane(ink)
        self.prompt = Prompt(ink)
        self.focused_name = "regions"
        self.zoomed = False
        self.charts_all = False
        self._commanding = False
        self._aiming: Timer | None = None
        self.regions.focused = True
        super().__init__(
            ink, keymap, _shown(keymap), (self.regions, self.latency, self.issues, self.activity, self.load)
        )

    def take_keys(self, keymap: Sequence[Binding]) -> None:
        """Other keys from now on."""
        self.footer.take(keymap, _shown(keymap))

    @property
    def target(self) -> Pane:
        """The focused pane."""
        return self.panes[self.focused_name]

    @property
    def subject(self) -> Subject:
        """The marked region or edge, and the issue under the cursor when it is among the issues."""
        return Subject(self.regions.chosen, self.issues.chosen if self.focused_name == "issues" else None)

    @property
    def searched(self) -> Listing[RegionState] | Listing[Issue] | Pane:
        """The pane a filter works on: the focused one, or the regions while the chart is focused."""
        return self.target if isinstance(self.target, Listing) else self.regions

    def compose(self) -> ComposeResult:
        """The panes, and the prompt that takes the footer's place."""
        yield from super().compose()
        yield self.prompt

    def plan(self, width: int, height: int) -> Plan:
        """As `arrangement.arrange` says, with the prompt over the footer while it has the keys."""
        snapshot = self.picture.snapshot if self.picture else None
        rows = len(snapshot.regions) + len(snapshot.edges) if snapshot else 4
        zoomed = self.focused_name if self.zoomed else None
        plan = arrange(width, height, rows=rows, zoomed=zoomed, load=self.load.is_wanted)
        if self.prompt.has_focus and "footer" in plan:
            plan["prompt"] = plan.pop("footer")
        return plan

    def show(self, picture: Picture) -> None:
        """Draw a picture; the layout follows when the number of regions changed, or a load has begun."""
        before = (self.picture and len(self.picture.snapshot.regions), self.load.is_wanted)
        self.load.take(picture.deeds.load)
        if self.focused_name == "load" and not self.load.is_wanted:
            self._focus_on("regions")
        super().show(picture)
        if self.latency.region_id is None:
            self._aim()
        if before != (len(picture.snapshot.regions), self.load.is_wanted):
            self.lay_out()

    def focus_pane(self, name: str) -> None:
        """Give the keys to a pane; one without room on this screen is zoomed."""
        self._focus_on(name)
        if not self.zoomed and name not in self.plan(*self.size):
            self.zoomed = True
        if self.zoomed:
            self.arrange_again()
        else:
            for pane in self.panes.values():
                pane.redraw()

    def next_pane(self, step: int) -> None:
        """The focus goes round."""
        order = (*ORDER, "load") if self.load.is_wanted else ORDER
        self.focus_pane(order[(order.index(self.focused_name) + step) % len(order)])

    def zoom(self, *, on: bool) -> None:
        """Show the focused pane alone, or all."""
        if on != self.zoomed:
            self.zoomed = on
            self.arrange_again()

    def move(self, by: int) -> None:
        """Move, and let the chart follow the region under the cursor. In the chart, up and down choose the region."""
        listing = self.regions if self.focused_name == "latency" else self.target
        if isinstance(listing, Listing):
            listing.move(by)
        self._aim_soon()

    def move_page(self, direction: int) -> None:
        """As `move`, by a page."""
        super().move_page(direction)
        self._aim_soon()

    def sort(self) -> None:
        """Worst first, or as configured."""
        self.regions.worst_first = not self.regions.worst_first
        if self.picture is not None:
            self.regions.show(self.picture)
        if self.regions.worst_first:
            self.regions.move(-FAR)
        self._aim()

    def chart_all(self) -> None:
        """The worst of all regions, or the one under the cursor."""
        self.charts_all = not self.charts_all
        self._aim()

    def ask_filter(self) -> None:
        """Open the prompt for the filter."""
        pane = self.searched
        if isinstance(pane, Listing):
            self._commanding = False
            what = f"Filter {pane.title.lower()}:"
            self.prompt.begin(what, pane.needle, hint="enter keep  esc clear", longest=LONGEST_FILTER)
            self._open_prompt()

    def ask_command(self) -> None:
        """Open the prompt for a command line."""
        self._commanding = True
        self.prompt.begin(":", "", hint="action target name=value  esc leave", longest=LONGEST_COMMAND)
        self._open_prompt()

    def close_prompt(self) -> None:
        """Give the keys back."""
        self.set_focus(None)
        self.arrange_again()

    def on_prompt_typed(self, message: Prompt.Typed) -> None:
        """Filter while typing."""
        if not self._commanding:
            self._search(message.text)

    def on_prompt_ended(self, message: Prompt.Ended) -> None:
        """Keep or clear the filter; a command line is for whoever acts."""
        if self._commanding and message.kept:
            self.post_message(self.Commanded(self.prompt.text))
            return
        if not self._commanding and not message.kept:
            self._search("")
        self.close_prompt()

    def back(self) -> None:
        """Undo one thing: the filter of the focused pane, else the zoom, else a load that has ended is put away."""
        pane = self.searched
        if isinstance(pane, Listing) and pane.needle:
            self._search("")
        elif self.zoomed:
            self.zoom(on=False)
        elif self.load.put_away() and self.picture is not None:
            self.show(self.picture)
            self.lay_out()

    def _focus_on(self, name: str) -> None:
        self.target.focused = False
        self.focused_name = name
        self.target.focused = True

    def _open_prompt(self) -> None:
        self.set_focus(self.prompt)
        self.call_after_refresh(self.lay_out)

    def _search(self, text: str) -> None:
        pane = self.searched
        if isinstance(pane, Listing):
            pane.search(text)
        self._aim()

    def _aim_soon(self) -> None:
        """Let the chart follow once the cursor rests: a whole chart for each step of a held key would be too much."""
        if self._aiming is not None:
            self._aiming.stop()
        self._aiming = self.set_timer(REST_S, self._aim)

    def _aim(self) -> None:
        row = self.regions.chosen
        if self.charts_all or row is None:
            self.latency.follow(None)
        else:
            self.latency.follow(row.region.id if isinstance(row, RegionState) else self._answering(row))

    def _answering(self, edge: EdgeState) -> str | None:
        """The id of the region that answers at an edge, which knows it by its name within the service."""
        regions = self.picture.snapshot.regions if self.picture else ()
        served = (state.region for state in regions if state.region.service == edge.edge.service)
        return next((region.id for region in served if edge.answered_by in (region.id, region.name)), None)


def _shown(keymap: Sequence[Binding]) -> Sequence[str]:
    """The ids in the footer, the most useful first."""
    acts = [each for each in acting(keymap) if each not in (*FIRST, *LAST)]
    return ("open", *FIRST, *acts, *ACTIONS, *LAST)
