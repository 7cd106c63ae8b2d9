"""Who is there: consoles and daemons, and the runs that they watch."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, or_, select, update

from npconsole.model.run import Presence
from npconsole.net.text import clean
from npconsole.store.plain import name
from npconsole.store.tables import presences, watches
from npconsole.store.transaction import Transaction

_FORGOTTEN_AFTER_S = 86400.0
_WATCHED_AT_ONCE = 100


def beat(transaction: Transaction, presence: Presence, watching: Sequence[str]) -> None:
    """Here it is, now, and watches these runs. Those not seen for a day are forgotten."""
    now, ours = transaction.now, presences.c.environment == transaction.environment
    own = ours & (presences.c.id == name(presence.id))
    long_gone = ours & or_(presences.c.epoch != now.epoch, presences.c.seen_at < now.at - _FORGOTTEN_AFTER_S)
    transaction.connection.execute(delete(presences).where(or_(own, long_gone)))
    transaction.connection.execute(
        insert(presences).values(
            environment=transaction.environment,
            id=name(presence.id),
            actor=name(presence.actor),
            host=name(presence.host),
            pid=max(0, min(presence.pid, 2**31)),
            via=name(presence.via),
            doing=clean(presence.doing),
            seen_at=now.at,
            epoch=now.epoch,
            seen_wall=now.wall,
        )
    )
    for run_id in list(watching)[:_WATCHED_AT_ONCE]:
        _watch(transaction, name(run_id), name(presence.id))


def leave(transaction: Transaction, presence_id: str) -> None:
    """It is gone. When it last watched a run stays known."""
    transaction.connection.execute(
        delete(presences).where(presences.c.environment == transaction.environment, presences.c.id == name(presence_id))
    )


def present(transaction: Transaction, within_s: float) -> Sequence[Presence]:
    """Those seen within the last seconds, by name."""
    now = transaction.now
    rows = transaction.connection.execute(
        select(presences)
        .where(
            presences.c.environment == transaction.environment,
            presences.c.epoch == now.epoch,
            presences.c.seen_at >= now.at - within_s,
        )
        .order_by(presences.c.actor, presences.c.id)
    )
    return [Presence(row.id, row.actor, row.host, row.pid, row.via, row.seen_wall, row.doing) for row in rows]


def watched_s(transaction: Transaction, run_id: str) -> float | None:
    """Seconds since a run was last watched; None when it never was, infinity when not since the host started."""
    rows = transaction.connection.execute(
        select(watches.c.seen_at, watches.c.epoch).where(watches.c.run_id == name(run_id))
    )
    gone_s = [-transaction.now.left_s(row.seen_at, row.epoch) for row in rows]
    return max(0.0, min(gone_s)) if gone_s else None


def _watch(transaction: Transaction, run_id: str, presence_id: str) -> None:
    key = (watches.c.run_id == run_id) & (watches.c.presence_id == presence_id)
    seen = {"seen_at": transaction.now.at, "epoch": transaction.now.epoch}
    if transaction.connection.execute(update(watches).where(key).values(**seen)).rowcount == 0:
        transaction.connection.execute(insert(watches).values(run_id=run_id, presence_id=presence_id, **seen))
