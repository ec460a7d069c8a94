"""`GET /api/openapi.json` is a sound description, and what the server really does fits it."""

import json
from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from ajar.app import ROUTES
from ajar.pairing.rules import PHONES_OF_A_SIDE
from tests.phone import Phone
from tests.running_server import RunningServer
from tests.server.catalogue import REQUESTS, Request, World, cookie_of
from tests.server.pairing.test_phones import add_phone
from tests.server.wrong_values import wrong_places

# Says what all others do, not what it does itself.
ITSELF = ("GET", "/api/openapi.json")
DESCRIBED = [
    each
    for each in REQUESTS
    if each.path.startswith("/api/") and (each.method, each.path) != ITSELF
]


@pytest.fixture
def server(emptied: RunningServer) -> RunningServer:
    return emptied


@pytest.fixture
def document(server: RunningServer) -> dict[str, Any]:
    reply = server.client().get("/api/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    found: dict[str, Any] = reply.json()
    return found


def operation(document: dict[str, Any], request: Request) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][request.path][request.method.lower()]
    return found


def problems(document: dict[str, Any], schema: dict[str, Any], value: object) -> list[str]:
    """How `value` differs from `schema`, whose references point into the document."""
    whole = {**schema, "components": document["components"]}
    return [error.message for error in OAS31Validator(whole).iter_errors(value)]


def schema_of(content: dict[str, Any]) -> dict[str, Any]:
    assert set(content["content"]) == {"application/json"}
    found: dict[str, Any] = content["content"]["application/json"]["schema"]
    return found


def assert_described(document: dict[str, Any], request: Request, reply: httpx.Response) -> None:
    described = operation(document, request)["responses"].get(str(reply.status_code))
    assert described, f"{request.name} may answer {reply.status_code}: {reply.text}"
    if "content" in described:
        assert reply.headers["content-type"] == "application/json"
        assert problems(document, schema_of(described), reply.json()) == []
    elif reply.status_code != 421:
        assert reply.content == b""


def test_it_is_an_openapi_3_1_document(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_describes_exactly_the_routes_there_are(document: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    routes = {
        (method, route.path)
        for route in ROUTES
        for method in (route.methods or set()) - {"HEAD"}
        if route.path.startswith("/api/")
    }
    assert described == routes - {ITSELF}


def test_whatever_takes_a_body_may_find_it_too_slow(document: dict[str, Any]) -> None:
    """Waiting for it takes longer than a test may: here only that it is described."""
    for request in DESCRIBED:
        if request.body:
            assert "408" in operation(document, request)["responses"]


def test_every_part_of_a_path_is_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for described in methods.values():
            named = {each["name"] for each in described.get("parameters", [])}
            assert named == ({"pair_id"} if "{pair_id}" in path else set())


@pytest.mark.parametrize("request_", DESCRIBED, ids=lambda each: each.name)
def test_what_is_taken_fits_and_what_is_refused_is_listed(
    server: RunningServer, document: dict[str, Any], request_: Request
) -> None:
    world = World(server)
    replies = [
        world.send(request_, headers={"host": "example.org"}),
        world.send(request_, cookie=None if request_.who == "alice" else cookie_of(world.alice)),
    ]
    if request_.changes_something:
        replies.append(world.send(request_, headers={"origin": "null"}))
    if "{pair_id}" in request_.path:
        other = Request(
            request_.method, request_.path.format(pair_id="x"), "visitor", 0, request_.body
        )
        replies.append(world.send(other))
    if request_.body:
        replies.append(world.send(request_, json={"unknown": 1}))
        replies.append(world.send(request_, content=b"{}"))
        declared = {"content-type": "application/json"}
        replies.append(world.send(request_, content=b" " * 20_000, headers=declared))
        body = request_.body(world)
        takes = schema_of(operation(document, request_)["requestBody"])
        assert problems(document, takes, body) == []
        replies.append(world.send(request_, json=body))
    else:
        assert "requestBody" not in operation(document, request_)
        replies.append(world.send(request_))
    assert replies[-1].status_code == request_.status
    for reply in replies:
        assert_described(document, request_, reply)


@pytest.mark.parametrize(
    "request_", [each for each in DESCRIBED if each.body], ids=lambda each: each.name
)
def test_a_body_that_the_description_allows_is_not_malformed(
    server: RunningServer, document: dict[str, Any], request_: Request
) -> None:
    """The other way round: whatever type or size the server refuses, the description forbids.

    But for what a pattern cannot say: spare bits, and text that is no 64-bit number.
    """
    assert request_.body
    takes = schema_of(operation(document, request_)["requestBody"])
    body = request_.body(World(server))
    assert problems(document, takes, {**body, "unknown": 1})
    for what, at, value in wrong_places(request_.shape):
        if "bits beyond" in what or "with a point" in what or "round: one too high" in what:
            continue
        changed = json.loads(json.dumps(body))
        inner = changed
        for step in at[:-1]:
            inner = inner[step]
        inner[at[-1]] = value
        assert problems(document, takes, changed), what


def test_the_replies_of_a_whole_run_fit(
    server: RunningServer, document: dict[str, Any], pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    tablet = add_phone(alice)
    by_name = {each.name: each for each in DESCRIBED}

    def check(phone: Phone, method: str, path: str, body: object = None) -> None:
        asked = by_name[f"{method} {path}"]
        here = path.replace("{pair_id}", phone.pair_id)
        assert_described(document, asked, phone.request(method, here, body))

    for index, closes_at in enumerate(alice.closes):
        for phone in (alice, bob, tablet):
            check(phone, "GET", "/api/pair")
            check(phone, "GET", "/api/phones")
            check(phone, "GET", "/api/invitations/{pair_id}")
            check(phone, "PUT", "/api/answers", phone.answers_body({index: "closed"}))
            check(phone, "PUT", "/api/reminders", {"at": [closes_at - 60]})
        server.close_round_at(closes_at)
        check(alice, "PUT", "/api/answers", alice.answers_body({index: "open"}))
    check(alice, "GET", "/api/pair")
    for _ in range(PHONES_OF_A_SIDE - 2):
        add_phone(alice)
    offer = {"join_hash": alice.create_body()["join_hash"]}
    assert alice.request("POST", "/api/phones", offer).status_code == 409
    check(alice, "POST", "/api/phones", offer)
    check(tablet, "DELETE", "/api/phones")
    check(alice, "GET", "/api/pair")
    check(bob, "POST", "/api/leave", {"tell_partner": True})
    check(bob, "GET", "/api/pair")
    check(alice, "GET", "/api/config")
