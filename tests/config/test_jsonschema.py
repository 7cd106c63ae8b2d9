"""The JSON schema for editors."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from npconsole.config.example import example_text
from npconsole.config.jsonschema import json_schema

SCHEMA = json_schema()


def properties(schema: dict[str, Any], key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, each in schema.get("properties", {}).items():
        inner = f"{key}.{name}" if key else name
        yield inner, each
        yield from properties(each, inner)
        for option in each.get("anyOf", ()):
            yield from properties(option, inner)
        yield from properties(each.get("items", {}), f"{inner}[]")


def test_every_setting_is_described_and_nothing_else_is_allowed() -> None:
    found = dict(properties(SCHEMA))
    assert len(found) > 100
    assert [key for key, each in found.items() if not each.get("description")] == []
    blocks = [each for each in found.values() if "properties" in each]
    assert all(each["additionalProperties"] is False for each in [SCHEMA, *blocks])


def test_defaults_have_their_units() -> None:
    found = dict(properties(SCHEMA))
    assert found["thresholds.p95_warn"]["default"] == "400ms"
    assert found["thresholds.memory_warn"]["default"] == "85%"
    assert found["sentry.url"]["default"] == "https://sentry.io"
    assert found["connectivity.urls"]["default"][0].startswith("https://")
    assert "default" not in found["services[].name"]


def test_forms() -> None:
    found = dict(properties(SCHEMA))
    duration = found["poll.health"]["pattern"]
    assert all(re.search(duration, text) for text in ("5s", "1m30s", "250ms", "1m 30s", "${INTERVAL:-5s}"))
    assert not any(re.search(duration, text) for text in ("5", "5 minutes", "s", "-5s"))
    assert found["judging.fall"]["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 100}
    assert found["environment.tier"]["anyOf"][0] == {"enum": ["development", "production", "staging"]}
    secret = found["sentry.token"]["anyOf"][0]
    assert (secret["minProperties"], secret["maxProperties"]) == (1, 1)
    assert SCHEMA["required"] == ["services"]
    json.dumps(SCHEMA)


def test_the_example_has_no_key_that_the_schema_does_not_have() -> None:
    def check(data: Any, schema: dict[str, Any]) -> None:
        if isinstance(data, dict) and "properties" in schema:
            assert data.keys() <= schema["properties"].keys()
            for name, value in data.items():
                options = schema["properties"][name]
                check(value, next((each for each in options.get("anyOf", ()) if "properties" in each), options))
        elif isinstance(data, list):
            for item in data:
                check(item, schema["items"])

    check(yaml.safe_load(example_text()), SCHEMA)
