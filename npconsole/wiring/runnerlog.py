"""What a process that executes runs says on stderr, which is its log."""

import sys

from npconsole.model.run import Run
from npconsole.net.text import clean
from npconsole.wiring.redaction import redactor


def to_log(run: Run, text: str) -> None:
    """Something that a person should look at; one line, redacted."""
    said = clean(redactor.redact(text))
    sys.stderr.write(f"attention: {run.request.action} {run.request.target} (run {run.id}): {said}\n")
    sys.stderr.flush()
