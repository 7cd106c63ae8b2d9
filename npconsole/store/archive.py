"""The benchmarks that were kept, with their baselines and the noise of calibration."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from npconsole.errors import UsageError
from npconsole.model.benchmark import Benchmark, Fingerprint, Noise
from npconsole.store import audit
from npconsole.store.form import FORM, benchmark_of, blocks_of, body_of, digest_of, noise_of, noise_text
from npconsole.store.memory import Memory
from npconsole.store.plain import finite, name, within
from npconsole.store.tables import baselines, benchmarks, noise
from npconsole.store.transaction import Transaction

_LIST = "`npconsole bench list` shows what there is"
_NAMED_AT_ONCE = 5


class StoredArchive:
    """Fulfils `npconsole.model.benchmark.BenchmarkArchive`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def add(self, benchmark: Benchmark) -> None:
        row = {
            "id": name(benchmark.id),
            "wall": finite(benchmark.wall, "the end of the benchmark"),
            "status": benchmark.status.value,
            "target": name(benchmark.load.target),
            "fingerprint": digest_of(benchmark.fingerprint),
            "form": FORM,
            "body": body_of(benchmark),
            "blocks": blocks_of(benchmark),
        }
        if not row["id"]:
            raise UsageError("a benchmark is kept by its id, and this one has none")
        self._memory.write(lambda transaction: _add(transaction, row))

    def find(self, id_prefix: str) -> Benchmark:
        def work(transaction: Transaction) -> Row[Any]:
            return transaction.connection.execute(
                select(benchmarks).where(_of(transaction, _resolved(transaction, id_prefix)))
            ).one()

        row = self._memory.read(work)
        return benchmark_of(row.id, row.form, row.body, row.blocks)

    def recent(self, *, target: str = "", limit: int = 50) -> Sequence[Benchmark]:
        # read out inside the transaction and decoded after it: a reader keeps writers of a file waiting
        rows = self._memory.read(lambda transaction: _recent(transaction, target, within(limit)))
        return [benchmark_of(*row) for row in rows]

    def name_baseline(self, name: str, benchmark_id: str, *, actor: str) -> None:
        self._memory.write(lambda transaction: _name(transaction, name, benchmark_id, actor))

    def baselines(self) -> Sequence[tuple[str, str]]:
        def work(transaction: Transaction) -> Sequence[tuple[str, str]]:
            rows = transaction.connection.execute(
                select(baselines.c.name, baselines.c.benchmark_id).where(
                    baselines.c.environment == transaction.environment
                )
            )
            return sorted((row.name, row.benchmark_id) for row in rows)

        return self._memory.read(work)

    def noise(self, fingerprint: Fingerprint) -> Noise | None:
        def work(transaction: Transaction) -> Noise | None:
            row = transaction.connection.execute(
                select(noise.c.form, noise.c.body).where(_noise_key(transaction, fingerprint))
            ).first()
            return noise_of(row.form, row.body) if row is not None else None

        return self._memory.read(work)

    def learn(self, fingerprint: Fingerprint, noise: Noise) -> None:
        body = noise_text(noise)
        self._memory.write(lambda transaction: _learn(transaction, fingerprint, body))


def _add(transaction: Transaction, row: dict[str, object]) -> None:
    known = select(benchmarks.c.number).where(_of(transaction, str(row["id"])))
    if transaction.connection.execute(known).first() is None:
        transaction.connection.execute(insert(benchmarks).values(row | {"environment": transaction.environment}))


def _recent(transaction: Transaction, target: str, limit: int) -> Sequence[tuple[str, int, str]]:
    """The ids, forms and bodies of the latest."""
    question = select(benchmarks.c.id, benchmarks.c.form, benchmarks.c.body).where(
        benchmarks.c.environment == transaction.environment
    )
    if target:
        question = question.where(benchmarks.c.target == name(target))
    latest = question.order_by(benchmarks.c.wall.desc(), benchmarks.c.number.desc()).limit(limit)
    return [(row.id, row.form, row.body) for row in transaction.connection.execute(latest)]


def _resolved(transaction: Transaction, id_prefix: str) -> str:
    """The whole id. Raises UsageError when none begins so, or more than one does and none is it."""
    prefix = name(id_prefix).strip()
    # substr, for LIKE does not tell upper from lower case on SQLite
    begins = (benchmarks.c.environment == transaction.environment) & (
        func.substr(benchmarks.c.id, 1, len(prefix)) == prefix
    )
    found = list(
        transaction.connection.execute(select(benchmarks.c.id).where(begins).order_by(benchmarks.c.id)).scalars()
    )
    if not prefix or not found:
        raise UsageError(f"there is no benchmark {prefix!r}", hint=_LIST)
    if len(found) > 1 and prefix not in found:
        few = ", ".join(found[:_NAMED_AT_ONCE]) + ("…" if len(found) > _NAMED_AT_ONCE else "")
        raise UsageError(f"{len(found)} benchmarks begin with {prefix!r}: {few}", hint="give more of the id")
    return prefix if prefix in found else found[0]


def _name(transaction: Transaction, baseline: str, benchmark_id: str, actor: str) -> None:
    baseline = name(baseline).strip()
    if not baseline:
        raise UsageError("a baseline needs a name")
    full_id = _resolved(transaction, benchmark_id) if benchmark_id else ""
    key = (baselines.c.environment == transaction.environment) & (baselines.c.name == baseline)
    had = transaction.connection.execute(delete(baselines).where(key)).rowcount
    if full_id:
        row = {"environment": transaction.environment, "name": baseline, "benchmark_id": full_id}
        transaction.connection.execute(insert(baselines).values(row))
    elif not had:
        raise UsageError(f"there is no baseline {baseline!r}", hint=_LIST)
    kind = "baseline.set" if full_id else "baseline.cleared"
    audit.record(transaction, kind, actor=actor, target=baseline, data={"benchmark": full_id})


def _learn(transaction: Transaction, fingerprint: Fingerprint, body: str) -> None:
    values = {"form": FORM, "body": body}
    key = _noise_key(transaction, fingerprint)
    if transaction.connection.execute(update(noise).where(key).values(values)).rowcount == 0:
        own = {"environment": transaction.environment, "fingerprint": digest_of(fingerprint)}
        transaction.connection.execute(insert(noise).values(values | own))


def _of(transaction: Transaction, benchmark_id: str) -> ColumnElement[bool]:
    return (benchmarks.c.environment == transaction.environment) & (benchmarks.c.id == benchmark_id)


def _noise_key(transaction: Transaction, fingerprint: Fingerprint) -> ColumnElement[bool]:
    return (noise.c.environment == transaction.environment) & (noise.c.fingerprint == digest_of(fingerprint))
