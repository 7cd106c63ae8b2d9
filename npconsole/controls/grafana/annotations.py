"""Marks on every dashboard of a Grafana: `POST /api/annotations` without a dashboard's id.

That address is a legacy one since Grafana 13, which has no other for annotations yet.
"""

from collections.abc import Callable
from dataclasses import dataclass

from npconsole.controls.shape import shaped
from npconsole.controls.status import accepted
from npconsole.controls.writing import writing
from npconsole.model.annotation import Annotation
from npconsole.model.clock import Clock
from npconsole.model.secret import Secret
from npconsole.net.http import Credential, Http, decode_json
from npconsole.net.text import clean

WHAT = "Grafana annotation"
LONGEST_TEXT = 1000
LONGEST_TAG = 50


@dataclass(frozen=True, slots=True)
class GrafanaAccess:
    """Where Grafana is, and the service account's token that opens it; it needs annotations:create."""

    url: str
    token: Callable[[], Secret]
    setting: str = "grafana.token"


class GrafanaAnnotations:
    """Fulfils AnnotationControl. Each request takes `deadline_s` seconds at most."""

    def __init__(self, http: Http, access: GrafanaAccess, *, deadline_s: float, clock: Clock) -> None:
        self._http = http
        self._access = access
        self._deadline_s = deadline_s
        self._clock = clock
        self._credential = Credential(access.url, "Authorization", "Bearer", access.token, access.setting)

    async def annotate(self, annotation: Annotation) -> None:
        """A region from `time` to `timeEnd`, in ms, that any dashboard finds by its tags."""
        with writing():
            answer = await self._http.request(
                "POST",
                f"{self._access.url.rstrip('/')}/api/annotations",
                what=WHAT,
                deadline_s=self._deadline_s,
                json=_body(annotation),
                credential=self._credential,
                fresh=True,
            )
            hint = "is grafana.url the address of a Grafana, and may the token create annotations?"
            taken = accepted(answer, what=WHAT, setting=self._access.setting, wall=self._clock.wall(), hint=hint)
            shaped(decode_json(taken, what=WHAT), dict, what=WHAT)


def _body(annotation: Annotation) -> dict[str, object]:
    return {
        "text": clean(annotation.text, limit=LONGEST_TEXT),
        "tags": [clean(tag, limit=LONGEST_TAG) for tag in annotation.tags],
        "time": round(annotation.begin_wall * 1000),
        "timeEnd": round(annotation.end_wall * 1000),
    }
