"""A hostile server as a phone sees it: the real one, whose views are told differently."""

import json
from collections.abc import Callable
from typing import Any

from tests.fakes.cutting_proxy import CuttingProxy

View = dict[str, Any]


class LyingProxy(CuttingProxy):
    """`lie` makes of each true view what the phone is told instead; None: the truth."""

    def __init__(self, server_port: int) -> None:
        super().__init__(server_port)
        self.lie: Callable[[View], View] | None = None
        self.lies = 0
        self.uploads = 0

    def passes_on(self, method: str, path: str, reply: bytes) -> bytes:
        if (method, path) == ("PUT", "/api/answers"):
            self.uploads += 1
        head, _, body = reply.partition(b"\r\n\r\n")
        if self.lie is None or (method, path) != ("GET", "/api/pair") or b" 200 " not in head[:16]:
            return reply
        told = json.dumps(self.lie(json.loads(body))).encode()
        self.lies += 1
        fields = [
            field
            for field in head.split(b"\r\n")
            if not field.lower().startswith((b"content-length:", b"etag:"))
        ]
        return b"\r\n".join([*fields, b"content-length: %d" % len(told), b"", told])
