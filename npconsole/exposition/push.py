"""The push for commands that end before anybody could scrape them."""

from urllib.parse import quote

from npconsole.errors import BadAnswerError, LimitedError, ServerError, UnauthorisedError
from npconsole.exposition.page import CONTENT_TYPE
from npconsole.net.http import Http
from npconsole.net.text import clean


async def push(http: Http, url: str, body: bytes, *, instance: str, deadline_s: float) -> None:
    """Replace this instance's metrics at a Pushgateway (PUT /metrics/job/JOB/instance/INSTANCE, its README).

    Raises SourceError when they did not get there.
    """
    address = f"{url}/metrics/job/npconsole/instance/{quote(instance, safe='')}"
    answer = await http.request(
        "PUT",
        address,
        what="the Pushgateway",
        deadline_s=deadline_s,
        headers={"content-type": CONTENT_TYPE},
        content=body,
    )
    said = clean(answer.body.decode("utf-8", "replace"), limit=200)
    match answer.status:
        case 200 | 202:
            return
        case 401 | 403:
            raise UnauthorisedError("the Pushgateway refuses this host", hint="see daemon.push")
        case 429:
            raise LimitedError("the Pushgateway asks to wait", None)
        case status if status >= 500:
            raise ServerError(f"the Pushgateway answered {status}", status)
        case status:
            raise BadAnswerError(f"the Pushgateway answered {status}: {said}")
