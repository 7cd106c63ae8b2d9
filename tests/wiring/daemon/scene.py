"""A daemon's post over one memory and one log, without its loops."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npconsole.alerting.rules import to_alert_rules
from npconsole.healer.rules import to_heal_rules
from npconsole.model.heal import HealMode
from npconsole.model.snapshot import Snapshot
from npconsole.wiring.daemon.helm import Judging
from npconsole.wiring.daemon.pilot import Pilot
from npconsole.wiring.daemon.post import Post
from tests.wiring.daemon.bench import ROUTES, Bench


@dataclass
class Scene:
    place: Bench
    post: Post
    path: Path

    def pilot(self, look: Callable[[], Snapshot] | None = None) -> Pilot:
        judging = Judging(
            to_heal_rules(self.place.config, HealMode.ENFORCE), to_alert_rules(self.place.config), ROUTES, "here"
        )
        return Pilot(self.post, judging, look=look or self.place.minute, undelivered=lambda: ("slack: 503",))

    def lines(self, event: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [each for each in found if each["event"] == event]
