"""Text to the clipboard of the person's own terminal, over SSH too: OSC 52."""

from base64 import b64encode

LIMIT_BYTES = 50_000
"""Terminals drop sequences of more than about 100 kB; base64 adds a third."""


def osc52(text: str, *, tmux: bool) -> str:
    """The sequence that sets the clipboard. In tmux it is sent plain (for `set-clipboard on`) and passed through."""
    encoded = b64encode(text.encode("utf-8", "replace")[:LIMIT_BYTES]).decode("ascii")
    plain = f"\x1b]52;c;{encoded}\x07"
    return f"{plain}\x1bPtmux;\x1b{plain}\x1b\\" if tmux else plain
