"""A region's metrics page for a real Prometheus: every scrape finds the same traffic added to the counters."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

STARTED_AT = 1_795_000_000.0
MEMORY_BYTES = 150e6


@dataclass(frozen=True, slots=True)
class Traffic:
    """What happens between two scrapes. `latencies` in the unit of the page."""

    latencies: tuple[float, ...]
    errors: int
    hits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Page:
    """One generation of the page, written by the library that services write it with."""

    generation: str
    traffic: Traffic
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def publish(self) -> "Published":
        """Register the families of the generation."""
        ms = self.generation == "v17.1"
        buckets = (10, 50, 100, 200, 400, 800, 1600) if ms else (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)
        name = "http_request_duration_ms" if ms else "http_request_duration_seconds"
        Gauge("process_resident_memory_bytes", "", registry=self.registry).set(MEMORY_BYTES)
        Gauge("process_start_time_seconds", "", registry=self.registry).set(STARTED_AT)
        return Published(
            self,
            Histogram(name, "", ["route"], buckets=buckets, registry=self.registry),
            Counter("http_requests_total", "", ["status_code"], registry=self.registry),
            Counter("cache_hits_total", "", registry=self.registry),
            Counter("cache_requests_total" if ms else "cache_misses_total", "", registry=self.registry),
        )


@dataclass(frozen=True, slots=True)
class Published:
    """A page with its metrics."""

    page: Page
    latency: Histogram
    requests: Counter
    hits: Counter
    others: Counter

    def scrape(self) -> bytes:
        """Add one portion of traffic and write the page."""
        traffic = self.page.traffic
        for latency in traffic.latencies:
            self.latency.labels("/api/items").observe(latency)
        self.requests.labels("500").inc(traffic.errors)
        self.requests.labels("200").inc(len(traffic.latencies) - traffic.errors)
        self.hits.inc(traffic.hits)
        self.others.inc(traffic.misses + (traffic.hits if self.page.generation == "v17.1" else 0))
        return generate_latest(self.page.registry)


@contextmanager
def served(page: Page) -> Iterator[str]:
    """Serve `/metrics`; yields `host:port`."""
    published = page.publish()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = published.scrape()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
