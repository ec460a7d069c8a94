"""The API's own description, made from the shapes in `wire.py`: `GET /api/openapi.json`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from ajar import __version__, wire

_REFERENCE: Final = "#/components/schemas/{model}"


@dataclass(frozen=True)
class Operation:
    """One request: what it takes, what it gives, and how it can be refused."""

    method: str
    path: str
    summary: str
    takes: type[wire.Shape] | None
    status: int
    gives: type[wire.Shape] | None
    refusals: tuple[int, ...]
    seat: bool


def _operation(
    method: str,
    path: str,
    summary: str,
    takes: type[wire.Shape] | None,
    status: int,
    gives: type[wire.Shape] | None,
    *refusals: int,
    seat: bool = True,
) -> Operation:
    always = (421, 429, 500, 503) if method == "get" else (403, 408, 413, 421, 429, 500, 503)
    body = (415, 422) if takes else ()
    own = (401,) if seat else ()
    return Operation(
        method,
        path,
        summary,
        takes,
        status,
        gives,
        tuple(sorted({*refusals, *always, *body, *own})),
        seat,
    )


OPERATIONS: Final = (
    _operation("post", "/api/pairs", "Invite", wire.CreatePair, 201, wire.View, 409, seat=False),
    _operation(
        "get",
        "/api/invitations/{pair_id}",
        "Look at an invitation",
        None,
        200,
        wire.Invitation,
        404,
        seat=False,
    ),
    _operation(
        "post",
        "/api/invitations/{pair_id}/join",
        "Take the invited seat",
        wire.Join,
        201,
        wire.View,
        409,
        410,
        seat=False,
    ),
    _operation("get", "/api/pair", "The view of one's own side", None, 200, wire.View),
    _operation("put", "/api/answers", "Answer or change answers", wire.Answers, 204, None, 409),
    _operation("put", "/api/reminders", "Replace one's reminders", wire.Reminders, 204, None),
    _operation(
        "put", "/api/subscription", "Where reminders are pushed", wire.Subscription, 204, None
    ),
    _operation("delete", "/api/subscription", "No more pushes", None, 204, None),
    _operation(
        "post", "/api/phones", "Offer one more phone", wire.OfferPhone, 201, wire.PhoneOffered, 409
    ),
    _operation(
        "post",
        "/api/phones/{pair_id}/join",
        "Join as one more phone of a side",
        wire.Join,
        201,
        wire.View,
        409,
        410,
        seat=False,
    ),
    _operation("get", "/api/phones", "How many phones hold this side", None, 200, wire.Phones),
    _operation("delete", "/api/phones", "Remove the others", None, 204, None),
    _operation("post", "/api/leave", "Leave for good", wire.Leave, 204, None),
    _operation("get", "/api/config", "What anyone may know", None, 200, wire.Config, seat=False),
)


def document() -> dict[str, Any]:
    """An OpenAPI 3.1 document."""
    shapes: set[type[wire.Shape]] = {wire.Error}
    for each in OPERATIONS:
        shapes |= {shape for shape in (each.takes, each.gives) if shape}
    _, schemas = models_json_schema(
        [(shape, "validation") for shape in sorted(shapes, key=_name)],
        ref_template=_REFERENCE,
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ajar",
            "version": __version__,
            "description": "Protocol ajar/1, see docs/protocol.md.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"seat": {"type": "apiKey", "in": "cookie", "name": "__Host-ajar"}},
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "security": [{"seat": []}] if operation.seat else [],
        "responses": dict(_responses(operation)),
    }
    if operation.takes:
        described["requestBody"] = {"required": True, "content": _json(operation.takes)}
    if "{pair_id}" in operation.path:
        described["parameters"] = [
            {
                "name": "pair_id",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "description": "16 bytes, unpadded base64url",
            }
        ]
    return described


def _responses(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    done: dict[str, Any] = {"description": "Done"}
    if operation.gives:
        done["content"] = _json(operation.gives)
    yield str(operation.status), done
    for status in operation.refusals:
        refused: dict[str, Any] = {"description": "Refused", "content": _json(wire.Error)}
        if status == 421:
            refused = {"description": "This server does not know itself by that name"}
        yield str(status), refused


def _json(shape: type[wire.Shape]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=_name(shape))}}}


def _name(shape: type[wire.Shape]) -> str:
    return shape.__name__
