"""The API's description tells what its errors look like: problem documents (RFC 9457), as ``web/errors.py`` writes them."""

from dataclasses import dataclass

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute

_TEXT = Schema(type=OpenAPIType.STRING)
PROBLEM = OpenAPIResponse(
    description="What is wrong and what helps, in the language asked for.",
    content={
        "application/problem+json": OpenAPIMediaType(
            schema=Schema(
                type=OpenAPIType.OBJECT,
                title="Problem",
                required=["type", "title", "status", "detail"],
                properties={
                    "type": _TEXT,
                    "title": _TEXT,
                    "status": Schema(type=OpenAPIType.INTEGER),
                    "detail": _TEXT,
                    "next_step": _TEXT,
                    "request_id": _TEXT,
                    "errors": Schema(
                        type=OpenAPIType.ARRAY,
                        items=Schema(type=OpenAPIType.OBJECT, properties={"field": _TEXT, "detail": _TEXT}),
                    ),
                },
            )
        )
    },
)


@dataclass
class OperationWithProblems(Operation):
    """An operation whose every error is a problem document, instead of the framework's own 400, which we never send."""

    def __post_init__(self) -> None:
        """Puts the one answer for all errors in the place of the framework's."""
        given = {status: each for status, each in (self.responses or {}).items() if status != "400"}
        self.responses = {**given, "default": PROBLEM}


class DescribeProblems(ReceiveRoutePlugin):
    """Makes every operation of the application one with problems."""

    def receive_route(self, route: BaseRoute) -> None:
        """Before the route is described."""
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if isinstance(handler, HTTPRouteHandler):
                    handler.operation_class = OperationWithProblems
