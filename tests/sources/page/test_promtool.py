"""The percentiles beside those of the real PromQL engine."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from npconsole.sources.page.histogram import quantile

CASES = 60


def cases() -> list[tuple[float, dict[float, float]]]:
    """Random histograms: empty ones, falling counts, all in +Inf, bounds below zero among them."""
    chance = random.Random(20)
    made: list[tuple[float, dict[float, float]]] = []
    for _ in range(CASES):
        bounds = sorted(
            {float(chance.randint(-2 if chance.random() < 0.2 else 1, 500)) for _ in range(chance.randint(1, 8))}
        )
        counts = [float(chance.randint(0, 40)) for _ in bounds]
        if chance.random() < 0.7:
            counts = sorted(counts)
        total = max(counts) + chance.choice([0, 0, 3, 100])
        made.append(
            (chance.choice([0.5, 0.9, 0.95, 0.99]), {**dict(zip(bounds, counts, strict=True)), float("inf"): total})
        )
    return made


@pytest.mark.real("prometheus")
@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_percentiles_are_those_of_promql(tmp_path: Path) -> None:
    series, checks = [], []
    for number, (q, buckets) in enumerate(cases()):
        for bound, count in buckets.items():
            le = "+Inf" if bound == float("inf") else f"{bound:g}"
            series.append({"series": f'h_bucket{{n="{number}",le="{le}"}}', "values": f"{count}"})
        expected = quantile(q, buckets)
        figure = f'histogram_quantile({q}, h_bucket{{n="{number}"}})'
        is_nan = f"count({figure} != {figure})"
        expr, value = (is_nan, 1.0) if expected is None else (f"sum({figure})", expected)
        checks.append({"expr": expr, "eval_time": "0m", "exp_samples": [{"labels": "{}", "value": value}]})
    rules = tmp_path / "test.yml"
    rules.write_text(json.dumps({"tests": [{"input_series": series, "promql_expr_test": checks}]}))
    done = subprocess.run(["promtool", "test", "rules", rules], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
