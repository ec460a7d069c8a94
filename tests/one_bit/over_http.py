"""The same exchange over real HTTP, read from the socket byte by byte.

The server is configured as it is in production. A reply's `parts` are its head, exactly as it came,
and its body. Only the value of `Date` is left out, once it is known to be a whole second.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from ajar.serving import configured
from ajar.settings import Settings
from tests.one_bit.exchange import CUT, Asked, Reply

DATE = re.compile(rb"(?<=\r\ndate: )\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT(?=\r\n)")
BODILESS = (100, 204, 304)


class BySocket:
    """One connection per address, kept alive for as long as the server keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._kept: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def __call__(self, asked: Asked, cookie: str | None, address: str) -> Reply:
        reader, writer = await self._connection(address)
        head = [f"{asked.method} {asked.path} HTTP/1.1"]
        head += [f"{name}: {value}" for name, value in asked.head(cookie)]
        cut_short = asked.hangs_up and asked.body is not None
        if cut_short:
            # The server says when it wants the body: by then the request is well under way.
            head.append("expect: 100-continue")
        body = b"" if cut_short else asked.body or b""
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        reply = await _read(reader, asked.method)
        if cut_short or (reply.header("connection") or "") == "close":
            await self._forget(address)
        return CUT if asked.hangs_up else reply

    async def _connection(self, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        kept = self._kept.get(address)
        if kept is None or kept[0].at_eof() or kept[1].is_closing():
            kept = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(address, 0))
            self._kept[address] = kept
        return kept

    async def _forget(self, address: str) -> None:
        _, writer = self._kept.pop(address)
        writer.close()
        await writer.wait_closed()

    async def close(self) -> None:
        for address in list(self._kept):
            await self._forget(address)


async def _read(reader: asyncio.StreamReader, method: str) -> Reply:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].split(b"\r\n")
    headers = tuple((name, value) for name, _, value in (line.partition(b": ") for line in lines))
    reply = Reply(int(first.split()[1]), headers, ())
    size = int(reply.header("content-length") or 0)
    bodiless = method == "HEAD" or reply.status in BODILESS
    assert bodiless or reply.header("content-length") is not None, head
    body = b"" if bodiless else await reader.readexactly(size)
    dates = DATE.findall(head)
    assert len(dates) == (reply.status != 100), head
    kept = tuple(pair for pair in headers if pair[0].lower() != b"date")
    return Reply(reply.status, kept, (DATE.sub(b"", head), body))


async def by_socket(app: Starlette, settings: Settings, stack: AsyncExitStack) -> BySocket:
    port = await stack.enter_async_context(_served(app, settings))
    exchange = BySocket(port)
    stack.push_async_callback(exchange.close)
    return exchange


class _Signalling(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def _served(app: Starlette, settings: Settings) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    # Inherited by every connection: a reply's second packet would else wait 40 ms for an ACK.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = _Signalling(configured(app, settings))
    serving = asyncio.create_task(server.serve([listening]))
    await server.ready.wait()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
