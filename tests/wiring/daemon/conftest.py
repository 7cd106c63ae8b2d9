from collections.abc import Iterator
from pathlib import Path

import pytest

from npconsole.wiring.daemon.leadership import Leadership
from npconsole.wiring.daemon.log import open_log
from npconsole.wiring.daemon.post import Post
from tests.wiring.daemon.bench import bench
from tests.wiring.daemon.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with bench(tmp_path) as place:
        path = tmp_path / "heal.log"
        leadership = Leadership(place.stores.heal, owner="one", lease_s=80_000, clock=place.clock)
        log = open_log(str(path), clock=place.clock, redact=str)
        yield Scene(place, Post(place.stores, {}, place.clock, log, leadership, "here"), path)
