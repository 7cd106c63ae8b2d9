from pathlib import Path

import pytest
from graphql import GraphQLEnumType, build_schema, parse, validate

from npconsole.controls.railway import operations
from npconsole.controls.railway.deployment import STATES

SCHEMA = build_schema((Path(__file__).parent / "schema.graphql").read_text())
OPERATIONS = {name: text for name, text in vars(operations).items() if name.isupper() and not name.startswith("_")}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_valid(name: str) -> None:
    assert validate(SCHEMA, parse(OPERATIONS[name])) == []


def test_every_status_of_the_schema_has_a_state() -> None:
    statuses = SCHEMA.type_map["DeploymentStatus"]
    assert isinstance(statuses, GraphQLEnumType)
    assert set(statuses.values) == set(STATES)
