import pytest

from npconsole.sim.fault import Kind, Reach
from npconsole.sim.railway.serviceinstance import DEPLOY_S, KEPT, PREVIOUS_IMAGE_S
from tests.sim.railway.bench import Bench

RESTART = "mutation($id: String!) { deploymentRestart(id: $id) }"
REDEPLOY = "mutation($id: String!) { deploymentRedeploy(id: $id, usePreviousImageTag: true) { id status } }"
ROLLBACK = "mutation($id: String!) { deploymentRollback(id: $id) }"
STOP = "mutation($id: String!) { deploymentStop(id: $id) }"


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.play(5)
    return made


async def test_a_restart_keeps_the_id_and_really_restarts_the_region(bench: Bench) -> None:
    deployment_id, region = bench.east.live.id, bench.east.region
    before, counted = await bench.deployment(deployment_id), region.tally.request_count
    assert (await bench.ask(RESTART, id=deployment_id))["data"] == {"deploymentRestart": True}
    during = await bench.deployment(deployment_id)
    assert during["statusUpdatedAt"] > before["statusUpdatedAt"]
    assert (during["status"], during["instances"][0]["status"]) == ("SUCCESS", "RESTARTING")
    bench.play(1)
    assert region.reach is Reach.REFUSED
    assert (await bench.deployment(deployment_id))["instances"][0]["status"] == "RESTARTING"
    bench.play(5)
    after = await bench.deployment(deployment_id)
    assert (after["status"], after["instances"][0]["status"], region.not_ready) == ("SUCCESS", "RUNNING", "")
    assert after["statusUpdatedAt"] > during["statusUpdatedAt"]
    assert 0 < region.tally.request_count < counted
    assert bench.kinds()[1:] == [
        "restart requested",
        "restart begun",
        "process stopped",
        "process started",
        "process ready",
    ]


@pytest.mark.parametrize(
    ("kind", "is_cured"),
    [
        (Kind.SLOW, True),
        (Kind.ERRORS, True),
        (Kind.HANG, True),
        (Kind.MEMORY_LEAK, True),
        (Kind.SENTRY_FLOOD, True),
        (Kind.BAD_DEPLOY, False),
        (Kind.DOWN, False),
        (Kind.FLAP, False),
    ],
)
async def test_a_restart_cures_what_a_restart_would(bench: Bench, kind: Kind, is_cured: bool) -> None:
    bench.world.faults.begin("us-east", kind, bench.clock.at_s)
    bench.play(1)
    await bench.ask(RESTART, id=bench.east.live.id)
    bench.play(1)
    assert kind in bench.world.faults.of("us-east")
    bench.play(5)
    assert (kind not in bench.world.faults.of("us-east")) is is_cured


async def test_a_redeploy_is_a_new_deployment_that_takes_its_time_and_leaves_no_gap(bench: Bench) -> None:
    old = bench.east.live.id
    made = (await bench.ask(REDEPLOY, id=old))["data"]["deploymentRedeploy"]
    assert (made["status"], made["id"] != old) == ("BUILDING", True)
    bench.play(PREVIOUS_IMAGE_S + 0.2)
    assert (await bench.deployment(made["id"]))["status"] == "DEPLOYING"
    assert bench.east.live.id == old
    bench.play(DEPLOY_S)
    assert (await bench.deployment(made["id"]))["status"] == "SUCCESS"
    assert (await bench.deployment(old))["status"] == "REMOVING"
    assert bench.east.region.reach is Reach.OPEN
    bench.play(5)
    gone = await bench.deployment(old)
    assert (gone["status"], gone["canRollback"], gone["deploymentStopped"]) == ("REMOVED", True, True)
    assert "process stopped" not in bench.kinds()
    assert "release" in bench.kinds()


async def test_a_bad_deploy_is_a_deployment_and_a_rollback_ends_it(bench: Bench) -> None:
    good = bench.east.live
    bench.world.faults.begin("us-east", Kind.BAD_DEPLOY, bench.clock.at_s)
    bench.play(1)
    assert (bench.east.live.version, bench.east.region.version) == ("17.2.0", "17.2.0")
    bench.play(5)
    assert (await bench.deployment(good.id))["canRollback"]
    assert (await bench.ask(ROLLBACK, id=good.id))["data"] == {"deploymentRollback": True}
    bench.play(DEPLOY_S + 1)
    live = await bench.deployment(bench.east.live.id)
    assert Kind.BAD_DEPLOY not in bench.world.faults.of("us-east")
    assert (live["meta"]["reason"], live["meta"]["commitHash"]) == ("rollback", good.commit)
    assert bench.east.region.version == "17.1.3"
    assert bench.east.live.id not in (good.id, bench.east.deployments[0].id)


async def test_a_rollback_to_the_bad_release_brings_it_back(bench: Bench) -> None:
    bench.world.faults.begin("us-east", Kind.BAD_DEPLOY, bench.clock.at_s)
    bench.play(1)
    bad = bench.east.live
    bench.world.faults.end("us-east", Kind.BAD_DEPLOY)
    bench.play(5)
    assert bench.east.live.version == "17.1.3"
    await bench.ask(ROLLBACK, id=bad.id)
    bench.play(DEPLOY_S + 1)
    assert bench.east.region.version == "17.2.0"
    assert bench.east.live.version == "17.2.0"
    assert Kind.BAD_DEPLOY in bench.world.faults.of("us-east")


async def test_a_rollback_to_an_older_release_runs_it(bench: Bench) -> None:
    await bench.ask(ROLLBACK, id=bench.east.deployments[0].id)
    bench.play(DEPLOY_S + 1)
    assert bench.east.region.version == "17.1.2"
    bench.play(20)
    assert [each.version for each in bench.east.deployments] == ["17.1.2", "17.1.3", "17.1.2"]


async def test_a_stop_ends_the_process_until_it_is_restarted(bench: Bench) -> None:
    deployment_id = bench.east.live.id
    await bench.ask(STOP, id=deployment_id)
    bench.play(5)
    stopped = await bench.deployment(deployment_id)
    assert (stopped["deploymentStopped"], stopped["instances"][0]["status"]) == (True, "STOPPED")
    assert (bench.east.region.reach, bench.east.active) == (Reach.REFUSED, [])
    await bench.ask(RESTART, id=deployment_id)
    bench.play(6)
    assert (bench.east.region.reach, bench.east.region.not_ready) == (Reach.OPEN, "")


async def test_a_process_that_dies_has_crashed_and_comes_back(bench: Bench) -> None:
    bench.world.faults.begin("us-east", Kind.DOWN, bench.clock.at_s)
    bench.play(1)
    crashed = await bench.deployment(bench.east.live.id)
    assert (crashed["status"], crashed["instances"][0]["status"]) == ("CRASHED", "CRASHED")
    await bench.ask(RESTART, id=bench.east.live.id)
    bench.play(1)
    assert (await bench.deployment(bench.east.live.id))["instances"][0]["status"] == "RESTARTING"
    bench.play(5)
    assert (await bench.deployment(bench.east.live.id))["status"] == "CRASHED"
    bench.world.faults.end("us-east")
    bench.play(1)
    assert (await bench.deployment(bench.east.live.id))["status"] == "SUCCESS"


async def test_the_live_deployment_is_kept_however_many_follow_it(bench: Bench) -> None:
    live = bench.east.live
    for _ in range(KEPT + 5):
        bench.east.redeploy(live, "a", previous_image=True)
    assert len(bench.east.deployments) == KEPT
    assert (await bench.deployment(live.id))["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (RESTART, "Deployment is not running"),
        (STOP, "Deployment is not running"),
    ],
)
async def test_only_the_live_deployment_can_be_restarted_or_stopped(bench: Bench, query: str, message: str) -> None:
    answer = await bench.ask(query, id=bench.east.deployments[0].id)
    assert answer["errors"][0]["message"] == message
    assert bench.kinds() == ["write"]


async def test_a_rollback_to_what_is_live_is_refused(bench: Bench) -> None:
    answer = await bench.ask(ROLLBACK, id=bench.east.live.id)
    assert answer["errors"][0]["message"] == "Cannot roll back to this deployment"


async def test_a_newer_deployment_takes_the_place_of_one_on_its_way(bench: Bench) -> None:
    first = (await bench.ask(REDEPLOY, id=bench.east.live.id))["data"]["deploymentRedeploy"]["id"]
    bench.play(1)
    second = (await bench.ask(REDEPLOY, id=bench.east.live.id))["data"]["deploymentRedeploy"]["id"]
    bench.play(20)
    assert (await bench.deployment(first))["status"] == "SKIPPED"
    assert bench.east.live.id == second
    assert bench.kinds().count("deployment live") == 1
