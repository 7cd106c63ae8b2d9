"""The load engine of a configuration. Nothing is sent and no secret read here."""

from collections.abc import Mapping
from pathlib import Path

from npconsole.config.blocks.benchmark import BenchmarkConfig
from npconsole.config.blocks.fields import SecretRef
from npconsole.config.estate import to_thresholds
from npconsole.config.schema import Config
from npconsole.controls.k6 import Call, Cloud, K6Engine, RemoteWrite, Settings
from npconsole.controls.k6.settings import Resolve
from npconsole.model.clock import Clock
from npconsole.model.load import LoadEngine
from npconsole.net.secrets import Secrets


def build_load_engine(
    config: Config, *, environ: Mapping[str, str], secrets: Secrets, clock: Clock, folder: Path
) -> LoadEngine:
    """The engine that sends loads. `folder` is where each load has a folder of its own while it is sent."""
    return K6Engine(_settings(config, secrets), environ=environ, clock=clock, folder=folder)


def _settings(config: Config, secrets: Secrets) -> Settings:
    benchmark, limits = config.benchmark, to_thresholds(config)

    def resolver(ref: SecretRef | None, name: str) -> Resolve | None:
        return None if ref is None else secrets.resolver(ref, setting=f"benchmark.{name}")

    remote, cloud = benchmark.remote_write, benchmark.cloud
    return Settings(
        calls=_calls(benchmark),
        think_s=float(benchmark.think_time),
        timeout_s=float(benchmark.request_timeout),
        longest_s=float(benchmark.longest),
        most_users=benchmark.most_users,
        p95_ms=limits.p95_warn_ms,
        error_ratio=limits.error_ratio_critical,
        min_rate=benchmark.min_rate,
        seed=benchmark.seed,
        login_path=benchmark.login_path,
        email=resolver(benchmark.email, "email"),
        password=resolver(benchmark.password, "password"),
        token=resolver(benchmark.token, "token"),
        binary=benchmark.k6,
        pass_on=tuple(benchmark.pass_on),
        remote_write=None
        if remote.url is None
        else RemoteWrite(
            remote.url,
            user=remote.user,
            password=resolver(remote.password, "remote_write.password"),
            token=resolver(remote.token, "remote_write.token"),
        ),
        cloud=Cloud(resolver(cloud.token, "cloud.token"), project_id=cloud.project_id, stack_id=cloud.stack_id),
        in_cloud=benchmark.engine == "cloud",
    )


def _calls(benchmark: BenchmarkConfig) -> tuple[Call, ...]:
    return tuple(Call(call.name, call.path, float(call.chance), login=call.login) for call in benchmark.calls)
