"""Benchmarks, notices and decisions to keep."""

from npconsole.model.benchmark import Advice, Benchmark, BenchmarkStatus, Fingerprint
from npconsole.model.heal import Choice, Decision, Evidence
from npconsole.model.load import (
    Block,
    Latency,
    Load,
    LoadEnd,
    LoadFigures,
    LoadResult,
    Threshold,
    ThresholdState,
)
from npconsole.model.notice import Notice, NoticeKind, Severity

LIMIT = Threshold("http_req_duration", "p(95)<400")


def fingerprint(target: str = "us-east") -> Fingerprint:
    """What the benchmarks of a target have in common."""
    return Fingerprint("sha256:1", target, "https://x.example.com", "closed 20 users 1m", "k6 v1.1", "host-a")


def benchmark(
    number: int = 1, *, identity: str = "", target: str = "us-east", wall: float | None = None, blocks: int = 3
) -> Benchmark:
    """One with something in every field."""
    load = Load(target, "https://x.example.com", 20, 60.0, script="mix.js", thresholds=(LIMIT,), tag=f"b{number}")
    figures = LoadFigures(
        60.2,
        1200,
        20.1,
        p95_ms=401.25,
        error_ratio=0.01,
        errors=(("status 503", 11), ("timeout", 1)),
        thresholds=(ThresholdState(LIMIT, True, 401.25),),
    )
    overall = Latency(1200, 12, 3.0, 120.5, 110.0, 300.0, 401.25, 800.0, 1900.0)
    result = LoadResult(
        LoadEnd.COMPLETE,
        figures,
        overall,
        corrected=overall,
        names=(("GET /health", overall), ("POST /login", Latency(0))),
        blocks=tuple(
            Block(float(start), 1.0, 20, 0, tuple((0.1 + bucket / 7, bucket) for bucket in range(1, 200)))
            for start in range(blocks)
        ),
        wall=1_800_000_000.5,
        tool="k6 v1.1.0",
        exit_code=99,
        crossed=(LIMIT,),
        notes=("without a token the three API calls are left out",),
    )
    return Benchmark(
        id=identity or f"bench-{number:05}",
        wall=1_800_000_000.0 + number if wall is None else wall,
        status=BenchmarkStatus.FAILED,
        reasons=(f"{LIMIT} is crossed: 401 ms",),
        load=load,
        fingerprint=fingerprint(target),
        result=result,
        advice=(Advice("cache more", "hit ratio 12 %, below 80 %"),),
        release="v1.2.3",
        actor="alice",
    )


def notice(
    identity: str, kind: NoticeKind = NoticeKind.TRIGGER, *, key: str = "prod/us-east/latency", channel: str = "slack"
) -> Notice:
    """One of an incident."""
    return Notice(
        id=identity,
        channel=channel,
        kind=kind,
        key=key,
        severity=Severity.CRITICAL,
        summary="us-east is slow",
        wall=1_800_000_000.0,
        source="us-east",
        facts=(("p95", "900 ms"), ("since", "14:05")),
        link="https://grafana.example.com/d/1",
        began_wall=1_799_999_900.0,
    )


def decision(
    identity: str, *, rule: str = "latency", target: str = "us-east", wall: float = 1_800_001_000.0, words: str = ""
) -> Decision:
    """One that was held."""
    return Decision(
        id=identity,
        wall=wall,
        rule=rule,
        target=target,
        choice=Choice.HELD,
        words=words or "held: benchmark lease",
        action="restart",
        evidence=(Evidence("benchmark-lease", True, "run-7 of alice"), Evidence("own-network", False, "3 of 3 answer")),
    )
