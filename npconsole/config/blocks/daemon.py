"""The block of the daemon that heals, alerts, and tells Prometheus how it is."""

from typing import Annotated

from npconsole.config.blocks.fields import Block, Text, doc, form
from npconsole.config.units import Ratio, Seconds, Url

ListenAddress = Annotated[
    str,
    form(
        r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]*):\d{1,5}$",
        "must be an address to listen at, such as 127.0.0.1:9877, or :9877 for every address of this host",
    ),
]


class Daemon(Block, frozen=True, kw_only=True):
    """`npconsole heal run`."""

    listen: Annotated[
        ListenAddress, doc("Where /metrics and /healthz are; by default only this host gets at them.")
    ] = "127.0.0.1:9877"
    log: Annotated[Text, doc("Its log, as JSON lines; a path from where it is started, or - for stdout.")] = (
        "logs/autoheal.log"
    )
    lease: Annotated[
        Seconds, doc("How long a daemon that is not heard of stays the leader; then another takes over.", least=1)
    ] = Seconds(30)
    push: Annotated[Url | None, doc("Pushgateway for the metrics of `heal run --once`.")] = None
    uptime_target: Annotated[
        Ratio, doc("Share of time that a service is meant to be up; burn rates on /metrics are against it.", least=0.5)
    ] = Ratio(0.9995)
