"""How a benchmark is weighed before it is made: one place, from configuration."""

from dataclasses import dataclass

from npconsole.config.schema import Config


@dataclass(frozen=True, slots=True)
class BenchmarkRules:
    """Users of the built-in scenario send `requests_per_iteration` in the mean, then think for `think_s` s.

    Load of at most `light_ratio` of the target's capacity, 0 to 1, needs no confirmation outside production. With
    `in_cloud` every load comes from k6's cloud. `host` is what this host is called.
    """

    think_s: float = 1.0
    requests_per_iteration: float = 1.0
    light_ratio: float = 0.25
    stops_when_hopeless: bool = False
    in_cloud: bool = False
    host: str = ""


def to_benchmark_rules(config: Config, *, host: str) -> BenchmarkRules:
    """The rules of a configuration. All calls count: those that are left out for some targets only make it less."""
    benchmark = config.benchmark
    return BenchmarkRules(
        think_s=float(benchmark.think_time),
        requests_per_iteration=sum(float(call.chance) for call in benchmark.calls),
        light_ratio=float(benchmark.unconfirmed),
        stops_when_hopeless=benchmark.stop_when_hopeless,
        in_cloud=benchmark.engine == "cloud",
        host=host,
    )
