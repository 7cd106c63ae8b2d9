"""A record behind an edge, written and read back during a drill: PUT stores `{"number": n}`, GET answers it."""

from npconsole.controls.shape import shaped
from npconsole.errors import BadAnswerError
from npconsole.model.clock import Clock
from npconsole.net.http import Http, accept, decode_json

WHAT = "write probe"


class RecordProbe:
    """Fulfils WriteProbe."""

    def __init__(self, http: Http, url: str, *, deadline_s: float, clock: Clock) -> None:
        self._http = http
        self._url = url
        self._deadline_s = deadline_s
        self._clock = clock

    async def write(self, number: int) -> None:
        """Raises SourceError unless the service has acknowledged it."""
        answer = await self._http.request(
            "PUT", self._url, what=WHAT, deadline_s=self._deadline_s, json={"number": number}
        )
        accept(answer, what=WHAT, wall=self._clock.wall())

    async def read(self) -> int | None:
        """Raises SourceError for anything but a number or nothing."""
        answer = await self._http.request("GET", self._url, what=WHAT, deadline_s=self._deadline_s)
        if answer.status == 404:
            return None
        body = shaped(decode_json(accept(answer, what=WHAT, wall=self._clock.wall()), what=WHAT), dict, what=WHAT)
        number = body.get("number")
        if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
            raise BadAnswerError(f"{WHAT}: the answer has no whole number")
        return number
