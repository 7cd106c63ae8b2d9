"""Every method that writes: what it sends, and which answers confirm it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from npconsole.model.controls import IssueStatus, PurgeKind
from npconsole.net.http import Http
from tests.controls.script import Answer, Call
from tests.controls.vendors import (
    GRAPHQL,
    ORGANIZATION,
    POOLS,
    cache,
    issue,
    pool,
    railway,
    sentry,
    success,
    traffic,
)

ISSUE = f"{ORGANIZATION}/issues/77/"
PURGE = "/client/v4/zones/zone1/purge_cache"
READ_POOL = Call("GET", f"{POOLS}/pool1", Answer(success(pool())))
BEFORE = IssueStatus("unresolved", "regressed", "user:5")
SHED = {"default_percent": 25, "default_policy": "random", "session_percent": 10, "session_policy": "hash"}
LINA = {"type": "user", "id": "5", "name": "lina", "email": "lina@np.ai"}


@dataclass(frozen=True)
class Write:
    """`act` runs it with a deadline in seconds; `good` is the vendor's confirmation, `confirms` tells others apart.

    `reads` are the calls that come before, `setting` is that of the token.
    """

    name: str
    act: Callable[[Http, float], Awaitable[object]]
    method: str
    path: str
    good: Any
    confirms: Callable[[Any], bool]
    setting: str
    reads: tuple[Call, ...] = ()


def _data(field: str) -> Callable[[Any], bool]:
    return lambda doc: not doc.get("errors") and doc["data"][field] is True


def _shed(doc: Any) -> bool:
    shedding = doc["result"]["load_shedding"]
    return doc["success"] is True and (shedding["default_percent"], shedding["session_percent"]) == (25, 10)


def _restored(doc: Any) -> bool:
    return doc["status"] == "unresolved" and (doc["assignedTo"]["type"], doc["assignedTo"]["id"]) == ("user", "5")


WRITES = (
    Write(
        "restart",
        lambda http, s: railway(http, deadline_s=s).restart("dep1"),
        "POST",
        GRAPHQL,
        {"data": {"deploymentRestart": True}},
        _data("deploymentRestart"),
        "railway.token",
    ),
    Write(
        "rollback",
        lambda http, s: railway(http, deadline_s=s).rollback("dep1"),
        "POST",
        GRAPHQL,
        {"data": {"deploymentRollback": True}},
        _data("deploymentRollback"),
        "railway.token",
    ),
    Write(
        "redeploy",
        lambda http, s: railway(http, deadline_s=s).redeploy("dep1"),
        "POST",
        GRAPHQL,
        {"data": {"deploymentRedeploy": {"id": "dep2"}}},
        lambda doc: not doc.get("errors") and bool(doc["data"]["deploymentRedeploy"]["id"]),
        "railway.token",
    ),
    Write(
        "purge",
        lambda http, s: cache(http, deadline_s=s).purge(PurgeKind.TAGS, ["a", "b"]),
        "POST",
        PURGE,
        success({"id": "x"}),
        lambda doc: doc["success"] is True,
        "cloudflare.token",
    ),
    Write(
        "pool off",
        lambda http, s: traffic(http, deadline_s=s).set_enabled("pool1", enabled=False),
        "PATCH",
        f"{POOLS}/pool1",
        success(pool(enabled=False)),
        lambda doc: doc["success"] is True and doc["result"]["enabled"] is False and doc["result"]["id"] == "pool1",
        "cloudflare.token",
    ),
    Write(
        "shed",
        lambda http, s: traffic(http, deadline_s=s).set_shedding("pool1", percent=25, session_percent=10),
        "PATCH",
        f"{POOLS}/pool1",
        success(pool(load_shedding=SHED)),
        _shed,
        "cloudflare.token",
        reads=(READ_POOL,),
    ),
    Write(
        "resolve",
        lambda http, s: sentry(http, deadline_s=s).resolve("77", in_next_release=False),
        "PUT",
        ISSUE,
        issue(),
        lambda doc: doc["status"] == "resolved",
        "sentry.token",
    ),
    Write(
        "archive",
        lambda http, s: sentry(http, deadline_s=s).archive("77"),
        "PUT",
        ISSUE,
        issue("ignored", substatus="archived_until_escalating"),
        lambda doc: doc["status"] == "ignored",
        "sentry.token",
    ),
    Write(
        "assign",
        lambda http, s: sentry(http, deadline_s=s).assign("77", "lina@np.ai"),
        "PUT",
        ISSUE,
        issue("unresolved", assignedTo=LINA),
        lambda doc: "lina@np.ai" in [doc["assignedTo"].get(name) for name in ("id", "name", "email")],
        "sentry.token",
    ),
    Write(
        "restore",
        lambda http, s: sentry(http, deadline_s=s).restore("77", BEFORE),
        "PUT",
        ISSUE,
        issue("unresolved", assignedTo=LINA),
        _restored,
        "sentry.token",
    ),
)
