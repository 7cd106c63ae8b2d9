"""What it costs to watch, heal and alert for many regions: a whole daemon, by its own account.

python -m tests.benchmarks.heal_scale --regions 1000 --interval 10 --seconds 60

The first three intervals are not counted: connections are made and memory is taken then.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.benchmarks.polling import serve

CPU_SHARE, MEMORY_MB, LAG_S = 0.25, 120.0, 0.2


def configuration(origins: list[str], interval_s: int) -> dict[str, Any]:
    """Regions of several services, as so many have; every other setting is the default."""
    every = f"{interval_s}s"
    services = [
        {"name": f"s{number}", "regions": [{"name": f"r{each}", "origin": origin} for each, origin in enumerate(part)]}
        for number, part in enumerate(origins[at : at + 10] for at in range(0, len(origins), 10))
    ]
    return {
        "environment": {"name": "scale", "tier": "development"},
        "services": services,
        "poll": {"health": every, "metrics": every},
        "connectivity": {"urls": [f"{origins[0]}/health"]},
        "heal": {"check_interval": every},
    }


def read(url: str) -> dict[str, float]:
    """Every sample of the daemon's page by its name, buckets by `name le`."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(httpx.get(f"{url}/metrics", trust_env=False, timeout=30).text):
        for sample in family.samples:
            found[f"{sample.name} {sample.labels['le']}" if "le" in sample.labels else sample.name] = sample.value
    return found


def quantile(before: dict[str, float], after: dict[str, float], name: str, q: float) -> float:
    """The upper bound of the bucket in which the share `q` of what came between lies."""
    buckets = sorted(
        (float(each.rpartition(" ")[2]), after[each] - before.get(each, 0.0))
        for each in after
        if each.startswith(f"{name}_bucket ")
    )
    return next((bound for bound, count in buckets if count >= q * buckets[-1][1]), float("inf"))


def pss_mb(pid: int) -> float:
    """What the process takes of this host's memory."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def main() -> int:
    """Start the regions and a daemon, wait, read its page twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--regions", type=int, default=1000)
    parser.add_argument("--interval", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    multiprocessing.Process(target=serve, args=(ports, options.regions), daemon=True).start()
    origins = [f"http://127.0.0.1:{ports.get()}" for _ in range(options.regions)]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = home / "config.yaml"
        path.write_text(json.dumps(configuration(origins, options.interval)))
        argv = [sys.executable, "-m", "npconsole", "--config", str(path), "heal", "run", "--listen", "127.0.0.1:0"]
        env = {
            **{k: v for k, v in os.environ.items() if k.startswith("MALLOC")},
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "XDG_STATE_HOME": f"{folder}/state",
        }
        log = home / "heal.log"
        with subprocess.Popen([*argv, "--log", str(log)], env=env, stderr=subprocess.DEVNULL) as daemon:
            try:
                while not log.exists() or "started" not in log.read_text():
                    time.sleep(0.2)
                url = f"http://{json.loads(log.read_text().splitlines()[0])['listen']}"
                time.sleep(3 * options.interval)
                before, began = read(url), time.monotonic()
                time.sleep(options.seconds)
                after, took_s = read(url), time.monotonic() - began
                memory_mb = pss_mb(daemon.pid)
            finally:
                daemon.terminate()
    cpu = (after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"]) / took_s
    lag_s = quantile(before, after, "npconsole_poll_lag_seconds", 0.99)
    usual = [quantile(before, after, "npconsole_poll_lag_seconds", q) for q in (0.5, 0.9)]
    check_s = quantile(before, after, "npconsole_heal_check_duration_seconds", 0.99)
    polls = after["npconsole_poll_lag_seconds_count"] - before["npconsole_poll_lag_seconds_count"]
    checks = after["npconsole_heal_checks_total"] - before["npconsole_heal_checks_total"]
    print(
        f"{options.regions} regions each {options.interval} s: {polls:.0f} reads, {checks:.0f} checks, {took_s:.0f} s"
    )
    print("| what | measured | budget |\n|---|---:|---:|")
    print(f"| CPU, share of a core | {cpu:.1%} | {CPU_SHARE:.0%} |")
    print(f"| memory (PSS) | {memory_mb:.0f} MB | {MEMORY_MB:.0f} MB |")
    print(f"| poll lag, p99 | <= {lag_s * 1000:g} ms | {LAG_S * 1000:.0f} ms |")
    print(f"| poll lag, p50, p90 | {', '.join(f'<= {each * 1000:g} ms' for each in usual)} | |")
    print(f"| a check, p99 | <= {check_s * 1000:g} ms | |")
    return 0 if cpu <= CPU_SHARE and memory_mb <= MEMORY_MB and lag_s <= LAG_S else 1


if __name__ == "__main__":
    sys.exit(main())
