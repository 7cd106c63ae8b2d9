from typing import Any

import pytest
from graphql import parse, validate

from npconsole.controls.railway import operations
from npconsole.sim.fault import Kind
from npconsole.sim.railway.api import PATH
from npconsole.sim.railway.limit import PER_SECOND
from npconsole.sim.railway.schema import schema
from tests.sim.railway.bench import ACCOUNT, PROJECT, TOKENS, Bench

RESTART = "mutation($id: String!) { deploymentRestart(id: $id) }"
SERVICES = """query($environment: String!, $after: String) { environment(id: $environment) {
    serviceInstances(first: 2, after: $after) { edges { node { serviceId region latestDeployment { id status }
    activeDeployments { id instances { status } } } } pageInfo { hasNextPage endCursor } } } }"""


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_all_that_the_console_sends_is_valid_here() -> None:
    sent = [text for name, text in vars(operations).items() if name.isupper() and not name.startswith("_")]
    assert len(sent) > 5
    assert [validate(schema(), parse(text)) for text in sent] == [[]] * len(sent)


@pytest.mark.parametrize(
    ("query", "headers", "message"),
    [
        ("{ projectToken { projectId } }", {"project-access-token": "old"}, "Project Token not found"),
        ("{ projectToken { projectId } }", ACCOUNT, "Project Token not found"),
        ("{ me { id } }", PROJECT, "Not Authorized"),
        ("{ apiToken { workspaces { id } } }", PROJECT, "Not Authorized"),
        ("{ me { id } }", {"authorization": f"Bearer {TOKENS.project}"}, "Not Authorized"),
        ("{ deployment(id: 1) { id } }", {}, "Not Authorized"),
        ('{ environment(id: "other") { id } }', PROJECT, "Not Authorized"),
        ('{ deployment(id: "x") { id } }', PROJECT, "Deployment not found"),
        ('mutation { deploymentRestart(id: "x") }', PROJECT, "Deployment not found"),
    ],
)
async def test_refusals_have_the_documented_words(
    bench: Bench, query: str, headers: dict[str, str], message: str
) -> None:
    query = query.replace("id: 1", f'id: "{bench.east.live.id}"')
    answer = await bench.ask(query, headers)
    assert (answer["data"], answer["errors"][0]["message"]) == (None, message)


async def test_both_kinds_of_token_open_what_they_should(bench: Bench) -> None:
    hosting = bench.world.hosting
    answer = await bench.ask("{ projectToken { projectId environmentId name } }")
    assert answer["data"]["projectToken"] == {
        "projectId": hosting.project_id,
        "environmentId": hosting.environment_id,
        "name": "npconsole",
    }
    answer = await bench.ask("{ me { name } apiToken { workspaces { name } } }", ACCOUNT)
    assert answer["data"] == {"me": {"name": "ops"}, "apiToken": {"workspaces": [{"name": "NeuroPilot"}]}}


async def test_services_come_page_by_page_with_what_runs(bench: Bench) -> None:
    environment, after, found = bench.world.hosting.environment_id, None, list[Any]()
    while True:
        answer = await bench.ask(SERVICES, environment=environment, after=after)
        page = answer["data"]["environment"]["serviceInstances"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    services = bench.world.hosting.services.values()
    assert [node["serviceId"] for node in found] == [service.service_id for service in services]
    assert [node["activeDeployments"] for node in found] == [
        [{"id": service.live.id, "instances": [{"status": "RUNNING"}]}] for service in services
    ]


async def test_deployments_are_listed_latest_first_and_chosen_by_state(bench: Bench) -> None:
    query = "query($i: DeploymentListInput!) { deployments(input: $i, first: 5) { edges { node { id canRollback } } } }"
    wanted = {"serviceId": bench.east.service_id, "environmentId": bench.world.hosting.environment_id}
    answer = await bench.ask(query, i=wanted)
    nodes = [edge["node"] for edge in answer["data"]["deployments"]["edges"]]
    assert nodes == [
        {"id": bench.east.live.id, "canRollback": False},
        {"id": bench.east.deployments[0].id, "canRollback": True},
    ]
    answer = await bench.ask(query, i=wanted | {"status": {"in": ["SUCCESS"]}})
    assert len(answer["data"]["deployments"]["edges"]) == 1


@pytest.mark.parametrize(
    "body",
    [b"no", b"[]", b"{}", b'{"query": "{"}', b'{"query": "{ nope }"}', b'{"query": "{ me { id } }", "variables": 3}'],
)
async def test_what_is_no_operation_is_400_with_errors(bench: Bench, body: bytes) -> None:
    answer = await bench.client.post(PATH, content=body, headers=PROJECT)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]


async def test_every_answer_tells_the_limit_and_too_many_requests_are_429(bench: Bench) -> None:
    answers = [await bench.post("{ projectToken { id } }") for _ in range(PER_SECOND + 1)]
    assert answers[0].headers["x-ratelimit-remaining"] == "9999"
    assert "retry-after" not in answers[-2].headers
    assert (answers[-1].status_code, answers[-1].headers["retry-after"]) == (429, "1")
    assert answers[-1].json()["errors"]
    bench.clock.at_s += 1
    assert (await bench.post("{ projectToken { id } }")).status_code == 200


async def test_mutations_are_counted_with_their_token_and_queries_are_not(bench: Bench) -> None:
    await bench.ask("{ projectToken { id } }")
    await bench.ask(RESTART, id=bench.east.live.id)
    await bench.ask(RESTART, {}, id=bench.east.live.id)
    assert bench.record.writes == {"railway": 2}
    written = [entry for entry in bench.record.entries if entry.kind == "write"]
    assert [(entry.detail["actor"], entry.detail["call"]) for entry in written] == [
        ("npconsole", "deploymentRestart"),
        ("", "deploymentRestart"),
    ]
    assert bench.kinds().count("restart requested") == 1


async def test_an_error_after_the_effect_and_a_200_with_errors(bench: Bench) -> None:
    bench.world.faults.begin("railway", Kind.ERROR_AFTER, 0.0)
    answer = await bench.post(RESTART, id=bench.east.live.id)
    assert (answer.status_code, answer.json()["data"]) == (503, None)
    assert bench.kinds().count("restart requested") == 1
    bench.world.faults.end("railway")
    bench.world.faults.begin("railway", Kind.OK_WITH_ERRORS, 0.0)
    answer = await bench.post(RESTART, id=bench.east.live.id)
    assert (answer.status_code, bool(answer.json()["errors"])) == (200, True)
    assert bench.kinds().count("restart requested") == 1
