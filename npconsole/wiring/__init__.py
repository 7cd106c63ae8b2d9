"""The only composer: configuration to adapters to ports to engine and runner. Nothing else knows both sides of a port.

What only looks is here; what acts is in the modules beside, which a screen that only looks never imports.
"""

from npconsole.wiring.feed import build_feed, look_once
from npconsole.wiring.redaction import redactor

__all__ = ["build_feed", "look_once", "redactor"]
