"""Whether this host reaches anything at all, asked of addresses that have nothing to do with the estate."""

from collections.abc import Sequence

from npconsole.errors import BadAnswerError, UnreachableError
from npconsole.net.http import Http

MOST_BYTES = 100_000


class Connectivity:
    """Asks `urls` in turn, each within its share of `deadline_s` seconds, beginning with the one that last answered."""

    def __init__(self, http: Http, urls: Sequence[str], *, deadline_s: float) -> None:
        self._http = http
        self._urls = list(urls)
        self._deadline_s = deadline_s

    async def read(self) -> bool:
        """True at the first HTTP answer of any kind, False when there is none. Does not raise SourceError."""
        for url in list(self._urls):
            if await self._answers(url):
                self._urls.remove(url)
                self._urls.insert(0, url)
                return True
        return False

    async def _answers(self, url: str) -> bool:
        share_s = self._deadline_s / len(self._urls)
        try:
            await self._http.request("GET", url, what="connectivity", deadline_s=share_s, max_bytes=MOST_BYTES)
        except UnreachableError:
            return False
        except BadAnswerError:
            return True
        return True
