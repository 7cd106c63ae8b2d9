"""Who sits at a console, by which configuration, and what they may not do."""

from collections.abc import Mapping
from dataclasses import dataclass

from npconsole.config.loading import Loaded
from npconsole.errors import RefusedError
from npconsole.model.action import AccessRole
from npconsole.model.clock import Clock
from npconsole.model.run import Actor


@dataclass(frozen=True, slots=True)
class Seat:
    """`flag_read_only` is the flag of the command, on top of the configuration."""

    loaded: Loaded
    environ: Mapping[str, str]
    clock: Clock
    actor: Actor
    flag_read_only: bool

    @property
    def read_only(self) -> str:
        """Why this seat may not act, in a phrase; empty when it may."""
        if self.flag_read_only or self.loaded.config.actions.read_only:
            return "this console is read-only"
        if not self.actor.role.allows(AccessRole.OPERATOR):
            return f"{self.actor.name} is {self.actor.role.value}"
        return ""

    def require(self, role: AccessRole) -> None:
        """Raise RefusedError unless this seat may do what needs that role."""
        if said := self.read_only:
            raise RefusedError(said)
        if not self.actor.role.allows(role):
            raise RefusedError(f"that needs the role {role.value}, and {self.actor.name} is {self.actor.role.value}")
