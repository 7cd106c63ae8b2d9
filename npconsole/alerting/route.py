"""Which channel hears of what. Warnings go to Slack, critical ones to Slack and PagerDuty, by default."""

from dataclasses import dataclass

from npconsole.config.schema import Config
from npconsole.model.notice import Severity


@dataclass(frozen=True, slots=True)
class Route:
    """One channel: the mildest that it is told, whether it hears of news in between, and of each action."""

    channel: str
    least: Severity
    updates: bool = True
    changes: bool = False


def routes_of(config: Config) -> tuple[Route, ...]:
    """The routes of the channels that are configured. PagerDuty pages once: it hears of no news in between."""
    routes = []
    if config.slack.token is not None or config.slack.webhook is not None:
        routes.append(Route("slack", Severity(config.slack.min_severity)))
    if config.pagerduty.routing_key is not None:
        pagerduty = config.pagerduty
        routes.append(Route("pagerduty", Severity(pagerduty.min_severity), updates=False, changes=pagerduty.changes))
    routes += [Route(each.name, Severity(each.min_severity), changes=each.changes) for each in config.channels]
    return tuple(routes)
