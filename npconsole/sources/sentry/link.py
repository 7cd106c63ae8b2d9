"""Sentry's paging: `Link: <…>; rel="next"; results="true"; cursor="0:100:0"`. Both rels are always there.

https://docs.sentry.io/api/pagination/
"""

import re

_LINK = re.compile(r'<[^>]*>((?:\s*;\s*\w+="[^"]*")+)')
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


def next_cursor(header: str) -> str | None:
    """The cursor of the next page, "" when this was the last one, None when the header does not say."""
    for link in _LINK.finditer(header):
        parameters = dict(_PARAMETER.findall(link[1]))
        if parameters.get("rel") == "next" and parameters.get("results") in ("true", "false"):
            return parameters.get("cursor", "") if parameters["results"] == "true" else ""
    return None
