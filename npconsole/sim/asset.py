"""The frontend's one static file, and the address by which a host finds out that it is online."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path

SCRIPT = b"/* NeuroPilot inventory */\n" + b"".join(
    b"export const row%d = (items) => items.filter((item) => item.stock > %d);\n" % (n, n) for n in range(500)
)


async def _script(_: Request) -> Response:
    return Response(SCRIPT, headers={"cache-control": "public, max-age=60"}, media_type="text/javascript")


async def _no_content(_: Request) -> Response:
    return Response(status_code=204)


def frontend() -> Starlette:
    """Serves `/app.js`, some 40 kB."""
    return Starlette(routes=[Path("/app.js", _script)])


def connectivity() -> Starlette:
    """Answers `GET /generate_204` with 204 and no body."""
    return Starlette(routes=[Path("/generate_204", _no_content)])
