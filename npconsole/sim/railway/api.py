"""`POST /graphql/v2`: parses, validates and executes what is asked. Errors are GraphQL's, with status 200 once a
document makes sense."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationType, execute_sync, get_operation_ast, parse, validate
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from npconsole.sim.clock import Clock
from npconsole.sim.fault import RAILWAY
from npconsole.sim.railway.caller import Caller, Tokens, caller_of
from npconsole.sim.railway.limit import RateLimit
from npconsole.sim.railway.resolvers import Resolvers
from npconsole.sim.railway.schema import schema
from npconsole.sim.record import Record
from npconsole.sim.trouble import Trouble

PATH = "/graphql/v2"
REFUSALS = {
    200: "Problem processing request",
    429: "Too many requests, please try again later",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that made sense. `fields` are what a mutation asks for."""

    document: DocumentNode
    variables: Mapping[str, Any]
    name: str | None
    writes: bool
    fields: str


class BadRequestError(Exception):
    """What was sent is not an operation of the schema; `errors` are GraphQL's."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class RailwayApi:
    """Railway's app."""

    def __init__(self, resolvers: Resolvers, tokens: Tokens, trouble: Trouble, clock: Clock, record: Record) -> None:
        self._root = resolvers.root()
        self._tokens = tokens
        self._trouble = trouble
        self._clock = clock
        self._record = record
        self._limit = RateLimit()
        self.app = Starlette(routes=[Path(PATH, self._serve, methods=["POST"])])

    async def _serve(self, request: Request) -> Response:
        caller = caller_of(request.headers, self._tokens)
        ruling = self._limit.ask(caller.kind, self._clock.wall())
        try:
            operation = read_operation(await request.body())
        except BadRequestError as error:
            return JSONResponse({"errors": [each.formatted for each in error.errors]}, 400, ruling.headers)
        if operation.writes:
            self._record.write(RAILWAY, caller.name, operation.fields)
        if not ruling.allowed:
            return refusal(429, ruling.headers)
        response = await self._trouble.serve(
            request, lambda: self._execute(operation, caller), refusal, writes=operation.writes
        )
        response.headers.update(ruling.headers)
        return response

    def _execute(self, operation: Operation, caller: Caller) -> Response:
        result = execute_sync(
            schema(),
            operation.document,
            root_value=self._root,
            context_value=caller,
            variable_values=dict(operation.variables),
            operation_name=operation.name,
        )
        return JSONResponse(result.formatted)


def read_operation(body: bytes) -> Operation:
    """The operation in a body `{"query", "variables"?, "operationName"?}`. Raises BadRequestError."""
    try:
        asked = json.loads(body)
    except ValueError:
        raise BadRequestError(GraphQLError("The body is not JSON")) from None
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        raise BadRequestError(GraphQLError("Must provide query string."))
    variables, name = asked.get("variables") or {}, asked.get("operationName")
    if not isinstance(variables, dict) or not isinstance(name, str | None):
        raise BadRequestError(GraphQLError("Variables must be an object, operationName a string."))
    document = _parsed(asked["query"])
    operation = get_operation_ast(document, name)
    if operation is None:
        raise BadRequestError(GraphQLError("Must provide operation name if query contains multiple operations."))
    fields = ", ".join(node.name.value for node in operation.selection_set.selections if hasattr(node, "name"))
    return Operation(document, variables, name, operation.operation is OperationType.MUTATION, fields)


def refusal(status: int, headers: Mapping[str, str]) -> Response:
    """An answer that says no, as GraphQL's errors."""
    return JSONResponse({"errors": [{"message": REFUSALS[status]}], "data": None}, status, dict(headers))


@lru_cache(maxsize=64)
def _parsed(query: str) -> DocumentNode:
    try:
        document = parse(query)
    except GraphQLError as error:
        raise BadRequestError(error) from error
    errors = validate(schema(), document)
    if errors:
        raise BadRequestError(*errors)
    return document
