"""A request whose headers never end is cut off; an honest one beside it is answered."""

import socket
from pathlib import Path

import httpx

from ajar.http_protocol import HEAD_LIMIT
from tests.server.process import NO_TLS, running


def test_headers_that_do_not_end_are_cut_off_and_others_are_served(tmp_path: Path) -> None:
    with running(tmp_path / "data", {}) as process:
        with socket.create_connection(("127.0.0.1", process.port), timeout=20) as endless:
            endless.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            sent = 0
            try:
                while sent < 100 * HEAD_LIMIT:
                    sent += endless.send(b"X-More: " + b"x" * 4000 + b"\r\n")
                assert endless.recv(1) == b""
            except ConnectionError:
                pass
            assert sent < 100 * HEAD_LIMIT
        with httpx.Client(base_url=process.url, verify=NO_TLS) as http:
            assert http.get("/healthz", headers={"X-Long": "x" * 8000}).status_code == 200
            assert [http.get("/healthz").status_code for _ in range(3)] == [200] * 3
