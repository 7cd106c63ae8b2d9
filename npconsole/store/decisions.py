"""What the healer decided, by id, for a while: `KEPT` rows at most, and none older than `KEPT_S`."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, delete, insert, or_, select, update

from npconsole.errors import StoreError
from npconsole.model.heal import Choice, Decision, Evidence
from npconsole.model.run import Verdict
from npconsole.net.text import clean
from npconsole.store.plain import OUTCOME_LIMIT, TEXT_LIMIT, finite, name
from npconsole.store.tables import decisions
from npconsole.store.transaction import Transaction

KEPT = 10_000
KEPT_S = 30 * 86400.0
_EVIDENCE = 50


def put(transaction: Transaction, made: Sequence[Decision]) -> None:
    """Keep them; one whose id is known takes the place of the earlier."""
    for decision in made:
        row = _row(decision)
        key = (decisions.c.environment == transaction.environment) & (decisions.c.id == row["id"])
        if transaction.connection.execute(update(decisions).where(key).values(row)).rowcount == 0:
            transaction.connection.execute(insert(decisions).values(row | {"environment": transaction.environment}))
    if made:
        _forget(transaction)


def latest(transaction: Transaction, *, rule: str, target: str, limit: int) -> Sequence[Decision]:
    """Latest first, of a rule and a target where they are given."""
    question = select(decisions).where(decisions.c.environment == transaction.environment)
    if rule:
        question = question.where(decisions.c.rule == name(rule))
    if target:
        question = question.where(decisions.c.target == name(target))
    rows = question.order_by(decisions.c.wall.desc(), decisions.c.number.desc()).limit(limit)
    return [_decision(row) for row in transaction.connection.execute(rows)]


def _forget(transaction: Transaction) -> None:
    own = decisions.c.environment == transaction.environment
    first_gone = transaction.connection.execute(
        select(decisions.c.wall).where(own).order_by(decisions.c.wall.desc()).offset(KEPT).limit(1)
    ).scalar()
    is_old = [decisions.c.wall < transaction.now.wall - KEPT_S]
    is_old += [decisions.c.wall <= first_gone] if first_gone is not None else []
    transaction.connection.execute(delete(decisions).where(own, or_(*is_old)))


def _row(decision: Decision) -> dict[str, Any]:
    evidence = [
        (name(each.name), bool(each.stops), clean(each.words, limit=TEXT_LIMIT))
        for each in decision.evidence[:_EVIDENCE]
    ]
    return {
        "id": name(decision.id),
        "wall": finite(decision.wall, "the time of a decision"),
        "rule": name(decision.rule),
        "target": name(decision.target),
        "choice": decision.choice.value,
        "words": clean(decision.words, limit=TEXT_LIMIT),
        "action": name(decision.action),
        "evidence": msgspec.json.encode(evidence).decode(),
        "run_id": name(decision.run_id),
        "verdict": decision.verdict.value if decision.verdict else None,
        "outcome": clean(decision.outcome, limit=OUTCOME_LIMIT),
    }


def _decision(row: Row[Any]) -> Decision:
    try:
        choice, verdict = Choice(row.choice), Verdict(row.verdict) if row.verdict else None
        evidence = msgspec.json.decode(row.evidence, type=list[tuple[str, bool, str]])
    except (msgspec.DecodeError, ValueError) as error:
        raise StoreError(f"decision {clean(row.id)} in the memory is damaged: {clean(error)}") from error
    return Decision(
        id=row.id,
        wall=row.wall,
        rule=row.rule,
        target=row.target,
        choice=choice,
        words=row.words,
        action=row.action,
        evidence=tuple(Evidence(*each) for each in evidence),
        run_id=row.run_id,
        verdict=verdict,
        outcome=row.outcome,
    )
