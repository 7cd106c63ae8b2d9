"""Two owners over one database, in any order, with pauses and reboots: the promises of the journal hold throughout."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from npconsole.errors import FencedError
from npconsole.model.run import Lease, Run, RunState, StepState
from npconsole.store.journal import StoredJournal
from tests.store.bench import Bench, passing, wanted

_TARGETS = ("us-east", "eu-west", "edge")
_ENVIRONMENTS = count(1)
_OWNERS = st.sampled_from([0, 1])


@dataclass(slots=True)
class Known:
    """What a run must look like: the fence in force, until when, what it holds, and how far it is told."""

    targets: tuple[str, ...] = ()
    fence: int = 0
    expires_at: float = 0.0
    ended: bool = False
    events: int = 1
    steps: list[StepState] = field(default_factory=list)


class Interleavings(RuleBasedStateMachine):
    """Hypothesis picks who does what next; `known` is the model that the database is compared with."""

    runs = Bundle("runs")
    leases = Bundle("leases")
    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        self.environment = f"example-{next(_ENVIRONMENTS)}"
        self.boots = 1
        self.known: dict[str, Known] = {}
        self.keys: dict[str, str] = {}
        self.highest = 0
        self.journals: list[StoredJournal] = []
        self._open()

    @rule(target=runs, owner=_OWNERS, name=st.sampled_from(_TARGETS), key=st.sampled_from(["", "", "a", "b"]))
    def request(self, owner: int, name: str, key: str) -> str:
        full_key = f"{key}-{name}" if key else ""
        run = self.journals[owner].request(wanted(target=name, key=full_key))
        if full_key in self.keys:
            assert run.id == self.keys[full_key]
        else:
            assert run.id not in self.known
            self.known[run.id] = Known()
        if full_key:
            self.keys[full_key] = run.id
        return run.id

    @rule(target=leases, owner=_OWNERS, run_id=runs, more=st.sets(st.sampled_from(_TARGETS)), ttl_s=st.integers(1, 30))
    def begin(self, owner: int, run_id: str, more: set[str], ttl_s: int) -> object:
        known = self.known[run_id]
        targets = tuple(sorted({self._run(run_id).request.target, *more}))
        if known.fence or known.ended:
            self._fails(lambda: self._begin(owner, run_id, targets, ttl_s))
            return multiple()
        blocked = any(set(other.targets) & set(targets) and self._blocks(other) for other in self.known.values())
        run, lease = self._begin(owner, run_id, targets, ttl_s)
        known.events += 1
        assert (lease is None) is blocked
        assert run.state is (RunState.REFUSED if blocked else RunState.INTENT)
        if lease is None:
            known.ended = True
            return multiple()
        self._forget(targets)
        self._owns(known, lease)
        return lease

    @rule(target=leases, owner=_OWNERS, run_id=runs, ttl_s=st.integers(1, 30))
    def take_over(self, owner: int, run_id: str, ttl_s: int) -> object:
        known = self.known[run_id]
        taken = self.journals[owner].take_over(run_id, owner=f"owner-{owner}", ttl_s=ttl_s)
        if known.ended or not known.fence or self._in_force(known):
            assert taken is None
            return multiple()
        assert taken is not None
        known.events += 1
        self._owns(known, taken[1])
        return taken[1]

    @rule(name=st.sampled_from(_TARGETS), owner=_OWNERS)
    def steal(self, name: str, owner: int) -> None:
        holders = [known for known in self.known.values() if name in known.targets and self._in_force(known)]
        stolen = self.journals[owner].steal(name, actor="thief", reason="it hangs")
        assert (stolen is not None) is bool(holders)
        for known in holders:
            known.fence = self.highest = self.highest + 1
            known.expires_at = 0.0

    @rule(owner=_OWNERS, lease=leases, ttl_s=st.integers(1, 30))
    def renew(self, owner: int, lease: Lease, ttl_s: int) -> None:
        known = self.known[lease.run_id]
        if self._valid(lease):
            known.expires_at = self.journals[owner].renew(lease, ttl_s).expires_at
        else:
            self._fails(lambda: self.journals[owner].renew(lease, ttl_s))

    @rule(owner=_OWNERS, lease=leases, needs_s=st.integers(0, 20))
    def check(self, owner: int, lease: Lease, needs_s: int) -> None:
        lasts = self._valid(lease) and self.known[lease.run_id].expires_at - self.bench.clock.at > needs_s
        if lasts:
            self.journals[owner].check(lease, needs_s)
        else:
            self._fails(lambda: self.journals[owner].check(lease, needs_s))

    @rule(owner=_OWNERS, lease=leases)
    def intend(self, owner: int, lease: Lease) -> None:
        known = self.known[lease.run_id]
        if self._valid(lease):
            self.journals[owner].intend(lease, call="call", undo='{"back":1}', remote="")
            known.events += 1
            known.steps.append(StepState.INTENT)
        else:
            self._fails(lambda: self.journals[owner].intend(lease, call="call", undo="", remote=""))

    @rule(owner=_OWNERS, lease=leases, state=st.sampled_from(StepState))
    def mark(self, owner: int, lease: Lease, state: StepState) -> None:
        known = self.known[lease.run_id]
        if known.fence != lease.fence:
            self._fails(lambda: self.journals[owner].mark(lease, 1, state))
        elif known.steps:
            self.journals[owner].mark(lease, len(known.steps), state)
            known.events += 1
            known.steps[-1] = state

    @rule(owner=_OWNERS, lease=leases, state=st.sampled_from(RunState))
    def advance(self, owner: int, lease: Lease, state: RunState) -> None:
        known = self.known[lease.run_id]
        if known.fence != lease.fence or known.ended:
            self._fails(lambda: self.journals[owner].advance(lease.run_id, state, "no", lease=lease))
        else:
            self.journals[owner].advance(lease.run_id, state, "on", lease=lease)
            known.events += 1
            known.ended = state.is_final

    @rule(owner=_OWNERS, lease=consumes(leases))
    def release(self, owner: int, lease: Lease) -> None:
        self.journals[owner].release(lease)
        known = self.known[lease.run_id]
        if known.fence == lease.fence:
            known.expires_at = 0.0
            known.targets = () if known.ended else known.targets

    @rule(seconds=st.integers(1, 40))
    def wait(self, seconds: int) -> None:
        self.bench.clock.at += seconds

    @rule()
    def reboot(self) -> None:
        self.boots += 1
        for known in self.known.values():
            known.expires_at = 0.0
        self._open()

    @invariant()
    def the_database_agrees(self) -> None:
        for run in self.journals[0].runs(limit=1000):
            known = self.known[run.id]
            assert run.state.is_final is known.ended
            assert [step.state for step in run.steps] == known.steps
            assert all(step.undo == '{"back":1}' for step in run.steps)
            assert run.fence == known.fence
        in_force = self.journals[1].consult("", lambda ledger: {name: ledger.lease_on(name) for name in _TARGETS})
        for name in _TARGETS:
            holders = [
                run_id for run_id, known in self.known.items() if name in known.targets and self._in_force(known)
            ]
            assert len(holders) <= 1
            lease = in_force[name]
            assert ([lease.run_id] if lease else []) == holders
            open_runs = [run for run in self.known.values() if name in run.targets and run.fence and not run.ended]
            assert len(open_runs) <= 1

    def teardown(self) -> None:
        for run_id, known in self.known.items():
            events = self.journals[0].events(run_id)
            assert [event.sequence for event in events] == list(range(1, known.events + 1))
        assert self.journals[0].audit_problem() == ""
        self._close()

    def _open(self) -> None:
        self._close()
        boot = f"{self.environment}-boot-{self.boots}"
        self.journals = [self.bench.open(boot=boot, environment=self.environment) for _ in range(2)]

    def _close(self) -> None:
        for journal in self.journals:
            journal.close()

    def _run(self, run_id: str) -> Run:
        run = self.journals[0].run(run_id)
        assert run is not None
        return run

    def _begin(self, owner: int, run_id: str, targets: tuple[str, ...], ttl_s: int) -> tuple[Run, Lease | None]:
        run, lease, _ = self.journals[owner].begin(
            run_id, owner=f"owner-{owner}", targets=targets, ttl_s=ttl_s, guards=passing, deadline_s=None
        )
        return run, lease

    def _owns(self, known: Known, lease: Lease) -> None:
        assert lease.fence > self.highest, "fences only grow"
        self.highest = lease.fence
        known.targets, known.fence, known.expires_at = lease.targets, lease.fence, lease.expires_at

    def _forget(self, targets: tuple[str, ...]) -> None:
        """Ended runs lose the targets that another takes."""
        for known in self.known.values():
            known.targets = tuple(name for name in known.targets if name not in targets)

    def _in_force(self, known: Known) -> bool:
        return bool(known.targets) and known.expires_at > self.bench.clock.at

    def _blocks(self, known: Known) -> bool:
        return self._in_force(known) or (known.fence > 0 and not known.ended)

    def _valid(self, lease: Lease) -> bool:
        known = self.known[lease.run_id]
        return known.fence == lease.fence and self._in_force(known)

    def _fails(self, write: Callable[[], object]) -> None:
        with suppress(FencedError):
            write()
            raise AssertionError("a fenced owner must not get through")


def test_any_interleaving_keeps_the_promises(bench: Bench) -> None:
    class Here(Interleavings):
        pass

    Here.bench = bench
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=3 if bench.is_server else 8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
