"""Block Kit's limits. https://docs.slack.dev/reference/block-kit/blocks"""

from collections.abc import Mapping, Sequence
from typing import Any

MOST_BLOCKS = 50
HEADER_LIMIT = 150
SECTION_LIMIT = 3000
FIELD_LIMIT = 2000
MOST_FIELDS = 10
MOST_ELEMENTS = 10
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def block_problem(blocks: Sequence[Any]) -> str:
    """What is wrong with a message's blocks, empty when nothing is."""
    if len(blocks) > MOST_BLOCKS:
        return "too many blocks"
    return next(filter(None, map(_problem, blocks)), "")


def _problem(block: Any) -> str:
    if not isinstance(block, dict):
        return "a block is not an object"
    match block.get("type"):
        case "header":
            return _text_problem(block.get("text"), HEADER_LIMIT, plain=True)
        case "section":
            return _section_problem(block)
        case "context":
            elements = block.get("elements")
            if not isinstance(elements, list) or not 1 <= len(elements) <= MOST_ELEMENTS:
                return "a context has one to ten elements"
            return next(filter(None, (_text_problem(each, FIELD_LIMIT) for each in elements)), "")
        case "divider":
            return ""
    return "a block of an unknown type"


def _section_problem(block: Mapping[str, Any]) -> str:
    text, fields = block.get("text"), block.get("fields")
    if text is None and fields is None:
        return "a section has text or fields"
    problem = "" if text is None else _text_problem(text, SECTION_LIMIT)
    if problem or fields is None:
        return problem
    if not isinstance(fields, list) or not 1 <= len(fields) <= MOST_FIELDS:
        return "a section has one to ten fields"
    return next(filter(None, (_text_problem(each, FIELD_LIMIT) for each in fields)), "")


def _text_problem(text: Any, limit: int, *, plain: bool = False) -> str:
    if not isinstance(text, dict) or text.get("type") not in _TEXT_KEYS or (plain and text["type"] != "plain_text"):
        return "a text object of an unknown type"
    if set(text) - _TEXT_KEYS[text["type"]]:
        return "a text object with an unknown field"
    said = text.get("text")
    return "" if isinstance(said, str) and 1 <= len(said) <= limit else f"a text must have 1 to {limit} characters"
