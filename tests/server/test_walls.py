"""The walls stand around every reply: pages, files, errors, and what is not there at all."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ajar import settings
from ajar.middleware import Walls
from tests.running_server import RunningServer
from tests.server.catalogue import REQUESTS, World
from tests.server.catalogue import Request as Asked
from tests.server.expect import refused
from tests.server.pairing.test_cookies import PUBLIC
from tests.server.stores import change, dump

# Spelled out once more here, so that no change of a wall goes unnoticed.
WALLS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self'; img-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types sw",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
FILES = {
    "/": "text/html; charset=utf-8",
    "/sw.js": "text/javascript; charset=utf-8",
    "/manifest.webmanifest": "application/manifest+json",
    "/icons/icon.png": "image/png",
    "/assets/main-1a2b3c.js": "text/javascript; charset=utf-8",
}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built app: what the server reads of it does not depend on what it holds."""
    dist = tmp_path_factory.mktemp("app") / "dist"
    for path in FILES:
        file = dist / (path.strip("/") or "index.html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(f"{path} ".encode() * 100)
    (dist / "build.json").write_text('{"build": "1a2b3c"}')
    return dist


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, dist: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("walls") / "data", dist=dist) as running:
        yield running


@pytest.fixture
def http(server: RunningServer) -> Iterator[httpx.Client]:
    yield server.client()
    server.close_clients()


def assert_walled(reply: httpx.Response) -> None:
    for name, value in WALLS.items():
        assert reply.headers.get_list(name) == [value], name
    assert "camera=()" in reply.headers["permissions-policy"]
    assert "server" not in reply.headers
    assert not any(name.startswith("access-control") for name in reply.headers)
    assert not any("ratelimit" in name for name in reply.headers)


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: asked.name)
def test_around_every_route_taken_refused_and_unfit(server: RunningServer, asked: Asked) -> None:
    world = World(server)
    replies = {
        405: world.send(asked, method="PATCH"),
        421: world.send(asked, headers={"host": "ajar.example.org"}),
    }
    if asked.changes_something:
        replies[403] = world.send(asked, headers={"sec-fetch-site": "cross-site"})
    if asked.who == "alice":
        replies[401] = world.send(asked, cookie=None)
    if asked.body:
        replies[415] = world.send(asked, content=b"{}")
        replies[422] = world.send(asked, json=[])
    replies[asked.status] = world.send(asked)
    for status, reply in replies.items():
        assert reply.status_code == status
        assert_walled(reply)
        if asked.path.startswith("/api/") and status != 421:
            assert reply.headers["cache-control"] == "no-store"
    server.close_clients()


@pytest.mark.parametrize(("path", "media_type"), FILES.items())
def test_around_every_file_of_the_app(http: httpx.Client, path: str, media_type: str) -> None:
    reply = http.get(path)
    assert reply.status_code == 200
    assert reply.content == f"{path} ".encode() * 100
    assert reply.headers["content-type"] == media_type
    forever = "public, max-age=31536000, immutable"
    assert reply.headers["cache-control"] == (forever if "/assets/" in path else "no-cache")
    again = http.get(path, headers={"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = http.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for each in (reply, again, head, http.post(path)):
        assert_walled(each)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api",
        "/api/",
        "/api/pair/",
        "/api/nothing",
        "/index.html",
        "/build.json/",
        "/assets/",
        "/assets/../../pyproject.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/metrics",
        "/api/invitations//join",
        "/" + "x" * 8_000,
    ],
)
def test_around_what_is_not_there(http: httpx.Client, path: str) -> None:
    reply = http.get(path, follow_redirects=False)
    assert refused(reply) == (404, "not_found")
    assert_walled(reply)


@pytest.mark.parametrize(
    "host", ["example.org", "localhost.example.org", "localhost@example.org", "", "[", "10.0.0.1"]
)
def test_a_name_that_is_not_ours_gets_nothing_but_a_sentence(
    server: RunningServer, http: httpx.Client, host: str
) -> None:
    before = dump(server)
    for method, path in (("GET", "/"), ("POST", "/api/pairs"), ("GET", "/api/config")):
        reply = http.request(method, path, headers={"host": host})
        assert reply.status_code == 421
        assert "AJAR_PUBLIC_URL" in reply.text
        assert_walled(reply)
    assert dump(server) == before


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8000"])
def test_this_machine_is_known_by_all_its_own_names(http: httpx.Client, host: str) -> None:
    assert http.get("/", headers={"host": host}).status_code == 200


def test_behind_https_it_is_known_by_its_name_and_says_to_stay_there(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data", PUBLIC) as server:
        known = server.client().get("/api/config", headers={"host": "Ajar.Example.org"})
        assert known.status_code == 200
        assert known.headers["strict-transport-security"] == "max-age=31536000"
        assert_walled(known)
        other = server.client().get("/api/config", headers={"host": "example.org"})
        assert other.status_code == 421
        ours = {"host": "ajar.example.org", "origin": "https://ajar.example.org"}
        assert refused(server.client().put("/api/answers", headers=ours)) == (401, "no_pair")
        theirs = {**ours, "origin": "https://ajar.example.org.evil.example"}
        assert refused(server.client().put("/api/answers", headers=theirs)) == (
            403,
            "foreign_origin",
        )


def test_around_a_store_that_fails(tmp_path: Path) -> None:
    """A table is gone: a real failure of the database, whose words nobody gets to read."""
    with RunningServer(tmp_path / "data") as server:
        world = World(server)
        change(server, "DROP TABLE devices")
        for asked in REQUESTS:
            if asked.who == "alice":
                reply = world.send(asked)
                assert refused(reply) == (503, "unavailable")
                assert reply.headers["retry-after"] == "5"
                assert "devices" not in reply.text
                assert_walled(reply)


def test_around_a_defect(tmp_path: Path) -> None:
    """A handler that fails, before its reply and in the middle of it, behind the real walls."""

    async def at_once(_: Request) -> Response:
        raise RuntimeError("secret")

    async def in_the_middle(_: Request) -> Response:
        def parts() -> Iterator[bytes]:
            yield b"half"
            raise RuntimeError("secret")

        return StreamingResponse(parts())

    app = Starlette(
        routes=[Route("/at-once", at_once), Route("/in-the-middle", in_the_middle)],
        middleware=[Middleware(Walls, settings=settings.read({"AJAR_DATA": str(tmp_path)}))],
    )

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.get(path)

    reply = asyncio.run(ask("/at-once"))
    assert refused(reply) == (500, "server_error")
    assert "secret" not in reply.text
    assert_walled(reply)
    # Half a reply cannot be mended: it is left to the server to cut the connection.
    with pytest.raises(RuntimeError):
        asyncio.run(ask("/in-the-middle"))
