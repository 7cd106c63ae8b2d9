"""Notices as rows: put once, given out one at a time for each key, and put away when they were told or given up.

Writers of an environment come one after another on either database, so no two ever claim the same row. A claim that
its owner let pass gives the row out again: at least once, not once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from npconsole.errors import StoreError, UsageError
from npconsole.model.notice import Notice, NoticeKind, Posting, PostingState, Severity
from npconsole.net.text import clean, number
from npconsole.store import audit, retention, threads
from npconsole.store.plain import OUTCOME_LIMIT, TEXT_LIMIT, finite, name, within
from npconsole.store.tables import postings
from npconsole.store.transaction import Transaction

_FACTS = 50
_CLAIMED_AT_ONCE = 500
_LONGEST_S = 86400.0
_PENDING = PostingState.PENDING.value


def rows_of(notices: Sequence[Notice]) -> Sequence[Mapping[str, Any]]:
    """What `put` takes, made beforehand: the transaction is to be short. The first of each id."""
    rows: dict[str, dict[str, Any]] = {}
    for notice in notices:
        row = _row(notice)
        rows.setdefault(row["id"], row)
    return list(rows.values())


def put(transaction: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Have them told, now. One whose id is known is left alone."""
    known, now = _known(transaction, [row["id"] for row in rows]), transaction.now
    common: dict[str, object] = {"environment": transaction.environment, "state": _PENDING}
    common |= {"next_wall": now.wall, "due_at": now.at, "epoch": now.epoch}
    fresh = [{**row, **common} for row in rows if row["id"] not in known]
    if fresh:
        transaction.connection.execute(insert(postings), fresh)
        retention.forget_postings(transaction)


def claim(transaction: Transaction, channel: str, *, owner: str, for_s: float, limit: int) -> Sequence[Posting]:
    """Those that are due, oldest first, and of each key only its first; due again when the claim has passed.

    A notice without a key waits for nobody. What was put off before the host's restart is due after it. A row that
    somebody damaged is given up: it must not keep the others from being told.
    """
    if not 0 < for_s <= _LONGEST_S:
        raise UsageError(f"a claim lasts more than 0 s and at most {_LONGEST_S:.0f} s, not {for_s} s")
    now = transaction.now
    pending = _of(transaction) & (postings.c.channel == name(channel)) & (postings.c.state == _PENDING)
    firsts = select(func.min(postings.c.number)).where(pending).group_by(postings.c.key)
    rows = transaction.connection.execute(
        select(postings)
        .where(
            pending,
            or_(postings.c.key == "", postings.c.number.in_(firsts)),
            or_(postings.c.epoch != now.epoch, postings.c.due_at <= now.at),
        )
        .order_by(postings.c.number)
        .limit(within(limit, most=_CLAIMED_AT_ONCE))
    ).all()
    if rows:
        transaction.connection.execute(
            update(postings)
            .where(postings.c.number.in_([row.number for row in rows]))
            .values(due_at=now.at + for_s, epoch=now.epoch, owner=name(owner))
        )
    return [posting for row in rows if (posting := _readable(transaction, row)) is not None]


def deliver(transaction: Transaction, notice_id: str, *, reference: str, detail: str) -> None:
    """It was told. One that was put away already stays as it was: its key has gone on since."""
    row = _pending(transaction, notice_id)
    if row is None:
        return
    reference = clean(reference, limit=TEXT_LIMIT)
    _end(transaction, row, PostingState.DELIVERED, detail, reference=reference)
    threads.follow(transaction, row.channel, row.key, NoticeKind(row.kind), reference)


def postpone(transaction: Transaction, notice_id: str, *, after_s: float, detail: str) -> None:
    """One more attempt failed; due in `after_s` seconds, a day at most."""
    if not 0 <= after_s <= _LONGEST_S:
        raise UsageError(f"a notice is put off for 0 s to {_LONGEST_S:.0f} s, not {after_s} s")
    row, now = _pending(transaction, notice_id), transaction.now
    if row is not None:
        transaction.connection.execute(
            update(postings)
            .where(postings.c.number == row.number)
            .values(
                attempts=row.attempts + 1,
                due_at=now.at + after_s,
                epoch=now.epoch,
                next_wall=now.wall + after_s,
                detail=clean(detail, limit=TEXT_LIMIT),
            )
        )


def give_up(transaction: Transaction, notice_id: str, *, detail: str) -> None:
    """It will not be told: in the audit. What waits behind it of the same key goes on."""
    row = _pending(transaction, notice_id)
    if row is not None:
        _give_up(transaction, row, detail)


def latest(transaction: Transaction, *, limit: int, pending_only: bool) -> Sequence[Posting]:
    """Latest first."""
    question = select(postings).where(_of(transaction))
    if pending_only:
        question = question.where(postings.c.state == _PENDING)
    rows = transaction.connection.execute(question.order_by(postings.c.number.desc()).limit(limit))
    return [_posting(row) for row in rows]


def _of(transaction: Transaction) -> ColumnElement[bool]:
    return postings.c.environment == transaction.environment


def _known(transaction: Transaction, ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(ids), _CLAIMED_AT_ONCE):
        few = postings.c.id.in_(ids[start : start + _CLAIMED_AT_ONCE])
        known.update(transaction.connection.execute(select(postings.c.id).where(_of(transaction), few)).scalars())
    return known


def _pending(transaction: Transaction, notice_id: str) -> Row[Any] | None:
    """The row of a notice; None when it was put away. Raises StoreError when there is no such notice."""
    notice_id = clean(notice_id, limit=TEXT_LIMIT)
    row = transaction.connection.execute(select(postings).where(_of(transaction), postings.c.id == notice_id)).first()
    if row is None:
        raise StoreError(f"there is no notice {notice_id} in environment {transaction.environment}")
    return row if row.state == _PENDING else None


def _readable(transaction: Transaction, row: Row[Any]) -> Posting | None:
    try:
        return _posting(row)
    except StoreError as error:
        _give_up(transaction, row, error.message)
        return None


def _give_up(transaction: Transaction, row: Row[Any], detail: str) -> None:
    _end(transaction, row, PostingState.GIVEN_UP, detail)
    if row.kind == NoticeKind.RESOLVE:
        threads.end(transaction, row.channel, row.key)
    data = {"notice": row.id, "channel": row.channel, "kind": row.kind, "summary": row.summary, "detail": detail}
    audit.record(transaction, "notice.given_up", actor="npconsole", target=row.key, data=data)


def _end(transaction: Transaction, row: Row[Any], state: PostingState, detail: str, *, reference: str = "") -> None:
    transaction.connection.execute(
        update(postings)
        .where(postings.c.number == row.number)
        .values(
            state=state.value,
            detail=clean(detail, limit=TEXT_LIMIT),
            reference=reference,
            ended_wall=transaction.now.wall,
        )
    )


def _row(notice: Notice) -> dict[str, Any]:
    facts = [(name(fact), clean(value, limit=TEXT_LIMIT)) for fact, value in notice.facts[:_FACTS]]
    return {
        "id": clean(notice.id, limit=TEXT_LIMIT),
        "channel": name(notice.channel),
        "kind": notice.kind.value,
        "key": clean(notice.key, limit=TEXT_LIMIT),
        "severity": notice.severity.value,
        "summary": clean(notice.summary, limit=OUTCOME_LIMIT),
        "wall": finite(notice.wall, "the time of a notice"),
        "source": clean(notice.source, limit=TEXT_LIMIT),
        "facts": msgspec.json.encode(facts).decode(),
        "link": clean(notice.link, limit=OUTCOME_LIMIT),
        "began_wall": number(notice.began_wall),
    }


def _posting(row: Row[Any]) -> Posting:
    try:
        kind, severity, state = NoticeKind(row.kind), Severity(row.severity), PostingState(row.state)
        facts = msgspec.json.decode(row.facts, type=tuple[tuple[str, str], ...])
    except (msgspec.DecodeError, ValueError) as error:
        raise StoreError(f"notice {clean(row.id)} in the memory is damaged: {clean(error)}") from error
    notice = Notice(
        id=row.id,
        channel=row.channel,
        kind=kind,
        key=row.key,
        severity=severity,
        summary=row.summary,
        wall=row.wall,
        source=row.source,
        facts=facts,
        link=row.link,
        began_wall=row.began_wall,
    )
    return Posting(notice, state, row.attempts, row.next_wall, row.detail, row.reference)
