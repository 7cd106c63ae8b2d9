from pathlib import Path
from random import Random

from npconsole.config.schema import Config, convert
from npconsole.sim.cloudflare.account import ids
from npconsole.sim.configuration import configuration
from npconsole.sim.simulator import NAMES
from tests.sim.test_world import world

URLS = {name: f"http://127.0.0.1:{4000 + number}" for number, name in enumerate(NAMES)}
SECRETS = Path("/sim/secrets")
WORLD, _ = world()
CLOUDFLARE = ids(Random(1), WORLD.regions)


def config(prometheus: str = "") -> Config:
    return convert(configuration(URLS, SECRETS, WORLD.hosting, CLOUDFLARE, prometheus))


def test_the_product_takes_the_configuration() -> None:
    taken = config()
    regions = taken.services[0].regions
    assert [(region.name, region.origin, region.role, region.lag) for region in regions] == [
        ("us-east", URLS["us-east"], "primary", None),
        ("us-west", URLS["us-west"], "standby", None),
        ("eu-west", URLS["eu-west"], "active", None),
    ]
    assert taken.environment.tier == "staging"
    assert taken.sentry.token is not None
    assert taken.sentry.token.file == "/sim/secrets/sentry_token"
    assert (taken.poll.health, taken.poll.timeout, taken.metrics.window) == (2.0, 1.5, 30.0)


def test_the_vendors_objects_are_named() -> None:
    taken = config()
    for region in taken.services[0].regions:
        service = WORLD.hosting.services[region.name]
        assert region.pool_id == CLOUDFLARE.pools[region.name]
        assert region.railway.service_id == service.service_id
        assert region.railway.environment_id == WORLD.hosting.environment_id
        assert region.railway.region == service.railway_region
    assert (taken.railway.url, taken.railway.token_kind) == (f"{URLS['railway']}/graphql/v2", "project")
    assert (taken.cloudflare.url, taken.cloudflare.plan) == (f"{URLS['cloudflare']}/client/v4", "pro")
    assert taken.railway.token is not None
    assert taken.railway.token.file == "/sim/secrets/railway_token"
    assert taken.cloudflare.token is not None
    assert taken.cloudflare.token.file == "/sim/secrets/cloudflare_token"
    assert (taken.slack.url, taken.pagerduty.url) == (f"{URLS['slack']}/api", URLS["pagerduty"])
    assert taken.slack.token is not None
    assert taken.slack.token.file == "/sim/secrets/slack_token"
    assert taken.pagerduty.routing_key is not None
    assert taken.pagerduty.routing_key.file == "/sim/secrets/pagerduty_routing_key"


def test_a_prometheus_brings_the_lag() -> None:
    taken = config("http://127.0.0.1:9090")
    lags = [region.lag.promql if region.lag else None for region in taken.services[0].regions]
    assert lags == [None, None, "max(neon_replication_delay_seconds)"]
    assert taken.prometheus.url == "http://127.0.0.1:9090"
