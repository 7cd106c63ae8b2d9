"""Cloudflare's request limit. https://developers.cloudflare.com/fundamentals/api/reference/limits/"""

import re
from collections.abc import Mapping

from npconsole.model.controls import Allowance
from npconsole.net.text import number

_PARAMETER = re.compile(r";\s*([a-z]+)=(\d{1,12})\b")


def read_allowance(headers: Mapping[str, str]) -> Allowance:
    """What `Ratelimit: "default";r=50;t=30` and `Ratelimit-Policy: "burst";q=100;w=60` say: requests left, seconds
    until they are full again, and how many there are. Of several policies the first.
    """
    left, policy = (_parameters(headers.get(name, "")) for name in ("ratelimit", "ratelimit-policy"))
    return Allowance(limit=policy.get("q"), remaining=left.get("r"), reset_s=left.get("t"))


def _parameters(text: str) -> dict[str, float | None]:
    first = text.partition(",")[0]
    return {name: number(value) for name, value in _PARAMETER.findall(first)}
