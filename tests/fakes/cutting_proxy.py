"""A network that loses replies: forwards to the real server, and cuts what it was told to cut.

A cut request reaches the server whole and is answered; the reply, cookie included, is thrown away
and the connection closed. So the server has committed and the phone does not know.
"""

import asyncio
import threading
from typing import Self

_HEAD_END = b"\r\n\r\n"


class CuttingProxy:
    """`with CuttingProxy(port) as network:` listens on `network.port`, for the server on `port`."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._to_cut: list[tuple[str, str]] = []
        self.cut: list[tuple[str, str]] = []
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def cut_next(self, method: str, path: str) -> None:
        """Lose the reply to the next such request."""
        self._to_cut.append((method, path))

    def forget(self) -> None:
        """Lose no more replies."""
        self._to_cut.clear()

    def wait_for_cut(self, count: int, timeout: float = 20) -> None:
        """Until `count` replies have been lost."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.cut) >= count, timeout):
                raise TimeoutError(f"only {self.cut} were cut")

    def passes_on(self, method: str, path: str, reply: bytes) -> bytes:
        """A reply as the phone gets it: a network that listens or lies overrides this."""
        return reply

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._stop.wait()
        server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head, body = await _message(reader)
                method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
                reply = self.passes_on(method, path, await self._exchange(head + body))
                if (method, path) in self._to_cut:
                    self._to_cut.remove((method, path))
                    with self._changed:
                        self.cut.append((method, path))
                        self._changed.notify_all()
                    return
                writer.write(reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        try:
            writer.write(request)
            await writer.drain()
            head, body = await _message(reader)
            return head + body
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """One HTTP/1.1 message: its head, and the body that its Content-Length announces."""
    head = await reader.readuntil(_HEAD_END)
    fields = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    length = next((int(value) for name, _, value in fields if name.lower() == b"content-length"), 0)
    return head, await reader.readexactly(length)
