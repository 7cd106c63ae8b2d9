"""Text for Slack in which nothing is a mention, a link or markup."""

from npconsole.net.text import ELLIPSIS, clean

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""The three characters by which Slack marks mentions and links; no other is to be escaped.
https://docs.slack.dev/messaging/formatting-message-text#escaping
"""


def escaped(text: str, limit: int) -> str:
    """The text cleaned and escaped, at most `limit` characters long as it is sent; no entity is cut in two."""
    pieces: list[str] = []
    used = 0
    cleaned = clean(text, limit=limit + 1, lines=True)
    for number, character in enumerate(cleaned):
        piece = _ENTITIES.get(character, character)
        rest = 0 if number == len(cleaned) - 1 else len(ELLIPSIS)
        if used + len(piece) + rest > limit:
            return "".join((*pieces, ELLIPSIS))
        pieces.append(piece)
        used += len(piece)
    return "".join(pieces)


def plain(text: str, limit: int) -> dict[str, object]:
    """A text object that Slack shows as it is: no markup, no emoji codes."""
    return {"type": "plain_text", "text": escaped(text, limit) or "-", "emoji": False}
