"""Two drainers over one outbox, in any order, with pauses and reboots: nobody gets what another has, order holds."""

from dataclasses import dataclass
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from npconsole.model.notice import NoticeKind, PostingState
from npconsole.wiring.memory import Stores
from tests.store.bench import Bench
from tests.store.samples import notice

_ENVIRONMENTS = count(1)
_DRAINERS = st.sampled_from([0, 1])
_KEYS = ("a", "b", "")
_KINDS = (NoticeKind.TRIGGER, NoticeKind.UPDATE, NoticeKind.RESOLVE)


@dataclass(slots=True)
class Known:
    """What a notice must look like: when it may be claimed next, and what became of it."""

    key: str
    kind: NoticeKind
    due_at: float
    state: PostingState = PostingState.PENDING
    attempts: int = 0


class Drains(RuleBasedStateMachine):
    """Hypothesis picks who does what next; `known`, in the order of putting, is what the database is compared with."""

    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        self.environment = f"drains-{next(_ENVIRONMENTS)}"
        self.boots = 1
        self.known: dict[str, Known] = {}
        self.threads: dict[str, str] = {}
        self.drainers: list[Stores] = []
        self._open()

    @rule(key=st.sampled_from(_KEYS), kind=st.sampled_from(_KINDS), many=st.integers(1, 3))
    def put(self, key: str, kind: NoticeKind, many: int) -> None:
        names = [f"n{len(self.known) + number}" for number in range(many)]
        self.drainers[0].outbox.put([notice(name, kind, key=key) for name in names])
        for name in names:
            self.known[name] = Known(key, kind, self.bench.clock.at)

    @rule(drainer=_DRAINERS, for_s=st.integers(1, 30), limit=st.integers(1, 4))
    def claim(self, drainer: int, for_s: int, limit: int) -> None:
        found = self.drainers[drainer].outbox.claim("slack", owner=f"d{drainer}", for_s=for_s, limit=limit)
        assert [posting.notice.id for posting in found] == self._claimable()[:limit]
        for posting in found:
            self.known[posting.notice.id].due_at = self.bench.clock.at + for_s

    @precondition(lambda self: self.known)
    @rule(drainer=_DRAINERS, data=st.data(), reference=st.sampled_from(["", "ts"]))
    def deliver(self, drainer: int, data: st.DataObject, reference: str) -> None:
        name = self._any(data)
        words = reference and f"{reference}-{name}"
        self.drainers[drainer].outbox.delivered(name, reference=words)
        known = self.known[name]
        if known.state is not PostingState.PENDING:
            return
        known.state = PostingState.DELIVERED
        if known.kind is not NoticeKind.UPDATE:
            self.threads[known.key] = words if known.kind is NoticeKind.TRIGGER else ""

    @precondition(lambda self: self.known)
    @rule(drainer=_DRAINERS, data=st.data(), after_s=st.integers(0, 30))
    def postpone(self, drainer: int, data: st.DataObject, after_s: int) -> None:
        name = self._any(data)
        self.drainers[drainer].outbox.postpone(name, after_s=after_s, detail="503")
        known = self.known[name]
        if known.state is PostingState.PENDING:
            known.due_at = self.bench.clock.at + after_s
            known.attempts += 1

    @precondition(lambda self: self.known)
    @rule(drainer=_DRAINERS, data=st.data())
    def give_up(self, drainer: int, data: st.DataObject) -> None:
        name = self._any(data)
        self.drainers[drainer].outbox.give_up(name, detail="404")
        known = self.known[name]
        if known.state is PostingState.PENDING:
            known.state = PostingState.GIVEN_UP
            if known.kind is NoticeKind.RESOLVE:
                self.threads[known.key] = ""

    @rule(seconds=st.integers(1, 40))
    def wait(self, seconds: int) -> None:
        self.bench.clock.at += seconds

    @rule()
    def reboot(self) -> None:
        self.boots += 1
        for known in self.known.values():
            known.due_at = self.bench.clock.at
        self._open()

    @invariant()
    def the_database_agrees(self) -> None:
        found = list(reversed(self.drainers[1].outbox.postings(limit=1000)))
        assert [posting.notice.id for posting in found] == list(self.known)
        for posting in found:
            known = self.known[posting.notice.id]
            assert (posting.state, posting.attempts) == (known.state, known.attempts)
        for key in _KEYS:
            assert self.drainers[0].outbox.reference("slack", key) == self.threads.get(key, "")
        assert sum(self.drainers[0].outbox.counts().values()) == len(self.known)

    def teardown(self) -> None:
        assert self.drainers[0].journal.audit_problem() == ""
        self._close()

    def _open(self) -> None:
        self._close()
        boot = f"{self.environment}-boot-{self.boots}"
        self.drainers = [self.bench.stores(boot=boot, environment=self.environment) for _ in range(2)]

    def _close(self) -> None:
        for drainer in self.drainers:
            drainer.close()

    def _any(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.known)))

    def _claimable(self) -> list[str]:
        seen: set[str] = set()
        due: list[str] = []
        for name, known in self.known.items():
            if known.state is PostingState.PENDING:
                is_first = not known.key or known.key not in seen
                seen.add(known.key)
                due += [name] if is_first and known.due_at <= self.bench.clock.at else []
        return due


def test_any_order_of_drains_keeps_the_promises(bench: Bench) -> None:
    class Here(Drains):
        pass

    Here.bench = bench
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=2 if bench.is_server else 6,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
