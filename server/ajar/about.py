"""What anyone may know about this server: its configuration, its health, its API's description."""

from pathlib import Path
from typing import Final

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from ajar import __version__, openapi
from ajar.database import Connection, Unavailable
from ajar.json_reply import reply
from ajar.pairing.rules import SHORTEST_LEAD
from ajar.settings import Settings, Unsafe
from ajar.state import State, state_of
from ajar.wire import Config, Support, first_problem, from_base64url

BUILT_IN_LINES: Final = Path(__file__).with_name("support_lines.json")


def read_support(settings: Settings) -> Support:
    """The host's help lines, or the built-in ones. Raises Unsafe if the file is not usable."""
    path = settings.support_lines or BUILT_IN_LINES
    try:
        return Support.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise Unsafe(
            f"AJAR_SUPPORT_LINES: {path} cannot be used: {first_problem(error)}."
        ) from None


def make_config(state: State, support: Support, build: str) -> Config:
    settings = state.settings
    return Config(
        push_key=from_base64url(state.push_keys.public_b64url, 65),
        operator=settings.operator,
        contact=settings.contact,
        support=support,
        leave_url=settings.leave_url,
        version=__version__,
        build=build,
        access_code=settings.access_code is not None,
        min_interval=settings.min_interval or SHORTEST_LEAD,
        trial=settings.trial,
    )


async def get_config(request: Request) -> Response:
    return reply(request.app.state.config)


async def get_openapi(_: Request) -> Response:
    return Response(orjson.dumps(openapi.document()), media_type="application/json")


async def healthz(_: Request) -> Response:
    """The process answers."""
    return Response(status_code=200)


async def readyz(request: Request) -> Response:
    """Both stores answer, so that a pair can be served."""

    async def look(connection: Connection) -> None:
        await connection.rows("SELECT 1")

    state = state_of(request)
    try:
        for store in ("pairs", "answer_keys"):
            await state.database.read(look, store=store)
    except Unavailable:
        return Response(status_code=503)
    return Response(status_code=200)
