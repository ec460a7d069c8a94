"""Reading a refusal: the error envelope of `docs/protocol.md`, section 5, checked each time."""

from collections.abc import Mapping

import httpx


def refused(reply: httpx.Response) -> tuple[int, str]:
    """Status and code of a reply that must be a refusal in the one envelope there is."""
    assert reply.headers["content-type"] == "application/json", reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert "set-cookie" not in reply.headers
    envelope = reply.json()
    assert set(envelope) == {"error"}
    assert set(envelope["error"]) == {"code", "message"}
    message = envelope["error"]["message"]
    assert message.endswith("."), message
    assert "  " not in message
    code: str = envelope["error"]["code"]
    return reply.status_code, code


def headers_but_date(reply: httpx.Response) -> Mapping[str, str]:
    return {name: value for name, value in reply.headers.items() if name != "date"}


def whole(reply: httpx.Response) -> tuple[int, Mapping[str, str], bytes]:
    """All of a reply that must not differ where two situations must look alike."""
    return reply.status_code, headers_but_date(reply), reply.content
