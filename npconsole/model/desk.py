"""The port to acting: what a face may ask of the actions module, and what it hears back. `wiring` fulfils it.

No method blocks, and any thread may call it; listeners run on the desk's thread and must not block. Futures fail with
an NpconsoleError. Nothing is executed here: a run is done by a process of its own, whatever becomes of the face.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from npconsole.model.action import ActionSpec
from npconsole.model.benchmark import Benchmark
from npconsole.model.heal import HealView
from npconsole.model.mute import Mute
from npconsole.model.run import Actor, Plan, Presence, Run, RunEvent, RunRequest


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """A run with its events, oldest first. `undo` says what taking it back would do now, empty when it cannot be."""

    run: Run
    events: tuple[RunEvent, ...] = ()
    undo: str = ""


@dataclass(frozen=True, slots=True)
class DeskState:
    """What goes on in the environment, whoever asked for it.

    `runs` are open ones and those that ended lately, latest first. `present` are the consoles and daemons that are
    there, this one among them by the id `me`. `problem` says why the journal cannot be used: then nothing may act.
    `heal` is what the healer's leader knows, None where none ever ran. `mutes` are in force whether or not one runs.
    """

    runs: tuple[WatchedRun, ...] = ()
    present: tuple[Presence, ...] = ()
    me: str = ""
    problem: str = ""
    heal: HealView | None = None
    mutes: tuple[Mute, ...] = ()


class Desk(Protocol):
    """What a face sees of the actions."""

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Every action, in the order in which footer, palette and help list them."""
        ...

    @property
    def actor(self) -> Actor:
        """Who sits at this face."""
        ...

    @property
    def read_only(self) -> str:
        """Why this face may not act, in a phrase; empty when it may."""
        ...

    @property
    def state(self) -> DeskState: ...

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        """Have `listener` called with each new state; returns the function that ends it."""
        ...

    def plan(self, request: RunRequest) -> Future[Plan]:
        """The plan of a request, as of now. Changes nothing.

        Its guard `confirmed` answers for the request as it stands, so before anybody has confirmed it says no. Fails
        with UsageError for an unknown target, a parameter that does not fit, and an override without a reason.
        """
        ...

    def submit(self, request: RunRequest) -> Future[str]:
        """Write the request into the journal, start its runner, and give the id of the run.

        Fails with RefusedError when it is not confirmed as its danger asks, StoreError when the journal cannot be used.
        """
        ...

    def undo(self, run_id: str, reason: str) -> Future[None]:
        """Have a run taken back, or ended early with its undo. Fails with RefusedError when that is not possible."""
        ...

    def beat(self, doing: str, watching: Sequence[str]) -> None:
        """This face lives: its presence, and the operator's heartbeat of the runs it watches. Called every few seconds
        by the face's own loop, so that a face that stands still is not taken for a person who watches.
        """
        ...

    def benchmarks(self, target: str, limit: int) -> Future[Sequence[Benchmark]]:
        """Past benchmarks of a target (all when empty), latest first, without their blocks."""
        ...

    def baselines(self) -> Future[Sequence[tuple[str, str]]]:
        """(name, benchmark id) of the baselines, by name."""
        ...

    def switch_heal(self, off_reason: str) -> Future[None]:
        """Switch healing off for a reason, or on again with an empty one. Fails with RefusedError for who may not."""
        ...

    def acknowledge(self, reason: str) -> Future[None]:
        """A person has looked at what latched the healer: it may go on."""
        ...

    def mute(self, target: str, for_s: float, reason: str) -> Future[Mute]:
        """Pause alerts and heals of a target for that long."""
        ...

    def unmute(self, target: str) -> Future[None]:
        """End a mute early."""
        ...
