"""`npconsole deliver`: tell people what is in the outbox, once. Started by runners where no daemon may be there."""

import asyncio
import os

import click

from npconsole.cli.context import Context

_WITHIN_S = 60.0


@click.command("deliver", hidden=True, help="Send what is due in the outbox, once. npconsole starts this by itself.")
@click.pass_obj
def command(context: Context) -> None:
    from npconsole.cli.acting import Acting, acting
    from npconsole.net.http import Http
    from npconsole.net.secrets import Secrets
    from npconsole.wiring.notifying import build_channels, build_drainer
    from npconsole.wiring.redaction import redactor

    async def delivered(hold: Acting) -> None:
        config, clock = hold.loaded.config, hold.clock
        secrets = Secrets(environ=os.environ, redactor=redactor)
        async with Http(now=clock.now) as http:
            channels = build_channels(config, http=http, secrets=secrets, clock=clock)
            outbox = hold.stores.outbox
            drainer = build_drainer(config, channels=channels, outbox=outbox, secrets=secrets, clock=clock)
            await drainer.once(within_s=_WITHIN_S)

    with acting(context) as hold:
        asyncio.run(delivered(hold))
