"""What can go wrong, as a stable code, a status and a sentence one can act on."""

from typing import Final


class Refused(Exception):
    """A request that is answered with the error envelope of `docs/protocol.md`, section 5.

    `code` is stable and for programs, `message` is a sentence for people. Neither ever carries
    anything of the request or of the partner.
    """

    def __init__(
        self, status: int, code: str, message: str, retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        self.status: Final = status
        self.code: Final = code
        self.message: Final = message
        self.retry_after: Final = retry_after

    def body(self) -> dict[str, object]:
        return {"error": {"code": self.code, "message": self.message}}


def invalid(what: str) -> Refused:
    return Refused(422, "invalid", what)


def no_pair() -> Refused:
    return Refused(401, "no_pair", "This phone holds no seat here. Join with an invitation.")


def has_seat() -> Refused:
    return Refused(
        409,
        "has_seat",
        "This browser already holds a seat in a run. Leave that run first.",
    )


def pair_exists() -> Refused:
    return Refused(409, "pair_exists", "This invitation exists already. Make a new one.")


def invitation_gone(status: int = 410) -> Refused:
    return Refused(
        status,
        "invitation_gone",
        "This invitation cannot be used: it was used, has expired, or is not known here.",
    )


def access_code() -> Refused:
    return Refused(
        403, "access_code", "This server asks for an access code. Check it with its host."
    )


def round_closed() -> Refused:
    return Refused(
        409, "round_closed", "This round has closed. Nothing of this answer was kept or shared."
    )


def out_of_order() -> Refused:
    return Refused(
        409, "out_of_order", "A later answer from this phone has arrived already; it stands."
    )


def push_service() -> Refused:
    return Refused(
        422, "push_service", "This push service or its keys cannot be used by this server."
    )


def too_many_requests(retry_after: int) -> Refused:
    return Refused(
        429,
        "too_many_requests",
        "Too many requests in a short time. Wait a little and try again.",
        retry_after,
    )


def foreign_origin() -> Refused:
    return Refused(403, "foreign_origin", "This request came from another site.")


def too_large() -> Refused:
    return Refused(413, "too_large", "The request is larger than this server takes.")


def not_json() -> Refused:
    return Refused(415, "not_json", "Send the request as application/json.")


def unavailable() -> Refused:
    return Refused(
        503, "unavailable", "The server cannot do this right now. Try again in a moment.", 5
    )


def server_error() -> Refused:
    return Refused(500, "server_error", "Something failed on this server. Try again in a moment.")


def too_many_phones() -> Refused:
    return Refused(
        409, "too_many_phones", "This side has as many phones as it may. Remove the others first."
    )


def too_slow() -> Refused:
    return Refused(408, "too_slow", "The request took too long to arrive. Send it again.")
