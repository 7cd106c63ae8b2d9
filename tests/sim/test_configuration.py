from pathlib import Path

from npconsole.config.schema import convert
from npconsole.sim.configuration import configuration
from npconsole.sim.simulator import NAMES

URLS = {name: f"http://127.0.0.1:{4000 + number}" for number, name in enumerate(NAMES)}


def test_the_product_takes_the_configuration() -> None:
    config = convert(configuration(URLS, Path("/sim/secrets/sentry_token")))
    regions = config.services[0].regions
    assert [(region.name, region.origin, region.role, region.lag) for region in regions] == [
        ("us-east", URLS["us-east"], "primary", None),
        ("us-west", URLS["us-west"], "standby", None),
        ("eu-west", URLS["eu-west"], "active", None),
    ]
    assert config.environment.tier == "staging"
    assert config.sentry.token is not None
    assert config.sentry.token.file == "/sim/secrets/sentry_token"
    assert (config.poll.health, config.poll.timeout, config.metrics.window) == (2.0, 1.5, 30.0)


def test_a_prometheus_brings_the_lag() -> None:
    config = convert(configuration(URLS, Path("/t"), "http://127.0.0.1:9090"))
    lags = [region.lag.promql if region.lag else None for region in config.services[0].regions]
    assert lags == [None, None, "max(neon_replication_delay_seconds)"]
    assert config.prometheus.url == "http://127.0.0.1:9090"
