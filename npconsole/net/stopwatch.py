"""Where the time of one exchange goes, from httpcore's trace events. Cheap enough for every request."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from npconsole.model.vitals import Timings


class Phase(StrEnum):
    """What an exchange is busy with; the words of its time-out message."""

    CONNECT = "no connection"
    TLS = "no end of the TLS handshake"
    ANSWER = "no answer"
    BODY = "no end of the answer"


class Stopwatch:
    """Times one exchange, or several in a row after redirects, of which the last counts. `now` is in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._started = now()
        self._mark = self._started
        self.phase = Phase.ANSWER
        self.is_connected_anew = False
        self.is_sent = False
        self._dns_ms: float | None = None
        self._connect_ms: float | None = None
        self._tls_ms: float | None = None
        self._first_byte_ms: float | None = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore's `trace` extension: called as each step starts and ends."""
        match event:
            case "connection.connect_tcp.started":
                self._begin(Phase.CONNECT)
                self.is_connected_anew = True
            case "connection.connect_tcp.complete":
                self._dns_ms = info["return_value"].get_extra_info("dns_ms")
                self._connect_ms = self._since_mark_ms() - (self._dns_ms or 0.0)
            case "connection.start_tls.started":
                self._begin(Phase.TLS)
            case "connection.start_tls.complete":
                self._tls_ms = self._since_mark_ms()
            case "http11.send_request_headers.started":
                self._begin(Phase.ANSWER)
                self.is_sent = True
            case "http11.receive_response_headers.complete":
                self._first_byte_ms = self._since_mark_ms()
                self.phase = Phase.BODY

    def timings(self) -> Timings:
        """What was measured so far. `first_byte_ms` runs from the sending of the request, `total_ms` from the start."""
        total_ms = (self._now() - self._started) * 1000
        return Timings(self._dns_ms, self._connect_ms, self._tls_ms, self._first_byte_ms, total_ms)

    def _begin(self, phase: Phase) -> None:
        self.phase = phase
        self._mark = self._now()

    def _since_mark_ms(self) -> float:
        return (self._now() - self._mark) * 1000
