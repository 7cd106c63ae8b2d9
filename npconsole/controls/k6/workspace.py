"""A folder of one load's own (0700): the script that k6 is given, what it sends, and what k6 leaves there.

k6 is always given a wrapper of ours. For a script's own thresholds win over those of `--config`, and K6_THRESHOLDS is
not JSON (k6 1.1): so the wrapper re-exports everything of the script and adds to its options. It works for modules of
both kinds, relative `open()`, `handleSummary`, and scenarios without a default function. A script's own load stays.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from npconsole.errors import NpconsoleError, UsageError
from npconsole.model.load import Threshold
from npconsole.net.text import clean

BUILT_IN = Path(__file__).with_name("scenario.js")
SCENARIO = "npconsole"
"""What our scenario is called, which a script without a load of its own gets."""
_PREFIX = "load-"
_WRAPPER = """\
import * as script from {address};
export * from {address};

const ours = JSON.parse(open('./load.json'));
const theirs = script.options || (script.default && script.default.options) || {{}};
const thresholds = Object.assign({{}}, theirs.thresholds);
for (const [metric, expressions] of Object.entries(ours.thresholds)) {{
  const known = [].concat(thresholds[metric] || []);
  const sources = known.map((each) => (each && each.threshold) || each);
  thresholds[metric] = known.concat(expressions.filter((each) => !sources.includes(each)));
}}
const own = ['scenarios', 'stages', 'vus', 'duration', 'iterations'].some((name) => theirs[name] != null);
const scenarios = own ? {{}} : {{ scenarios: ours.scenarios }};
export const options = Object.assign({{}}, ours.options, theirs, {{ thresholds }}, scenarios);
export default script.default;
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder; gone with its `with` block."""

    folder: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Take it away; no error when it is gone."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def script(self) -> Path:
        """What k6 is given."""
        return self.folder / "load.js"

    @property
    def config(self) -> Path:
        """An empty configuration, so that k6 does not read that of this user."""
        return self.folder / "config.json"

    @property
    def summary(self) -> Path:
        """Where k6 writes its summary."""
        return self.folder / "summary.json"

    @property
    def archive(self) -> Path:
        """Where k6 puts the script with all that it is made from."""
        return self.folder / "archive.tar"

    def write(
        self,
        script: Path,
        *,
        content: Mapping[str, Any],
        scenario: Mapping[str, Any],
        options: Mapping[str, Any],
        thresholds: Sequence[Threshold],
    ) -> None:
        """Fill it. `content` is what the built-in scenario reads; `scenario` is for a script that says nothing itself.

        Raises UsageError for a script that cannot be read.
        """
        address = f"file://{quote(str(_readable(script)))}"
        if script == BUILT_IN:
            shutil.copyfile(script, self.folder / script.name)
            address = f"./{script.name}"
        grouped: dict[str, list[str]] = {}
        for threshold in thresholds:
            grouped.setdefault(threshold.metric, []).append(threshold.expression)
        data = {**content, "options": options, "scenarios": {SCENARIO: scenario}, "thresholds": grouped}
        (self.folder / "load.json").write_text(json.dumps(data), "utf-8")
        self.script.write_text(_WRAPPER.format(address=json.dumps(address)), "utf-8")
        self.config.write_text("{}", "utf-8")


def open_workspace(parent: Path) -> Workspace:
    """A new one under `parent`; those that killed processes have left there are removed. Raises NpconsoleError."""
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in parent.glob(f"{_PREFIX}*"):
            if not _is_alive(left.name):
                shutil.rmtree(left, ignore_errors=True)
        return Workspace(Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent)))
    except OSError as error:
        raise NpconsoleError(f"{clean(parent)} cannot be used: {error.strerror}", hint="set XDG_STATE_HOME") from None


def _is_alive(name: str) -> bool:
    pid = name.removeprefix(_PREFIX).partition("-")[0]
    return not pid.isdigit() or Path(f"/proc/{pid}").exists()


def _readable(script: Path) -> Path:
    script = script.expanduser().absolute()
    try:
        with script.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise UsageError(f"the script {clean(script)} cannot be read: {error.strerror}") from None
    return script
