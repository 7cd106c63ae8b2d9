"""The health check of a region or an edge. Always a measurement: not being answered is one too."""

import dataclasses
from collections.abc import Iterator
from itertools import islice

from npconsole.errors import BadAnswerError, UnreachableError
from npconsole.model.vitals import Health, Timings
from npconsole.net.answer import excerpt, looks_like, phrase
from npconsole.net.http import Answer, Http, decode_json
from npconsole.net.text import clean, number

MOST_FIELDS = 64
DEEPEST_FIELD = 8
LONGEST_VALUE = 200
MOST_BYTES = 1_000_000
REDIRECTS = 3


class Probe:
    """Reads `url` with a total deadline of `deadline_s` seconds.

    `region_field` (dotted) and `region_header` say where an edge's answer names the region that served it; the field
    goes first. Every `fresh_every`-th read opens a connection of its own, so that look-up, connect and TLS are
    measured; in between the last such figures stay. 0 leaves it to the connection's own end.
    """

    def __init__(
        self,
        http: Http,
        url: str,
        *,
        deadline_s: float,
        region_field: str = "",
        region_header: str = "",
        fresh_every: int = 6,
    ) -> None:
        self._http = http
        self._url = url
        self._deadline_s = deadline_s
        self._region_field = region_field
        self._region_header = region_header.lower()
        self._fresh_every = fresh_every
        self._reads = 0
        self._connected = Timings()

    async def read(self) -> Health:
        """One answer, or why there was none. Does not raise SourceError."""
        fresh = self._fresh_every > 0 and self._reads % self._fresh_every == 0
        self._reads += 1
        try:
            answer = await self._http.request(
                "GET",
                self._url,
                what="",
                deadline_s=self._deadline_s,
                headers={"accept": "application/json, */*;q=0.5"},
                max_bytes=MOST_BYTES,
                same_host_redirects=REDIRECTS,
                fresh=fresh,
            )
        except UnreachableError as error:
            return Health(failure=error.failure, detail=error.message)
        except BadAnswerError as error:
            return Health(detail=error.message)
        return self._health(answer)

    def _health(self, answer: Answer) -> Health:
        document = _document(answer)
        known = document or {}
        word = _plain(known.get("status")).lower()
        return Health(
            status=answer.status,
            word=word,
            version=_plain(known.get("version")),
            uptime_s=_uptime_s(known),
            answered_by=_at(known, self._region_field) or answer.headers.get(self._region_header, ""),
            cf_ray=answer.headers.get("cf-ray", ""),
            fields=_fields(known),
            timings=self._timings(answer.timings),
            detail=_detail(answer, document, word),
        )

    def _timings(self, timings: Timings) -> Timings:
        """The exchange's own times, with those of the last new connection where it used an old one."""
        if timings.connect_ms is not None:
            self._connected = timings
        last = self._connected
        return dataclasses.replace(timings, dns_ms=last.dns_ms, connect_ms=last.connect_ms, tls_ms=last.tls_ms)


def _document(answer: Answer) -> dict[str, object] | None:
    """The body as a JSON object, or None for anything else."""
    try:
        document = decode_json(answer, what="health")
    except BadAnswerError:
        return None
    return document if isinstance(document, dict) else None


def _uptime_s(document: dict[str, object]) -> float | None:
    uptime = number(document.get("uptime"))
    return uptime if uptime is not None and uptime >= 0 else None


def _at(document: dict[str, object], dotted: str) -> str:
    """The plain value at a dotted name, empty when there is none."""
    value: object = document
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return _plain(value)


def _fields(document: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """The first fields by dotted name, those of the outer levels first, without the ones that have their own place."""
    others = {key: value for key, value in document.items() if key not in ("status", "version", "uptime")}
    return tuple(islice(_walk(others), MOST_FIELDS))


def _walk(document: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Name and text of each leaf, level by level; a list is one leaf, what lies too deep is left out."""
    level: list[tuple[str, object]] = list(document.items())
    for _ in range(DEEPEST_FIELD):
        deeper: list[tuple[str, object]] = []
        for name, value in level:
            if isinstance(value, dict):
                deeper += [(f"{name}.{key}", child) for key, child in islice(value.items(), MOST_FIELDS)]
            else:
                yield clean(name, limit=LONGEST_VALUE), _plain(value)
        level = deeper[:MOST_FIELDS]


def _plain(value: object) -> str:
    """A value in one line: plain values as they are, a list by its plain members, anything else as nothing."""
    if isinstance(value, list):
        return clean(
            ", ".join(_plain(child) for child in value[:20] if not isinstance(child, list)), limit=LONGEST_VALUE
        )
    if isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(f"{value:.10g}" if isinstance(value, float) else value, limit=LONGEST_VALUE)


def _detail(answer: Answer, document: dict[str, object] | None, word: str) -> str:
    """What is wrong in one line, empty when nothing is."""
    if not 200 <= answer.status < 300:
        location = answer.headers.get("location", "").partition("?")[0]
        is_redirect = 300 <= answer.status < 400 and location
        said = f"redirects to {location}" if is_redirect else excerpt(answer) or (word and f"status {word}")
        return phrase(answer.status) + (f": {said}" if said else "")
    if document is None:
        kind = looks_like(answer.body)
        shape = "an object" if kind == "JSON" else "JSON"
        return f"answered {answer.status} but is not {shape} ({kind})"
    if word == "ok":
        return ""
    if not word:
        return f"answered {answer.status} but says no status"
    said = excerpt(answer)
    return f"status is {word}" + (f": {said}" if said and said.lower() != word else "")
