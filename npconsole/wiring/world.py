"""The ports that actions work through, filled with the adapters of a configuration."""

from collections.abc import Callable, Mapping

from npconsole.actions.benchmarking import to_benchmark_rules
from npconsole.actions.drill import to_drill_rules
from npconsole.actions.world import World
from npconsole.config.estate import to_estate, to_judging, to_thresholds
from npconsole.config.schema import Config
from npconsole.controls.custom import Programs, Requests
from npconsole.controls.writeprobe import RecordProbe
from npconsole.model.alarm import Alarm
from npconsole.model.benchmark import BenchmarkArchive
from npconsole.model.clock import Clock
from npconsole.model.load import LoadEngine
from npconsole.model.run import Run
from npconsole.net.http import Http
from npconsole.net.secrets import Secrets
from npconsole.wiring.controls import build_controls
from npconsole.wiring.deferred import DeferredEngine
from npconsole.wiring.glance import Glance
from npconsole.wiring.memory import host_name, state_folder
from npconsole.wiring.redaction import redactor
from npconsole.wiring.scrapes import kept_scrapes
from npconsole.wiring.sources import Sources


def build_world(
    config: Config,
    *,
    environ: Mapping[str, str],
    clock: Clock,
    http: Http,
    past: Callable[[str], Run | None],
    alarm: Alarm | None = None,
    benchmarks: BenchmarkArchive | None = None,
) -> World:
    """Everything that can be read and changed, over an HTTP client of the caller's, who closes it.

    `past` is a run of the journal, by its id.
    """
    secrets = Secrets(environ=environ, redactor=redactor)
    sources = Sources(config, http=http, secrets=secrets, clock=clock)
    controls = build_controls(config, sources, http=http, secrets=secrets, clock=clock)
    regions, edges = sources.regions, sources.edges
    return World(
        estate=to_estate(config),
        clock=clock,
        look=Glance(config, sources, scrapes=kept_scrapes(environ), clock=clock).look,
        probes={
            **{region_id: sources.region_probe(region_id) for region_id in regions},
            **{edge_id: sources.edge_probe(edge_id) for edge_id in edges},
        },
        connectivity=sources.connectivity(),
        services=controls.services,
        caches=controls.caches,
        traffic=controls.traffic,
        pool_ids={region_id: region.pool_id for region_id, region in regions.items() if region.pool_id},
        issues=controls.issues,
        credentials=controls.credentials,
        capacity={region_id: region.capacity for region_id, region in regions.items() if region.capacity},
        thresholds=to_thresholds(config),
        judging=to_judging(config),
        drill=to_drill_rules(config),
        alarm=alarm,
        writes={
            edge_id: RecordProbe(http, probe.url, deadline_s=float(config.drill.probe_timeout), clock=clock)
            for edge_id, edge in edges.items()
            if (probe := edge.write_probe) is not None
        },
        past=past,
        programs=Programs(environ),
        requests=_requests(config, http, secrets, clock),
        load=_load_engine(config, environ, secrets, clock),
        benchmarks=benchmarks,
        benchmarking=to_benchmark_rules(config, host=host_name()),
        annotations=controls.annotations,
        assets={edge_id: edge.asset_url for edge_id, edge in edges.items() if edge.asset_url},
    )


def _load_engine(config: Config, environ: Mapping[str, str], secrets: Secrets, clock: Clock) -> LoadEngine:
    def make() -> LoadEngine:
        from npconsole.wiring.load import build_load_engine

        folder = state_folder(environ) / "loads"
        return build_load_engine(config, environ=environ, secrets=secrets, clock=clock, folder=folder)

    return DeferredEngine(make)


def _requests(config: Config, http: Http, secrets: Secrets, clock: Clock) -> dict[str, Requests]:
    """A sender for each call of an operator's own actions, by the action's id, and `ID/undo`."""
    made = {}
    for number, action in enumerate(config.custom_actions):
        for name, call in ((action.id, action.do), (f"{action.id}/undo", action.undo)):
            if call is None or call.url is None:
                continue
            setting = f"custom_actions[{number}].{'undo' if name.endswith('/undo') else 'do'}.token"
            token = secrets.resolver(call.token, setting=setting) if call.token is not None else None
            made[name] = Requests(http, url=call.url, token=token, setting=setting, clock=clock)
    return made
