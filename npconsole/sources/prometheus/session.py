"""The `requests` session beneath prometheus-api-client: bounded, blind to the environment, without redirects.

Every answer is judged here and not in the client, whose errors keep no header and hide the status in a text.
"""

import io
import ssl
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.util.retry import Retry

from npconsole.errors import BadAnswerError
from npconsole.model.vitals import Timings
from npconsole.net.answer import Answer
from npconsole.net.text import clean
from npconsole.net.tls import client_context

CHUNK_BYTES = 65_536


class BoundedSession(requests.Session):
    """A session whose every exchange ends within `deadline_s` and `max_bytes` after decompression.

    `judge` raises for an answer that is not good; its error is what the caller sees. Trouble on the way is an exception
    of requests or urllib3.
    """

    def __init__(self, *, deadline_s: float, max_bytes: int, judge: Callable[[Answer], object]) -> None:
        super().__init__()
        self.trust_env = False
        self._deadline_s = deadline_s
        self._max_bytes = max_bytes
        self._judge = judge

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """One exchange. Credentials follow no redirect, since none is followed."""
        ends = time.monotonic() + self._deadline_s
        options |= {"timeout": self._deadline_s, "stream": True, "allow_redirects": False}
        with super().request(method, url, *args, **options) as response:
            body = self._body(response.raw, ends)
        headers = {name.lower(): clean(value) for name, value in response.headers.items()}
        self._judge(Answer(response.status_code, headers, body, Timings()))
        response.raw = io.BytesIO(body)
        return response

    def _body(self, raw: BaseHTTPResponse, ends: float) -> bytes:
        """The whole body. `read1` returns what has come, so that a trickle cannot outlast the deadline."""
        body = bytearray()
        while chunk := raw.read1(CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._max_bytes:
                raise BadAnswerError(
                    f"Prometheus: the answer is larger than {self._max_bytes} bytes",
                    hint="use labels that select fewer series, or a shorter prometheus.history",
                )
            if time.monotonic() > ends:
                raise TimeoutError
        return bytes(body)


class PlainAdapter(HTTPAdapter):
    """Never retries: that is the poller's to decide. Trusts the certificates that the other clients trust."""

    def __init__(self, tls: Callable[[], ssl.SSLContext] = client_context) -> None:
        self._tls = tls
        super().__init__(max_retries=Retry(total=0))

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._tls(), **options)
