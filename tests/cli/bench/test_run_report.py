"""How the end of a benchmark's run reads."""

import pytest

from npconsole.cli.run_report import run_text
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor, Run, RunRequest, RunState, Verdict
from npconsole.reports.benchmark.plain import to_plain
from tests.actions.benchmark.engine import Manner
from tests.cli.bench.conftest import benchmark

REQUEST = RunRequest("benchmark", "us-east", Actor("alice", AccessRole.ADMIN, "cli"))


def ended(result: dict[str, object]) -> str:
    return run_text(
        Run("r1", REQUEST, RunState.FAILED, 1.0, 2.0, verdict=Verdict.NO_EFFECT, outcome="failed: slow", result=result)
    )


def test_the_report_comes_first_and_the_sentence_last() -> None:
    text = ended({"benchmark": to_plain(benchmark("r1", Manner(median_ms=300.0)), blocks=False)})
    assert text.startswith("benchmark r1 of us-east: FAILED")
    assert text.endswith("\n\nbenchmark us-east: failed: slow (run r1)")
    assert "CROSSED" in text


@pytest.mark.parametrize(
    "result",
    [{}, {"benchmark": {"schema": "npconsole.benchmark/9"}}, {"benchmark": {"schema": "npconsole.benchmark/1"}}],
)
def test_without_a_result_that_can_be_read_the_sentence_is_all(result: dict[str, object]) -> None:
    assert ended(result) == "benchmark us-east failed, no effect: failed: slow (run r1)"
