"""The fingerprint of what a person confirms: action, target, inputs, calls and what they touch."""

import hashlib
import json

from npconsole.actions.frame import Draft, Order
from npconsole.model.action import ActionSpec

LENGTH = 32


def plan_digest(spec: ActionSpec, order: Order, draft: Draft) -> str:
    """The first hexadecimal digits of a SHA-256 over canonical JSON. Figures that change by the second are left out."""
    content = {
        "action": spec.id,
        "target": order.target,
        "inputs": {name: list(values) for name, values in order.inputs.values.items()},
        "calls": [[call.vendor, call.call, call.writes, call.undo] for call in draft.calls],
        "scope": list(draft.scope),
        "takes_out": list(draft.takes_out),
        "typed": draft.typed,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:LENGTH]
