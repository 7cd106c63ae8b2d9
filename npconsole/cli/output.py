"""Results on stdout."""

import json
import sys
from collections.abc import Mapping


def print_json(body: Mapping[str, object]) -> None:
    """One JSON object on a line of its own, in ASCII so that no terminal ever interprets it."""
    sys.stdout.write(json.dumps(body, ensure_ascii=True, allow_nan=False, default=str) + "\n")
    sys.stdout.flush()
