"""The simulator's own made-up secrets, drawn from the seed so that a restarted simulator still takes them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from npconsole.sim.cloudflare.caller import Tokens as CloudflareTokens
from npconsole.sim.railway.caller import Tokens as RailwayTokens
from npconsole.sim.sentry.gate import Tokens as SentryTokens
from npconsole.sim.slack.api import Secrets as SlackSecrets


@dataclass(frozen=True, slots=True)
class Credentials:
    """The vendors' tokens, and Sentry's DSN keys."""

    sentry: SentryTokens
    railway: RailwayTokens
    cloudflare: CloudflareTokens
    backend_key: str
    frontend_key: str
    slack: SlackSecrets
    routing_key: str
    benchmark_password: str

    @property
    def files(self) -> Mapping[str, str]:
        """What a console needs, by the name of its file. Those that the configuration does not name are for trying
        other ways in."""
        return {
            "sentry_token": self.sentry.writer,
            "railway_token": self.railway.project,
            "railway_account_token": self.railway.account,
            "cloudflare_token": self.cloudflare.writer,
            "cloudflare_reader_token": self.cloudflare.reader,
            "cloudflare_account_token": self.cloudflare.account,
            "slack_token": self.slack.token,
            "pagerduty_routing_key": self.routing_key,
            "benchmark_email": "benchmark@neuropilot.ai",
            "benchmark_password": self.benchmark_password,
        }


def credentials(seed: int) -> Credentials:
    """The same seed gives the same secrets."""

    def draw(name: str, length: int) -> str:
        return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()[:length]

    return Credentials(
        sentry=SentryTokens(writer=f"sntryu_{draw('writer', 48)}", reader=f"sntryu_{draw('reader', 48)}"),
        railway=RailwayTokens(project=draw("railway project", 36), account=draw("railway account", 36)),
        cloudflare=CloudflareTokens(
            writer=draw("cloudflare writer", 40),
            reader=draw("cloudflare reader", 40),
            account=draw("cloudflare account", 40),
        ),
        backend_key=draw("backend", 32),
        frontend_key=draw("frontend", 32),
        slack=SlackSecrets(
            token=f"xoxb-{draw('slack token', 40)}",
            webhook=f"T{draw('slack team', 8).upper()}/B{draw('slack hook', 8).upper()}/{draw('slack webhook', 24)}",
        ),
        routing_key=draw("pagerduty", 32),
        benchmark_password=draw("benchmark", 24),
    )
