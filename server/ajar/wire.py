"""The shape of every request and reply of the API (`docs/protocol.md`, section 5).

Bytes are unpadded base64url, instants integer UTC seconds. Unknown fields are refused. What these
shapes accept is only well formed; whether it is allowed at this instant is for the rules.
"""

import base64
import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
)
from pydantic_core import core_schema
from starlette.requests import Request

from ajar.errors import invalid, not_json
from ajar.protocol import ANSWER_SIZE, MAX_ROUNDS, PAIR_ID_SIZE, SECRET_SIZE, Side, Wording
from ajar.settings import MAX_ACCESS_CODE

MAX_BODY: Final = 16 * 1024
MAX_REMINDERS: Final = 16
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str, size: int) -> bytes:
    """Strict: exactly `size` bytes, one spelling only. Raises ValueError."""
    if not _BASE64URL.fullmatch(text):
        raise ValueError("must be unpadded base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(data) != size or to_base64url(data) != text:
        raise ValueError(f"must be {size} bytes in base64url")
    return data


@dataclass(frozen=True)
class Size:
    """Exactly so many bytes; unpadded base64url on the wire."""

    size: int

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._decoded,
            serialization=core_schema.plain_serializer_function_ser_schema(to_base64url),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        characters = len(to_base64url(bytes(self.size)))
        return {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]*$",
            "minLength": characters,
            "maxLength": characters,
            "description": f"{self.size} bytes, unpadded base64url",
        }

    def _decoded(self, value: object) -> bytes:
        if isinstance(value, bytes):
            return value  # a reply that we make ourselves
        if not isinstance(value, str):
            raise ValueError(f"must be {self.size} bytes in base64url")
        return from_base64url(value, self.size)


def _distinct(instants: list[int]) -> list[int]:
    return sorted(set(instants))


PairId = Annotated[bytes, Size(PAIR_ID_SIZE)]
Secret = Annotated[bytes, Size(SECRET_SIZE)]
AnswerBody = Annotated[bytes, Size(ANSWER_SIZE)]
PushPoint = Annotated[bytes, Size(65)]
PushAuth = Annotated[bytes, Size(16)]
Instant = Annotated[int, Field(ge=0, le=2**40)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


S = TypeVar("S", bound=Shape)


class CreatePair(Shape):
    pair_id: PairId
    join_hash: Secret
    closes: Annotated[list[Instant], Field(min_length=1, max_length=MAX_ROUNDS)]
    wording: Wording
    claim: Secret
    access_code: Annotated[str, Field(max_length=MAX_ACCESS_CODE)] | None = None


class Join(Shape):
    join_secret: Secret
    claim: Secret


class RoundAnswer(Shape):
    round: Annotated[int, Field(ge=0, lt=MAX_ROUNDS)]
    body: AnswerBody


class Answers(Shape):
    n: Annotated[int, Field(ge=1, le=2**53 - 1)]
    answers: Annotated[list[RoundAnswer], Field(min_length=1, max_length=MAX_ROUNDS)]


class Reminders(Shape):
    at: Annotated[list[Instant], Field(max_length=MAX_REMINDERS), AfterValidator(_distinct)]


class Subscription(Shape):
    endpoint: Annotated[str, Field(min_length=1, max_length=2048)]
    p256dh: PushPoint
    auth: PushAuth


class OfferPhone(Shape):
    join_hash: Secret


class Leave(Shape):
    tell_partner: bool


class View(Shape):
    pair_id: PairId
    side: Side
    wording: Wording
    closes: list[Instant]
    seals: list[Secret | None]
    lost: list[int]
    ended: Literal["finished", "decided"] | None
    now: Instant


class Invitation(Shape):
    closes: list[Instant]
    wording: Wording
    expires_at: Instant


class PhoneOffered(Shape):
    expires_at: Instant


class Phones(Shape):
    count: Annotated[int, Field(ge=1)]


class SupportLine(Shape):
    """One help line: never shown without its country."""

    country: str | None
    kind: Literal["abuse", "crisis", "emergency", "men", "directory"]
    name: str
    phone: str | None = None
    text: str | None = None
    whatsapp: str | None = None
    url: str | None = None
    hours: str | None = None
    note: str | None = None


class Support(Shape):
    checked: str
    lines: list[SupportLine]


class Config(Shape):
    push_key: PushPoint
    operator: str | None
    contact: str | None
    support: Support
    leave_url: str
    version: str
    build: str
    access_code: bool
    min_interval: int
    trial: bool


class ErrorDetail(Shape):
    code: str
    message: str


class Error(Shape):
    error: ErrorDetail


async def read(request: Request, shape: type[S]) -> S:
    """The request's body as `shape`. Raises Refused: 415 `not_json` or 422 `invalid`."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise not_json()
    try:
        data = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise invalid("The request is not well-formed JSON.") from None
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise invalid(f"{first_problem(error)}.") from None


def first_problem(error: ValidationError) -> str:
    """Where a shape is not met, and how; never a value, nor a name that the sender made up."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "extra_forbidden":
        return "There is a field that is not known here"
    where = ".".join(str(step) for step in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


def pair_id_in_path(request: Request) -> bytes:
    """The path's pair id if it is one, else no bytes at all, which no pair has."""
    try:
        return from_base64url(str(request.path_params["pair_id"]), PAIR_ID_SIZE)
    except ValueError:
        return b""
