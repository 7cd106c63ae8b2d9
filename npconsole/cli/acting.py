"""What every command that acts, or shows what was done, stands on: configuration, journal, actor, processes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from npconsole.cli.actor import actor_of
from npconsole.cli.context import Context
from npconsole.config.loading import Loaded, load
from npconsole.model.clock import Clock, SystemClock
from npconsole.model.journal import Journal
from npconsole.model.run import Actor
from npconsole.wiring.launch import Launcher
from npconsole.wiring.memory import Stores, open_stores, state_folder


@dataclass(frozen=True, slots=True)
class Acting:
    """One command's hold on the memory, closed by `acting`."""

    loaded: Loaded
    stores: Stores
    clock: Clock
    actor: Actor
    launcher: Launcher
    read_only: bool

    @property
    def journal(self) -> Journal:
        """The runs and their audit."""
        return self.stores.journal


@contextmanager
def acting(context: Context, *, via: str = "cli", thorough: bool = False) -> Iterator[Acting]:
    """Load, warn and open. Raises ConfigError and StoreError: without a journal nothing acts."""
    loaded, clock = load(context.config_path, environ=os.environ), SystemClock()
    for warning in loaded.warnings:
        click.echo(f"npconsole: {warning}", err=True)
    stores = open_stores(loaded.config, environ=os.environ, clock=clock, thorough=thorough)
    try:
        yield Acting(
            loaded=loaded,
            stores=stores,
            clock=clock,
            actor=actor_of(context, loaded.config, os.environ, via=via),
            launcher=Launcher(loaded.path, os.environ, state_folder(os.environ), context.read_only),
            read_only=context.read_only or loaded.config.actions.read_only,
        )
    finally:
        stores.close()
