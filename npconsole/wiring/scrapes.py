"""Where the scrapes are kept that one command leaves for the next to measure from."""

from collections.abc import Mapping
from pathlib import Path

from npconsole.sources.page.scrape import Scrapes, boot_id


def kept_scrapes(environ: Mapping[str, str]) -> Scrapes:
    """Those of this user, in `$XDG_CACHE_HOME/npconsole`, by default `~/.cache/npconsole`."""
    base = environ.get("XDG_CACHE_HOME", "")
    cache = Path(base) if base.startswith("/") else Path(environ.get("HOME") or "/") / ".cache"
    return Scrapes(cache / "npconsole/scrapes.json", boot=boot_id())
