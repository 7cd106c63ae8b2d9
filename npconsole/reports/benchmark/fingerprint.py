"""What two benchmarks must have in common, and why two must not be compared."""

import re
from dataclasses import fields

from npconsole.config.units import Seconds
from npconsole.model.benchmark import Fingerprint
from npconsole.model.load import Load, LoadModel, LoadPlan

_VERSION = re.compile(r"(\d+\.\d+)\.\d+\S*")
_WORDS = {
    "script": "the script",
    "target": "the target",
    "address": "the address",
    "load": "the load",
    "tool": "the load engine",
    "host": "the host that sends",
}
_DIGEST = re.compile(r"[0-9a-f]{16,}")


def fingerprint(load: Load, plan: LoadPlan, *, host: str) -> Fingerprint:
    """Of a load and what its engine said of it; `host` names the machine that sends.

    Patch versions of the engine are left out: `k6 v1.1.0` is `k6 v1.1`.
    """
    return Fingerprint(
        script=plan.script_digest,
        target=load.target,
        address=load.address,
        load=_load(load),
        tool=_VERSION.sub(r"\1", plan.tool),
        host=host,
    )


def incomparable(before: Fingerprint, after: Fingerprint) -> str:
    """Every part that differs, with both values; empty when the two may be compared."""
    return "; ".join(
        f"{_WORDS[field.name]} differs: {_shown(first)} and {_shown(second)}"
        for field in fields(Fingerprint)
        if (first := getattr(before, field.name)) != (second := getattr(after, field.name))
    )


def _load(load: Load) -> str:
    """`closed 100 users 1m`, `open 50/s 100 users 90s`, with what else changes the traffic."""
    size = "closed" if load.model is LoadModel.CLOSED else f"open {load.rate:g}/s"
    words = [f"{size} {load.users} users {Seconds(load.duration_s)}"]
    if load.asset:
        words.append(f"asset {load.asset}")
    if load.cloud:
        words.append("from the cloud")
    return ", ".join(words)


def _shown(value: str) -> str:
    return f"{value[:12]}…" if _DIGEST.fullmatch(value) else value or "none"
