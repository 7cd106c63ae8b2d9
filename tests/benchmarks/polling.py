"""What it costs to watch many regions: the engine alone, every region's health and metrics page each interval.

python -m tests.benchmarks.polling --regions 1000 --interval 10 --seconds 40
"""

import argparse
import asyncio
import multiprocessing
import os
import re
import sys
import time
from collections import Counter

from npconsole.config.schema import convert

LABELS = 'method="GET",route="/api/items",status_code="200"'
PAGE = f"http_requests_total{{{LABELS}}} COUNT\n" + "".join(
    f'http_request_duration_ms_bucket{{{LABELS},le="{bound}"}} COUNT\n'
    for bound in (10, 50, 100, 200, 400, 800, 1600, "+Inf")
)


def serve(ports: "multiprocessing.Queue[int]", count: int) -> None:
    """A small server on so many ports, one for each region as in life, that answers both paths."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                metrics = b"/metrics" in head.split(b"\r\n", 1)[0]
                total = int(time.time() * 50)
                body = (PAGE.replace("COUNT", str(total)) if metrics else '{"status":"ok","version":"1"}').encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(count)]
        for server in servers:
            ports.put(server.sockets[0].getsockname()[1])
        await servers[0].serve_forever()

    asyncio.run(main())


def main() -> int:
    """Start the server, watch, measure this process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--regions", type=int, default=1000)
    parser.add_argument("--interval", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=40)
    options = parser.parse_args()
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(ports, options.regions), daemon=True)
    server.start()
    every = f"{options.interval}s"
    origins = [f"http://127.0.0.1:{ports.get()}" for _ in range(options.regions)]
    regions = [{"name": f"r{number}", "origin": origin} for number, origin in enumerate(origins)]
    config = convert(
        {
            "services": [{"name": "api", "regions": regions}],
            "poll": {"health": every, "metrics": every},
            "connectivity": {"urls": [f"{origins[0]}/health"]},
        }
    )
    from npconsole.wiring import build_feed

    feed = build_feed(config, environ=os.environ)
    feed.start()
    time.sleep(options.interval * 2)
    before, began = time.process_time(), time.perf_counter()
    time.sleep(options.seconds)
    share = (time.process_time() - before) / (time.perf_counter() - began)
    snapshot = feed.snapshot
    well = sum(state.level == "ok" for state in snapshot.regions)
    ages = sorted(snapshot.now - (state.health.at or 0) for state in snapshot.regions)
    feed.stop()
    why = Counter(re.sub(r"[\d.]+ (s|min)", "N", state.judgement.reason) for state in snapshot.regions)
    print(dict(why.most_common(3)))
    print(f"{options.regions} regions every {every}: {share:.1%} of a core, {well} ok, oldest answer {ages[-1]:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
