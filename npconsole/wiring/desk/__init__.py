"""The desk of a console: what a face may ask of those who act, over a journal and processes of their own."""

from npconsole.wiring.desk.desk import LiveDesk
from npconsole.wiring.desk.seat import Seat

__all__ = ["LiveDesk", "Seat"]
