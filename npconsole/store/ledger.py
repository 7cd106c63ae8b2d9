"""What guards may ask, answered inside one transaction."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from npconsole.model.run import Lease, Run
from npconsole.store import rights, runs, switches
from npconsole.store.plain import MOST_ROWS, name
from npconsole.store.tables import runs as table
from npconsole.store.transaction import Transaction


class StoredLedger:
    """Fulfils `Ledger`. `asking` is the run whose guards ask, left out of the answers; empty for a plan."""

    def __init__(self, transaction: Transaction, asking: str = "") -> None:
        self._transaction = transaction
        self._asking = asking

    def intents(self, action: str, target: str | None, within_s: float) -> Sequence[float]:
        """By the store's clock; for intents before the host's restart by wall time, never less than 0."""
        now = self._transaction.now
        question = select(table.c.intent_at, table.c.epoch, table.c.intent_wall).where(
            table.c.environment == self._transaction.environment,
            table.c.action == name(action),
            or_(
                and_(table.c.epoch == now.epoch, table.c.intent_at >= now.at - within_s),
                and_(table.c.epoch != now.epoch, table.c.intent_wall >= now.wall - within_s),
            ),
            table.c.id != self._asking,
        )
        if target is not None:
            question = question.where(table.c.target == name(target))
        rows = self._transaction.connection.execute(question)
        ages_s = [
            now.at - row.intent_at if row.epoch == now.epoch else max(0.0, now.wall - row.intent_wall) for row in rows
        ]
        return sorted(age_s for age_s in ages_s if age_s <= within_s)

    def open_runs(self, target: str | None = None) -> Sequence[Run]:
        conditions = (runs.begun_and_open(), table.c.id != self._asking)
        return runs.select_runs(self._transaction, *conditions, target=target or "", few=True, limit=MOST_ROWS)

    def lease_on(self, target: str) -> Lease | None:
        return rights.on(self._transaction, target)

    def last_run(self, action: str, target: str) -> Run | None:
        ended = self._transaction.connection.execute(
            select(table.c.id)
            .where(
                table.c.environment == self._transaction.environment,
                table.c.action == name(action),
                table.c.target == name(target),
                table.c.fence > 0,
                table.c.ended_line.is_not(None),
                table.c.id != self._asking,
            )
            .order_by(table.c.ended_line.desc())
            .limit(1)
        ).scalar()
        return runs.find(self._transaction, ended) if ended else None

    def switch(self, name: str) -> str:
        return switches.reason(self._transaction, name)
