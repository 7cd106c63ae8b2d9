"""A journal that can be taken away in the middle of a run, as a full disk or a server that is gone would."""

from typing import Any

from npconsole.errors import StoreError
from npconsole.store.journal import StoredJournal


class FlakyJournal:
    """Passes everything on to a journal, unless it is `gone`."""

    def __init__(self, journal: StoredJournal) -> None:
        self._journal = journal
        self.gone = False

    def __getattr__(self, name: str) -> Any:
        if self.gone:
            raise StoreError("the memory cannot be written: no space left on device")
        return getattr(self._journal, name)
