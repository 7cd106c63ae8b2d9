"""Sentry's cursors: where a page begins, and the Link header that says where the others do."""

from starlette.requests import Request

from npconsole.sim.sentry.gate import ApiError


def offset_of(request: Request) -> int:
    """The offset that the request's cursor names: `0:<offset>:<0 forwards, 1 backwards>`. Raises ApiError."""
    cursor = request.query_params.get("cursor", "0:0:0")
    parts = cursor.split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise ApiError(400, "Invalid cursor parameter.")
    return int(parts[1])


def whole_number(request: Request, name: str, default: int) -> int:
    """A query parameter that is a whole number. Raises ApiError."""
    text = request.query_params.get(name, str(default))
    if not text.isdecimal():
        raise ApiError(400, f"{name} must be an integer")
    return int(text)


def link_header(request: Request, offset: int, limit: int, *, more: bool) -> str:
    """Both relations, always; only `results` says whether there is anything."""
    before, after = f"0:{max(0, offset - limit)}:1", f"0:{offset + limit}:0"
    relations = (("previous", before, offset > 0), ("next", after, more))
    return ", ".join(
        f'<{request.url.include_query_params(cursor=cursor)}>; rel="{rel}"; '
        f'results="{str(results).lower()}"; cursor="{cursor}"'
        for rel, cursor, results in relations
    )
