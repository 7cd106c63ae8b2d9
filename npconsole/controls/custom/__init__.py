"""What an operator's own actions call: programs of this host and addresses of their choice."""

from npconsole.controls.custom.programs import Programs
from npconsole.controls.custom.requests import Requests

__all__ = ["Programs", "Requests"]
