"""The frontend's two static files, and the address by which a host finds out that it is online."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path

SCRIPT = b"/* NeuroPilot inventory */\n" + b"".join(
    b"export const row%d = (items) => items.filter((item) => item.stock > %d);\n" % (n, n) for n in range(500)
)
STYLE = b"/* NeuroPilot inventory */\ntd.stock { font-variant-numeric: tabular-nums; }\n"


async def _script(_: Request) -> Response:
    return _asset(SCRIPT, "text/javascript", "frontend,script")


async def _style(_: Request) -> Response:
    return _asset(STYLE, "text/css", "frontend,style")


def _asset(body: bytes, media_type: str, tags: str) -> Response:
    headers = {"cache-control": "public, max-age=60", "cache-tag": tags}
    return Response(body, headers=headers, media_type=media_type)


async def _no_content(_: Request) -> Response:
    return Response(status_code=204)


def frontend() -> Starlette:
    """Serves `/app.js`, some 40 kB, and `/app.css`, with cache tags."""
    return Starlette(routes=[Path("/app.js", _script), Path("/app.css", _style)])


def connectivity() -> Starlette:
    """Answers `GET /generate_204` with 204 and no body."""
    return Starlette(routes=[Path("/generate_204", _no_content)])
