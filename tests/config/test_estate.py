"""From a configuration to the words of the domain."""

from npconsole.config.estate import to_estate, to_judging, to_thresholds
from npconsole.config.schema import Config, convert
from npconsole.model.estate import Edge, Region, Role, Tier
from npconsole.model.thresholds import Judging, Thresholds


def config(*services: str, **blocks: object) -> Config:
    return convert(
        {
            "services": [
                {
                    "name": service,
                    "regions": [
                        {"name": "us-east", "origin": f"https://east.{service}.example", "role": "primary"},
                        {
                            "name": "eu-west",
                            "origin": f"https://west.{service}.example",
                            "lag": {"dsn": {"env": "REPLICA"}},
                        },
                    ],
                    "edge": {"url": f"https://{service}.example"},
                }
                for service in services
            ],
            **blocks,
        }
    )


def test_one_service() -> None:
    estate = to_estate(config("api", environment={"name": "np", "tier": "staging"}))
    assert (estate.name, estate.tier) == ("np", Tier.STAGING)
    assert estate.regions == (
        Region("us-east", "api", "us-east", Role.PRIMARY, "https://east.api.example"),
        Region("eu-west", "api", "eu-west", Role.ACTIVE, "https://west.api.example", measures_lag=True),
    )
    assert estate.edges == (Edge("edge", "api", "https://api.example"),)


def test_several_services_are_told_apart_by_id() -> None:
    estate = to_estate(config("api", "web"))
    assert [region.id for region in estate.regions] == ["api/us-east", "api/eu-west", "web/us-east", "web/eu-west"]
    assert [edge.id for edge in estate.edges] == ["api/edge", "web/edge"]


def test_the_defaults_are_those_of_the_domain() -> None:
    assert to_thresholds(config("api")) == Thresholds()
    assert to_judging(config("api")) == Judging()


def test_units() -> None:
    limits = to_thresholds(
        config(
            "api",
            thresholds={
                "p95_warn": "1001ms",
                "p95_target": "290ms",
                "error_ratio_critical": "2.5%",
                "error_ratio_target": "0.1%",
                "memory_warn": "90%",
                "lag_target": "100ms",
                "lag_warn": "3s",
                "lag_page": "1m",
            },
        )
    )
    assert limits == Thresholds(1001, 290, 0.025, 0.001, 0.9, 0.1, 3, 60)


def test_judging() -> None:
    judging = config("api", judging={"fall": 3, "rise": 4, "stale_after": 5, "unknown_after": 6, "min_requests": 7})
    assert to_judging(judging) == Judging(3, 4, 5, 6, 7)
