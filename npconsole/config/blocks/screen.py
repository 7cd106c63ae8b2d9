"""The block of the screen."""

from typing import Annotated

from msgspec import field

from npconsole.config.blocks.fields import Block, Text, doc
from npconsole.config.units import Seconds


class Ui(Block, frozen=True, kw_only=True):
    """The screen."""

    theme: Annotated[Text, doc("A file of the themes folder without .yaml, or a path to one.")] = "dark"
    keys: Annotated[
        dict[str, str], doc("Keys by action id, such as `refresh: f5`; several are separated by commas.")
    ] = field(default_factory=dict)
    refresh: Annotated[Seconds, doc("Between redraws of changed figures.", least=0.1)] = Seconds(1)
    utc: Annotated[bool, doc("Show times in UTC instead of the host's zone.")] = False
    rotate: Annotated[Seconds, doc("Seconds a page of the wallboard stays when not all fits.", least=1)] = Seconds(15)
    lock_after: Annotated[
        Seconds, doc("Without a key for this long, the console acts on nothing until a key unlocks it.", least=1)
    ] = Seconds(900)
    exit_after: Annotated[Seconds, doc("Without a key for this long, the console ends.", least=1)] = Seconds(43200)
    bell: Annotated[
        bool,
        doc("Ring the bell of a terminal without focus when a region goes down, lags too far, or healing latches."),
    ] = True
    notify: Annotated[
        bool, doc("Then also send a desktop notification (OSC 9), for terminals that know it and report their focus.")
    ] = True
