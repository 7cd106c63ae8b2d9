"""Events of the real sentry-sdk arrive, whole, at a server that speaks Sentry's ingest protocol."""

import pytest
import sentry_sdk

from tests.real.bugsink import Bugsink
from tests.real.program import until

pytestmark = pytest.mark.real("bugsink")


def test_an_event_sent_to_the_dsn_is_an_issue_with_its_tags_release_and_stack(bugsink: Bugsink) -> None:
    client = sentry_sdk.Client(
        dsn=bugsink.dsn,
        release="20.1.0",
        environment="production",
        default_integrations=False,
        include_local_variables=False,
    )
    with sentry_sdk.new_scope() as scope:
        scope.set_client(client)
        scope.set_tag("region", "us-east")
        try:
            raise LookupError("no stock of [/b] \x1b[31m")
        except LookupError as error:
            scope.capture_exception(error)
    client.close(timeout=10)

    project = str(bugsink.ask("projects/")["results"][0]["id"])
    until(lambda: bugsink.ask("issues/", project=project)["results"] != [], what="the issue", within_s=10)
    issue = bugsink.ask("issues/", project=project)["results"][0]
    event = bugsink.ask("events/", issue=issue["id"])["results"][0]
    content = bugsink.ask(f"events/{event['id']}/")["data"]

    assert (issue["calculated_type"], issue["calculated_value"]) == ("LookupError", "no stock of [/b] \x1b[31m")
    assert (content["release"], content["environment"], content["tags"]["region"]) == (
        "20.1.0",
        "production",
        "us-east",
    )
    assert content["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"].startswith("test_an_event")
    assert "vars" not in content["exception"]["values"][0]["stacktrace"]["frames"][-1]
