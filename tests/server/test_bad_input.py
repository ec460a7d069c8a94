"""A request with anything wrong about it gets the right refusal, and changes nothing at all."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ajar.app import ROUTES
from ajar.wire import from_base64url
from tests.running_server import RunningServer
from tests.server.catalogue import REQUESTS, Many, Request, Shape, World, cookie_of
from tests.server.expect import refused
from tests.server.stores import dump, of_pair
from tests.server.wrong_values import replaced, wrong_places

MAX_BODY = 16 * 1024
JSON = {"content-type": "application/json"}
FOREIGN = {
    "another site": {"sec-fetch-site": "cross-site"},
    "another origin of this site": {"sec-fetch-site": "same-site"},
    "an address typed in": {"sec-fetch-site": "none"},
    "another host": {"origin": "https://example.org"},
    "another port": {"origin": "http://localhost:1"},
    "another host, claimed to be ours": {
        "origin": "https://example.org",
        "sec-fetch-site": "same-origin",
    },
    "an origin that is hidden": {"origin": "null"},
    "an origin of nothing": {"origin": ""},
    "an origin that cannot be read": {"origin": "http://["},
    "our name inside another": {"origin": "http://localhost.example.org"},
}
OTHER_TYPES = (
    None,
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application",
)
TAKING_A_BODY = [request for request in REQUESTS if request.body]
CHANGING = [request for request in REQUESTS if request.changes_something]
NEEDING_A_SEAT = [request for request in REQUESTS if request.who == "alice"]


def named(requests: list[Request]) -> list[Any]:
    return [pytest.param(request, id=request.name) for request in requests]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("bad-input") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def world(server: RunningServer) -> World:
    """One for all of this module: nothing that is tried here may change it."""
    return World(server)


@pytest.fixture
def unchanged(server: RunningServer) -> Iterator[None]:
    before = dump(server)
    yield
    assert dump(server) == before


def test_every_route_is_tried_here() -> None:
    routes = {
        (method, route.path) for route in ROUTES for method in (route.methods or set()) - {"HEAD"}
    }
    assert {(request.method, request.path) for request in REQUESTS} == routes


@pytest.mark.parametrize("request_", named(REQUESTS))
def test_with_nothing_wrong_it_is_taken(server: RunningServer, request_: Request) -> None:
    assert World(server).send(request_).status_code == request_.status


@pytest.mark.parametrize("request_", named(TAKING_A_BODY))
def test_a_body_as_large_as_may_be_is_taken(server: RunningServer, request_: Request) -> None:
    world = World(server)
    assert request_.body
    text = json.dumps(request_.body(world)).ljust(MAX_BODY)
    reply = world.send(request_, content=text, headers=JSON)
    assert reply.status_code == request_.status


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        pytest.param(request, field, id=f"{request.name}, {field}")
        for request in TAKING_A_BODY
        for field in request.shape.fields
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_field_of_the_wrong_type_or_size_is_refused(
    world: World, request_: Request, field: str
) -> None:
    assert request_.body
    replies = {}
    for what, at, value in wrong_places(request_.shape):
        if at[0] == field:
            body = replaced(request_.body(world), at, value)
            replies[what] = refused(world.send(request_, json=body))
    assert replies == dict.fromkeys(replies, (422, "invalid"))
    assert len(replies) > 3


@pytest.mark.parametrize(
    ("request_", "name", "kind"),
    [
        pytest.param(request, name, kind, id=f"{request.name}, {name}")
        for request in TAKING_A_BODY
        for name, kind in request.shape.fields.items()
        if isinstance(kind, Many)
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_list_that_is_too_long_is_refused(
    world: World, request_: Request, name: str, kind: Many
) -> None:
    assert request_.body
    body = request_.body(world)
    longer = {**body, name: [body[name][0]] * (kind.high + 1)}
    assert refused(world.send(request_, json=longer)) == (422, "invalid")


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        pytest.param(request, name, id=f"{request.name} without {name}")
        for request in TAKING_A_BODY
        for name in request.shape.fields
        if name not in request.shape.optional
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_missing_field_is_refused(world: World, request_: Request, name: str) -> None:
    assert request_.body
    body = {key: value for key, value in request_.body(world).items() if key != name}
    assert refused(world.send(request_, json=body)) == (422, "invalid")


@pytest.mark.parametrize("request_", named(TAKING_A_BODY))
@pytest.mark.usefixtures("unchanged")
def test_an_unknown_field_is_refused_and_not_repeated(world: World, request_: Request) -> None:
    assert request_.body
    reply = world.send(request_, json={**request_.body(world), "my_rating_is_7": 7})
    assert refused(reply) == (422, "invalid")
    assert "rating" not in reply.text


@pytest.mark.usefixtures("unchanged")
def test_an_unknown_field_within_an_answer_is_refused(world: World) -> None:
    request = next(each for each in REQUESTS if each.path == "/api/answers")
    body = world.alice.answers_body({0: "open"})
    body["answers"][0]["rating"] = 7
    reply = world.send(request, json=body)
    assert refused(reply) == (422, "invalid")
    assert "rating" not in reply.text


NOT_A_BODY = {
    "nothing": b"",
    "not JSON": b"{'n': 1}",
    "half of it": b'{"at": [1',
    "two of them": b"{}{}",
    "a number that is none": b'{"at": [NaN]}',
    "an endless number": b'{"at": [1e999]}',
    "a hundred thousand digits of zeros": b'{"at": [1' + b"0" * 10_000 + b"]}",
    "five thousand lists in one another": b'{"at": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "two thousand objects in one another": b'{"at":' * 2_000 + b"1" + b"}" * 2_000,
    "no UTF-8": b'{"at": "\xff\xfe"}',
    "half a character": b'{"access_code": "\\ud800"}',
    "a list": b"[]",
    "a text": b'"at"',
    "a number": b"1",
    "null": b"null",
    "true": b"true",
}


@pytest.mark.parametrize("request_", named(TAKING_A_BODY))
@pytest.mark.usefixtures("unchanged")
def test_a_body_that_is_no_json_object_is_refused(world: World, request_: Request) -> None:
    replies = {
        what: refused(world.send(request_, content=content, headers=JSON))
        for what, content in NOT_A_BODY.items()
    }
    assert replies == dict.fromkeys(NOT_A_BODY, (422, "invalid"))


@pytest.mark.parametrize("request_", named(TAKING_A_BODY))
@pytest.mark.usefixtures("unchanged")
def test_what_a_form_could_send_is_refused(world: World, request_: Request) -> None:
    assert request_.body
    text = json.dumps(request_.body(world)).encode()
    for content_type in OTHER_TYPES:
        headers = {"content-type": content_type} if content_type else {}
        assert refused(world.send(request_, content=text, headers=headers)) == (415, "not_json")


@pytest.mark.parametrize("in_pieces", [False, True], ids=["declared", "in pieces"])
@pytest.mark.parametrize("request_", named(TAKING_A_BODY))
@pytest.mark.usefixtures("unchanged")
def test_a_body_one_byte_too_large_is_refused(
    world: World, request_: Request, *, in_pieces: bool
) -> None:
    assert request_.body
    text = json.dumps(request_.body(world)).ljust(MAX_BODY + 1).encode()
    content = (text[at : at + 1000] for at in range(0, len(text), 1000)) if in_pieces else text
    assert refused(world.send(request_, content=content, headers=JSON)) == (413, "too_large")


@pytest.mark.parametrize("request_", named(CHANGING))
@pytest.mark.usefixtures("unchanged")
def test_what_another_site_sends_is_refused(world: World, request_: Request) -> None:
    replies = {
        what: refused(world.send(request_, headers=headers)) for what, headers in FOREIGN.items()
    }
    assert replies == dict.fromkeys(FOREIGN, (403, "foreign_origin"))


@pytest.mark.parametrize("request_", named(CHANGING))
def test_what_our_own_page_sends_is_taken(server: RunningServer, request_: Request) -> None:
    ours = {"origin": server.url, "sec-fetch-site": "same-origin"}
    assert World(server).send(request_, headers=ours).status_code == request_.status


@pytest.mark.parametrize("request_", named(REQUESTS))
@pytest.mark.usefixtures("unchanged")
def test_a_wrong_method_is_refused_and_the_right_ones_named(
    world: World, request_: Request
) -> None:
    right = {each.method for each in REQUESTS if each.path == request_.path}
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} - right:
        reply = world.send(request_, method=method)
        assert refused(reply) == (405, "method_not_allowed")
        assert set(reply.headers["allow"].split(", ")) - {"HEAD"} == right


def useless_cookies(world: World) -> dict[str, str | None]:
    alice, charlie = cookie_of(world.alice), cookie_of(world.charlie)
    half = len("ajar=") + 22
    return {
        "none": None,
        "empty": "ajar=",
        "garbage": "ajar=garbage",
        "not even letters": "ajar=\xff\xfe; ;;=",
        "of the right length": "ajar=" + "A" * 64,
        "padded": alice + "==",
        "a letter short": alice[:-1],
        "twice itself": alice + alice[5:],
        "the secret of another pair": alice[:half] + charlie[half:],
        "under another name": alice.replace("ajar=", "__Host-ajar="),
        "very long": "ajar=" + "A" * 8_000,
    }


@pytest.mark.parametrize("request_", named(NEEDING_A_SEAT))
@pytest.mark.usefixtures("unchanged")
def test_without_a_seats_cookie_it_is_refused(world: World, request_: Request) -> None:
    for cookie in useless_cookies(world).values():
        assert refused(world.send(request_, cookie=cookie)) == (401, "no_pair")


@pytest.mark.parametrize(
    "request_", named([each for each in REQUESTS if each not in NEEDING_A_SEAT])
)
def test_what_needs_no_seat_is_taken_with_a_useless_cookie(
    server: RunningServer, request_: Request
) -> None:
    world = World(server)
    assert world.send(request_, cookie="ajar=garbage").status_code == request_.status


@pytest.mark.parametrize("request_", named(NEEDING_A_SEAT))
def test_another_pairs_cookie_reaches_that_pair_alone(
    server: RunningServer, request_: Request
) -> None:
    world = World(server)
    pair_id = from_base64url(world.alice.pair_id, 16)
    before = of_pair(dump(server), pair_id)
    assert world.send(request_, cookie=cookie_of(world.charlie)).status_code == request_.status
    assert of_pair(dump(server), pair_id) == before


def test_the_shapes_here_are_those_of_the_bodies(world: World) -> None:
    for request in TAKING_A_BODY:
        assert request.body
        assert isinstance(request.shape, Shape)
        assert set(request.body(world)) == set(request.shape.fields)
