"""The memory of the healer: its leader's lease, its states, its decisions, and the notices that go with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from npconsole.model.heal import Decision
from npconsole.model.notice import Notice
from npconsole.store import decisions, leadership, postings
from npconsole.store.memory import Memory
from npconsole.store.plain import REQUEST_LIMIT, exact, name, within
from npconsole.store.tables import states
from npconsole.store.transaction import Transaction


class StoredHealMemory:
    """Fulfils `npconsole.model.heal.HealMemory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def lead(self, *, owner: str, ttl_s: float) -> int | None:
        return self._memory.write(lambda transaction: leadership.lead(transaction, owner, ttl_s))

    def resign(self, fence: int) -> None:
        self._memory.write(lambda transaction: leadership.resign(transaction, fence))

    def leader(self) -> str:
        return self._memory.read(leadership.leader)

    def state(self, name: str) -> str:
        return self._memory.read(lambda transaction: _state(transaction, name))

    def commit(
        self,
        fence: int,
        *,
        states: Mapping[str, str],
        decisions: Sequence[Decision] = (),
        notices: Sequence[Notice] = (),
    ) -> None:
        rows = postings.rows_of(notices)
        self._memory.write(lambda transaction: _commit(transaction, fence, states, decisions, rows))

    def decisions(self, *, rule: str = "", target: str = "", limit: int = 50) -> Sequence[Decision]:
        return self._memory.read(
            lambda transaction: decisions.latest(transaction, rule=rule, target=target, limit=within(limit))
        )


def _commit(
    transaction: Transaction,
    fence: int,
    kept: Mapping[str, str],
    made: Sequence[Decision],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    leadership.check(transaction, fence)
    for state, text in kept.items():
        _keep(transaction, name(state), exact(text, f"the state {name(state)}", limit=REQUEST_LIMIT))
    decisions.put(transaction, made)
    postings.put(transaction, rows)


def _state(transaction: Transaction, state: str) -> str:
    found = transaction.connection.execute(
        select(states.c.text).where(states.c.environment == transaction.environment, states.c.name == name(state))
    ).scalar()
    return found or ""


def _keep(transaction: Transaction, state: str, text: str) -> None:
    key = (states.c.environment == transaction.environment) & (states.c.name == state)
    if transaction.connection.execute(update(states).where(key).values(text=text)).rowcount == 0:
        row = {"environment": transaction.environment, "name": state, "text": text}
        transaction.connection.execute(insert(states).values(row))
