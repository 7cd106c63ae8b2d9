"""A scripted PromQL store on loopback: real HTTP below the real client, and a record of what was asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    path: str
    query: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `chunks` go out one by one, each after `before_chunk` has returned."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    chunks: int = 1
    before_chunk: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Store:
    """The address, and all that was asked so far."""

    url: str
    asked: list[Asked]

    @property
    def queries(self) -> list[str]:
        """The queries in order."""
        return [each.query for each in self.asked]


def vector(*series: tuple[dict[str, str], str]) -> Reply:
    """A successful instant answer: labels and value of each series."""
    return result([{"metric": labels, "value": [1_795_000_000.5, value]} for labels, value in series])


def result(value: object) -> Reply:
    """A successful answer with this `data.result`."""
    return Reply(json.dumps({"status": "success", "data": {"resultType": "vector", "result": value}}).encode())


@contextmanager
def store(answer: Callable[[Asked], Reply]) -> Iterator[Store]:
    """Serve `answer` for every request."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append(Asked(parts.path, parameters.get("query", ""), parameters, headers))
            reply = answer(asked[-1])
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            size = -(-len(reply.body) // reply.chunks) or 1
            try:
                for start in range(0, len(reply.body), size):
                    reply.before_chunk()
                    self.wfile.write(reply.body[start : start + size])
                    self.wfile.flush()
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Store(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
