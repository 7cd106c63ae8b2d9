"""Cloudflare's envelope around every answer, and the errors that go into it. https://developers.cloudflare.com/api/"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

Message = dict[str, Any]


class ApiError(Exception):
    """An answer with `success: false`. `chain` are the errors behind the first, `more` those beside it."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        chain: Sequence[Message] = (),
        more: Sequence[Message] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        first: Message = {"code": code, "message": message}
        self.errors = [first | {"error_chain": list(chain)} if chain else first, *more]


@dataclass(frozen=True, slots=True)
class Result:
    """What goes into the envelope of a successful answer."""

    value: Any
    messages: Sequence[Message] = ()
    info: Mapping[str, int] | None = None


def success(result: Result) -> Response:
    """The answer with a result."""
    envelope = {"success": True, "errors": [], "messages": list(result.messages), "result": result.value}
    return JSONResponse(envelope if result.info is None else envelope | {"result_info": dict(result.info)})


def failure(error: ApiError) -> Response:
    """The answer without one."""
    envelope = {"success": False, "errors": error.errors, "messages": [], "result": None}
    return JSONResponse(envelope, error.status, dict(error.headers))


def page_of(found: Sequence[Any], query: Mapping[str, str], per_page: int = 20) -> Result:
    """One page of a list, as `page` and `per_page` ask for it. Raises ApiError."""
    page, size = _whole(query, "page", 1), _whole(query, "per_page", per_page)
    start = (page - 1) * size
    chosen = list(found[start : start + size])
    info = {"page": page, "per_page": size, "count": len(chosen), "total_count": len(found)}
    return Result(chosen, info=info)


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise ApiError(400, 1006, f"invalid {name}")
    return int(text)
