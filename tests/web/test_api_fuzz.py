"""Whatever a program sends, the API answers in its own words: as its description says, or with a problem document."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from litestar import Litestar

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.settings import read_settings
from matchmaker.storage.engine import transaction
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol

Schema = dict[str, Any]
LOT = ("00000001-2026", "LOT-0001")
TELLTALES = ("Traceback", "SELECT ", "sqlalchemy", "asyncpg", "psycopg", "site-packages", '.py"')
"""What only the inside of the program says."""

KNOWN = ("FR", "FRK2", "EUR", "2027-01-31", "98310000", "7", "closed", "reserved", "/".join(LOT), *LOT, "example:laundry")
AWKWARD = (
    "", " ", "0", "-1", "1e999", "NaN", "Infinity", "9" * 400, "٣", "\x00", "a\x00b", "\ud7ff\U0001f9fa", "..", "../..", "a/b//c",
    "%", "%2F", "%00", "100%", "_", "'; DROP TABLE lot; --", "\"<b>&amp;", "0001-01-01", "9999-12-31", "2026-02-30", "x" * 5000,
)  # fmt: skip
WORDS = some.sampled_from((*KNOWN, *AWKWARD)) | some.text(max_size=30)
NUMBERS = some.sampled_from((0, 1, -1, 2**31, 2**63, -(2**63) - 1, 10**30)) | some.integers()
ANYTHING: some.SearchStrategy[Any] = some.one_of(
    some.none(),
    some.booleans(),
    NUMBERS,
    some.floats(),
    WORDS,
    some.lists(WORDS, max_size=3),
    some.dictionaries(WORDS, WORDS, max_size=2),
)


@dataclass(frozen=True)
class Operation:
    """One operation of the description."""

    path: str
    method: str
    described: Schema

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def operations(description: Schema) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method, described in methods.items():
            yield Operation(path, method, described)


def _description() -> Schema:
    """The description of the application as served; describing needs no database."""
    outside = Services(read_settings({}), cast(Any, None), cast(Any, None), None, lambda: datetime.now(UTC))
    return create_app(outside).openapi_schema.to_schema()


DESCRIPTION = _description()
COMPONENTS: Schema = DESCRIPTION["components"]["schemas"]
OPERATIONS = list(operations(DESCRIPTION))


@dataclass(frozen=True)
class Sent:
    """What is sent to an operation."""

    path: str
    query: list[tuple[str, str | int | float | bool | None]]
    body: bytes | None


def fitting(schema: Schema, components: Schema) -> some.SearchStrategy[Any]:
    """Values of the form the schema asks for, sensible and awkward."""
    if "$ref" in schema:
        return fitting(components[schema["$ref"].rpartition("/")[2]], components)
    if "oneOf" in schema:
        return some.one_of([fitting(each, components) for each in schema["oneOf"]])
    if schema.get("enum"):
        return some.sampled_from(schema["enum"])
    match schema.get("type"):
        case "string":
            return some.dates().map(str) | WORDS if schema.get("format") == "date" else WORDS
        case "integer":
            return NUMBERS
        case "number":
            return NUMBERS | some.floats()
        case "null":
            return some.none()
        case "array":
            return some.lists(fitting(schema["items"], components), max_size=3)
        case "object":
            return _object(schema, components)
    raise AssertionError(f"the description holds a form the test does not know: {schema}")


def _object(schema: Schema, components: Schema) -> some.SearchStrategy[Any]:
    if "properties" not in schema:
        return some.dictionaries(WORDS, fitting(schema["additionalProperties"], components), max_size=2)
    needed = set(schema.get("required", ()))
    fields = {name: fitting(each, components) for name, each in schema["properties"].items()}
    must = {name: each for name, each in fields.items() if name in needed}
    may = {name: each for name, each in fields.items() if name not in needed}
    return some.fixed_dictionaries(must, optional=may)


@some.composite
def sendings(draw: some.DrawFn, operation: Operation, components: Schema) -> Sent:
    """A call by the description, of which one part may be of a wrong form, be missing, or be one nobody asked for."""
    path, query = operation.path, list[tuple[str, str | int | float | bool | None]]()
    for parameter in operation.described.get("parameters", ()):
        name = parameter["name"]
        value = draw(fitting(parameter["schema"], components) if draw(some.integers(0, 3)) else ANYTHING)
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", _in_path(draw, value))
        elif draw(some.booleans()):
            query += [(name, str(each)) for each in (value if isinstance(value, list) else [value])]
    return Sent(path, query, draw(bodies(operation, components)))


def _in_path(draw: some.DrawFn, value: object) -> str:
    """Slashes and percent signs are sent both raw and encoded; dots encoded, or the client would resolve them."""
    return quote(str(value), safe=draw(some.sampled_from(("", "/", "/%")))).replace(".", "%2E")


@some.composite
def bodies(draw: some.DrawFn, operation: Operation, components: Schema) -> bytes | None:
    """JSON by the schema, JSON of any other form, or what is no JSON."""
    if "requestBody" not in operation.described:
        return None
    body = draw(fitting(operation.described["requestBody"]["content"]["application/json"]["schema"], components))
    match draw(some.sampled_from(("whole", "whole", "field", "form", "cut"))):
        case "field" if body:
            body[draw(some.sampled_from(sorted(body)))] = draw(ANYTHING)
        case "form":
            body = draw(ANYTHING)
        case "cut":
            return json.dumps(body).encode()[: draw(some.integers(0, 40))]
    return json.dumps(body).encode()


@pytest_asyncio.fixture
async def program(services: Services, examples: None) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in as a buyer, so that it comes past every guard, and without a bound a minute."""
    now = services.clock()
    await enrol(services.sessions, Enrolment("jane@council.example", Role.BUYER, "council"), "test", now)
    async with transaction(services.sessions) as session:
        person_id = await person_id_of(session, "jane@council.example") or 0
        await save_session(session, "a session", person_id, now, now + SESSION_LIFETIME)
    app = create_app(replace(services, settings=replace(services.settings, rate_per_minute=0)))
    transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as client:
        client.cookies.set("session", "a session", domain="matchmaker.test", path="/")
        yield client


@pytest.fixture
def tried() -> Iterator[set[str]]:
    """The operations tried; at the end it must be every one."""
    found: set[str] = set()
    yield found
    assert found == {str(each) for each in OPERATIONS}


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=some.data(), operation=some.sampled_from(OPERATIONS))
async def test_whatever_is_sent_is_answered_as_described_or_with_a_problem(
    program: httpx.AsyncClient, tried: set[str], data: some.DataObject, operation: Operation
) -> None:
    tried.add(str(operation))
    sent = data.draw(sendings(operation, COMPONENTS))
    headers = {"content-type": "application/json"} if sent.body is not None else {}
    answer = await program.request(operation.method, sent.path, params=tuple(sent.query), content=sent.body, headers=headers)
    said = f"{operation} {sent}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code < 500, said
    assert not [each for each in TELLTALES if each in answer.text], said
    kind = answer.headers["content-type"].partition(";")[0]
    if answer.is_success:
        assert kind in operation.described["responses"][str(answer.status_code)]["content"], said
        answer.json()
    else:
        assert kind == "application/problem+json", said
        assert kind in operation.described["responses"]["default"]["content"], said
        problem = answer.json()
        assert problem["status"] == answer.status_code, said
        assert problem["title"].strip(), said
        assert problem["detail"].strip(), said


def test_the_description_holds_every_address_for_programs(app: Litestar) -> None:
    served = {route.path_format for route in app.routes if route.path_format.startswith("/api/")}
    described = {each.path for each in OPERATIONS}
    assert {path for path in served if not path.startswith("/api/schema")} == described
