from collections.abc import Sequence
from typing import Any

import pytest

from npconsole.controls.railway import RailwayService
from npconsole.errors import BadAnswerError, DeclinedError, NpconsoleError, SourceError, UnauthorisedError, UsageError
from npconsole.model.controls import DeploymentState
from tests.controls.script import CLOSED, CUT_TLS, NOT_HTTP, REFUSED, TOKEN, Answer, Break, Call, played
from tests.controls.vendors import GRAPHQL, deployment, railway, railway_api


def post(then: Any, **more: Any) -> Call:
    return Call("POST", GRAPHQL, then if isinstance(then, Answer | Break) else Answer(then), **more)


def node(latest: Any, active: Sequence[Any], service_id: str = "svc1", **more: Any) -> dict[str, Any]:
    return {"node": {"serviceId": service_id, "latestDeployment": latest, "activeDeployments": active, **more}}


def services(*edges: Any, cursor: str | None = None, **more: Any) -> dict[str, Any]:
    page = {"hasNextPage": cursor is not None, "endCursor": cursor}
    return {"data": {"environment": {"serviceInstances": {"edges": list(edges), "pageInfo": page}}}, **more}


def later(deployment_id: str, status: str, **more: Any) -> dict[str, Any]:
    return deployment(deployment_id, status, createdAt="2026-11-23T14:30:00.000Z", **more)


RUNNING, BUILDING, BROKEN = deployment(), later("dep2", "BUILDING"), later("dep2", "FAILED")
CRASHED, ASLEEP, STOPPED = (
    deployment(status="CRASHED"),
    deployment(status="SLEEPING"),
    deployment(deploymentStopped=True),
)


@pytest.mark.parametrize(
    ("latest", "active", "expected"),
    [
        (RUNNING, [RUNNING], ("dep1", DeploymentState.LIVE)),
        (BUILDING, [RUNNING], ("dep1", DeploymentState.LIVE)),
        (BROKEN, [RUNNING], ("dep1", DeploymentState.LIVE)),
        (later("dep2", "SUCCESS"), [RUNNING, later("dep2", "SUCCESS")], ("dep2", DeploymentState.LIVE)),
        (CRASHED, [], ("dep1", DeploymentState.CRASHED)),
        (BUILDING, [CRASHED], ("dep1", DeploymentState.CRASHED)),
        (ASLEEP, [], ("dep1", DeploymentState.SLEEPING)),
        (STOPPED, [], ("dep1", DeploymentState.STOPPED)),
        (BUILDING, [], ("dep2", DeploymentState.CHANGING)),
        (later("dep2", "PONDERING"), [], ("dep2", DeploymentState.UNKNOWN)),
        (later("dep2", "PONDERING"), [RUNNING], ("dep1", DeploymentState.LIVE)),
    ],
)
async def test_what_is_in_force(latest: Any, active: list[Any], expected: tuple[str, DeploymentState]) -> None:
    async with played(post(services(node(latest, active)))) as (http, script):
        found = await railway(http).live()
    assert (found.id, found.state) == expected
    assert script.sent[0]["variables"] == {"environmentId": "env1", "projectId": "prj1"}


@pytest.mark.parametrize("latest", [None, BROKEN, deployment(status="REMOVED"), deployment(status="NEEDS_APPROVAL")])
async def test_nothing_is_in_force(latest: Any) -> None:
    async with played(post(services(node(latest, [])))) as (http, _):
        with pytest.raises(BadAnswerError, match="has none in force"):
            await railway(http).live()


async def test_what_is_known_of_a_deployment() -> None:
    async with played(post(services(node(RUNNING, [RUNNING])))) as (http, _):
        found = await railway(http).live()
    assert found.word == "SUCCESS"
    assert found.changed == "2026-11-23T14:00:00.000Z"
    assert found.instances == (("ins1", "RUNNING"),)
    assert (found.can_redeploy, found.can_rollback) == (True, False)
    assert found.commit == "0a1b2c3d"
    assert found.regions == ("us-east4-eqdc4a",)


def several(*regions: tuple[str, Any]) -> dict[str, Any]:
    return {"serviceManifest": {"deploy": {"multiRegionConfig": dict(regions), "region": "old"}}}


@pytest.mark.parametrize(
    ("meta", "regions"),
    [
        (several(("us-west2", {"numReplicas": 2}), ("eu", {"numReplicas": 1})), ("us-west2", "eu")),
        (several(("us-west2", {"numReplicas": 2}), ("eu", None)), ("us-west2",)),
        (several(("us-west2", {"numReplicas": 2}), ("eu", {"numReplicas": 0})), ("us-west2",)),
        (several(), ("old",)),
        ({}, ("instance-region",)),
        (None, ("instance-region",)),
        ("opaque", ("instance-region",)),
        ({"serviceManifest": [1]}, ("instance-region",)),
    ],
)
async def test_where_it_runs(meta: Any, regions: tuple[str, ...]) -> None:
    edge = node(deployment(meta=meta), [], region="instance-region", numReplicas=1)
    async with played(post(services(edge))) as (http, _):
        assert (await railway(http).live()).regions == regions


async def test_a_deployment_elsewhere_is_an_error_that_names_the_setting() -> None:
    async with played(post(services(node(RUNNING, [])))) as (http, _):
        with pytest.raises(BadAnswerError, match="does not run in eu-west but in us-east4-eqdc4a") as caught:
            await railway(http, region="eu-west").live()
    assert "region of the region's railway" in caught.value.hint


async def test_the_service_is_looked_for_on_all_pages() -> None:
    first, second = services(node(None, [], "other"), cursor="c1"), services(node(RUNNING, []))
    async with played(post(first), post(second)) as (http, script):
        assert (await railway(http).live()).id == "dep1"
    assert script.sent[1]["variables"]["after"] == "c1"


@pytest.mark.parametrize(
    "pages",
    [
        [services()],
        [services(node(RUNNING, [], "other"))],
        [services(cursor="c1"), services(cursor="c1")],
        [services(cursor="c1"), services()],
    ],
)
async def test_a_service_that_is_not_there(pages: list[Any]) -> None:
    async with played(*map(post, pages)) as (http, _):
        with pytest.raises(BadAnswerError, match="the environment has no service svc1") as caught:
            await railway(http).live()
    assert "service_id and environment_id" in caught.value.hint


async def test_the_trouble_of_another_service_is_not_ours() -> None:
    broken = {"node": {"serviceId": "other", "latestDeployment": {"id": 7}}}
    errors = [{"message": "Not Authorized", "path": ["environment", "serviceInstances", "edges", 0]}]
    async with played(post(services(broken, node(RUNNING, []), errors=errors))) as (http, _):
        assert (await railway(http).live()).id == "dep1"


async def test_an_error_beside_the_list_explains_why_the_service_is_missing() -> None:
    errors = [{"message": "Not Authorized", "path": ["environment", "serviceInstances", "edges", 0]}]
    async with played(post(services({"node": None}, errors=errors))) as (http, _):
        with pytest.raises(UnauthorisedError):
            await railway(http).live()


ERRORS: list[tuple[str, dict[str, Any], type[NpconsoleError], str]] = [
    ("Not Authorized", {}, UnauthorisedError, "railway.token"),
    ("not authorized", {"code": "INTERNAL_SERVER_ERROR"}, UnauthorisedError, "railway.token_kind"),
    ("Project Token not found", {}, UnauthorisedError, "railway.token_kind"),
    ("Two Factor Authentication Required", {"workspaceName": "np"}, UnauthorisedError, "workspace np"),
    ("Two Factor Authentication Required", {}, UnauthorisedError, "its workspace"),
    ("Environment not found", {"code": "INTERNAL_SERVER_ERROR"}, DeclinedError, "railway.project_id"),
    ("Deployment is not restartable", {}, DeclinedError, ""),
    ("Problem processing request", {}, BadAnswerError, ""),
    ("Cannot read properties of null", {"code": "INTERNAL_SERVER_ERROR"}, BadAnswerError, ""),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("rest", [{}, {"data": None}, {"data": {"environment": None}}])
@pytest.mark.parametrize(("message", "extensions", "kind", "hint"), ERRORS)
async def test_errors_beside_no_data(
    status: int, rest: dict[str, Any], message: str, extensions: Any, kind: type[NpconsoleError], hint: str
) -> None:
    body = {"errors": [{"message": message, "extensions": extensions}], **rest}
    async with played(post(Answer(body, status))) as (http, _):
        with pytest.raises(kind, match=message) as caught:
            await railway(http).live()
    assert type(caught.value) is kind
    assert hint in caught.value.hint


@pytest.mark.parametrize("errors", [["text"], [None], [{}], [{"message": None}], [{"message": {"a": 1}}], [[]]])
async def test_errors_of_no_known_form(errors: list[Any]) -> None:
    async with played(post({"errors": errors})) as (http, _):
        with pytest.raises(DeclinedError):
            await railway(http).live()


@pytest.mark.parametrize("body", [{"errors": [{"message": "Forbidden"}]}, {}])
async def test_a_401_is_about_the_token_whatever_it_says(body: Any) -> None:
    async with played(post(Answer(body, 401))) as (http, _):
        with pytest.raises(UnauthorisedError, match=r"railway\.token"):
            await railway(http).live()


@pytest.mark.parametrize(
    "data",
    [
        {"environment": {}},
        {"environment": {"serviceInstances": {"edges": [{"node": 7}]}}},
        services(node({**RUNNING, "id": "../admin"}, []))["data"],
        services(node({**RUNNING, "id": ""}, []))["data"],
        services(node({**RUNNING, "status": 7}, []))["data"],
        services(node({**RUNNING, "instances": [None]}, []))["data"],
    ],
)
async def test_another_shape_is_an_error(data: Any) -> None:
    async with played(post({"data": data})) as (http, _):
        with pytest.raises(BadAnswerError, match="another shape"):
            await railway(http).live()


async def test_hostile_text_is_cleaned() -> None:
    evil = "a\x1b]52;c;aGk=\x07\u202eb\ud800"
    hostile = deployment(
        status=evil,
        statusUpdatedAt=evil,
        createdAt=evil,
        instances=[{"id": evil, "status": evil}],
        meta={"commitHash": evil, **several((evil, {"numReplicas": 1}))},
    )
    async with played(post(services(node(hostile, [])))) as (http, _):
        found = await railway(http).live()
    assert found.state is DeploymentState.UNKNOWN
    texts = [found.word, found.changed, found.created, found.commit, *found.regions, *found.instances[0]]
    assert all(text.isprintable() and text.encode() for text in texts)


async def test_a_query_is_asked_again_once_when_a_kept_connection_was_closed() -> None:
    async with played(post(CLOSED), post(services(node(RUNNING, [])))) as (http, script):
        await railway(http).live()
    assert script.fresh == [False, True]


@pytest.mark.parametrize("then", [NOT_HTTP, REFUSED, CUT_TLS])
async def test_a_query_is_not_asked_again_for_other_reasons(then: Break) -> None:
    async with played(post(then)) as (http, _):
        with pytest.raises(SourceError):
            await railway(http).live()


@pytest.mark.parametrize(
    ("is_project_token", "headers"),
    [
        (True, {"project-access-token": TOKEN}),
        (False, {"authorization": f"Bearer {TOKEN}"}),
    ],
)
async def test_each_kind_of_token_has_its_header(is_project_token: bool, headers: dict[str, str]) -> None:
    async with played(post(services(node(RUNNING, [])), headers=headers)) as (http, _):
        api = railway_api(http, is_project_token=is_project_token)
        await RailwayService(api, environment_id="env1", service_id="svc1").live()


async def test_one_deployment() -> None:
    answer = {"data": {"deployment": deployment("dep9", serviceId="svc1", environmentId="env1")}}
    async with played(post(answer)) as (http, script):
        assert (await railway(http).deployment("dep9")).id == "dep9"
    assert script.sent[0]["variables"] == {"id": "dep9"}


@pytest.mark.parametrize("owner", [{"serviceId": "svc2"}, {"environmentId": "env2"}, {"id": "dep8"}])
async def test_a_deployment_of_another_service_is_an_error(owner: dict[str, str]) -> None:
    answer = {"data": {"deployment": {**deployment("dep9", serviceId="svc1", environmentId="env1"), **owner}}}
    async with played(post(answer)) as (http, _):
        with pytest.raises(BadAnswerError, match="dep9 is not one of this service"):
            await railway(http).deployment("dep9")


async def test_recent_deployments_are_sorted_and_of_this_service() -> None:
    edges = [{"node": RUNNING}, {"node": BUILDING}]
    async with played(post({"data": {"deployments": {"edges": edges}}})) as (http, script):
        assert [each.id for each in await railway(http).recent(5)] == ["dep2", "dep1"]
    ours = {"environmentId": "env1", "serviceId": "svc1", "projectId": "prj1"}
    assert script.sent[0]["variables"] == {"input": ours, "first": 5}


async def test_the_id_of_the_new_deployment() -> None:
    async with played(post({"data": {"deploymentRedeploy": {"id": "dep2"}}})) as (http, script):
        assert await railway(http).redeploy("dep1") == "dep2"
    assert script.sent[0]["variables"] == {"id": "dep1"}


@pytest.mark.parametrize("wrong", ["", "..", "a/b", "a\n", "a b", "x" * 129])
async def test_an_id_that_is_none_is_refused_before_anything_is_sent(wrong: str) -> None:
    async with played() as (http, _):
        service = railway(http)
        for call in (service.restart, service.rollback, service.redeploy, service.deployment):
            with pytest.raises(UsageError):
                await call(wrong)


@pytest.mark.parametrize(
    ("service_id", "environment_id", "setting"),
    [("", "env1", "service_id"), ("svc1", "", "environment_id"), ("..", "env1", "service_id")],
)
async def test_a_missing_setting_is_named(service_id: str, environment_id: str, setting: str) -> None:
    async with played() as (http, _):
        service = RailwayService(railway_api(http), environment_id=environment_id, service_id=service_id)
        with pytest.raises(UsageError, match=setting):
            await service.live()
        with pytest.raises(UsageError, match=setting):
            await service.recent(3)
