"""The command line that does what a key did: people learn it, and paste it into scripts and post-mortems."""

import shlex

from npconsole.model.action import Danger
from npconsole.model.run import RunRequest

MOST_VALUES = 3
"""Of one parameter; a command line with ten thousand addresses teaches nobody."""


def twin(request: RunRequest, danger: Danger) -> str:
    """`npconsole run restart us-east --yes --reason 'slow since the deploy'`. The name that a typed one asks for stands
    as it was typed, or as the target while it was not.
    """
    words = ["npconsole", "run", request.action, request.target]
    for name, values in request.parameters.items():
        for value in values[:MOST_VALUES]:
            words += ["--param", f"{name}={value}"]
        if len(values) > MOST_VALUES:
            words += ["--param", f"{name}=… {len(values) - MOST_VALUES} more"]
    if danger is Danger.TYPED:
        words += ["--confirm", request.typed or request.target]
    elif danger is Danger.CONFIRM:
        words.append("--yes")
    for guard in request.overrides:
        words += ["--override", guard]
    if request.reason:
        words += ["--reason", request.reason]
    return shlex.join(words)
