"""Why a request failed, in a few words, from the tags that k6 gives it.

https://grafana.com/docs/k6/latest/javascript-api/error-codes/
"""

from npconsole.controls.k6.sample import Tags
from npconsole.net.text import clean

_CODES = {
    "1020": "invalid address",
    "1050": "timeout",
    "1100": "name not resolved",
    "1101": "no such host",
    "1110": "address refused by k6",
    "1111": "host refused by k6",
    "1201": "broken pipe",
    "1210": "connection failed",
    "1211": "connection timeout",
    "1212": "connection refused",
    "1220": "connection reset",
    "1310": "unknown certificate authority",
    "1311": "certificate for another host",
}


def error_kind(tags: Tags) -> str:
    """`status 503`, `connection refused`, `timeout`, ..., or the beginning of k6's own words."""
    if tags.error_code in _CODES:
        return _CODES[tags.error_code]
    if len(tags.status) == 3 and tags.status.isdigit() and tags.status > "099":
        return f"status {tags.status}"
    if tags.error_code.startswith("13"):
        return "TLS error"
    if tags.error_code.startswith("16"):
        return "HTTP/2 error"
    return clean(tags.error, limit=60) or (f"error {clean(tags.error_code, limit=10)}" if tags.error_code else "failed")
