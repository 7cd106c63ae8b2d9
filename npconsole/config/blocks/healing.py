"""The block of the healer."""

from typing import Annotated

from npconsole.config.blocks.fields import Block, doc
from npconsole.config.units import Seconds


class Heal(Block, frozen=True, kw_only=True):
    """What the healer may do."""

    check_interval: Annotated[Seconds, doc("Between checks.", least=1)] = Seconds(60)
    restart: Annotated[bool, doc("Whether it may restart a service.")] = True
    purge: Annotated[bool, doc("Whether it may purge the cache.")] = True
