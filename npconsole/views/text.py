"""The only way for data into a widget: cleaned, and as a value that is never parsed as markup."""

from functools import lru_cache

from rich.style import Style as RichStyle
from rich.text import Text
from textual.content import Content
from textual.style import Style

from npconsole.net.text import clean


def content(value: object, style: str = "") -> Content:
    """Data as Textual content in one Rich style (`bold #ff0000`, `default`), for labels and titles."""
    cleaned = clean(value)
    return Content.styled(cleaned, visual_style(style)) if style else Content(cleaned)


def text(value: object, style: str = "") -> Text:
    """Data as Rich text in one Rich style, without a line end, for cells and lines."""
    return Text(clean(value), style=style, end="")


@lru_cache(256)
def visual_style(style: str) -> Style:
    """A Rich style string as Textual's style, so that `Content` and `Text` speak the same words."""
    return Style.from_rich_style(RichStyle.parse(style))
