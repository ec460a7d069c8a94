"""A real `python -m ajar` in a process of its own, on the machine's own clock."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

PATIENCE = 60.0  # seconds; far beyond what anything here takes on an idle machine
COMMAND = (sys.executable, "-m", "ajar")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def environment(data: Path, port: int, further: Mapping[str, str]) -> dict[str, str]:
    """Made from nothing, so that no setting of the machine leaks in."""
    return {
        "PATH": os.environ["PATH"],
        "AJAR_DATA": str(data),
        "AJAR_PORT": str(port),
        "AJAR_RATE_LIMITS": "off",
        "AJAR_METRICS_PORT": "0",
        **further,
    }


class Process:
    """`url` answers once the block is entered; `output()` is all it said, after its end."""

    def __init__(
        self,
        data: Path,
        further: Mapping[str, str],
        command: Sequence[str] = (*COMMAND, "serve"),
        port: int | None = None,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._said: str | None = None
        self._running = subprocess.Popen(
            command,
            env=environment(data, self.port, further),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=data.parent,
        )

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        with httpx.Client(verify=False) as http:  # noqa: S501 - plain HTTP; spares a slow start
            while time.monotonic() < until:
                assert self._running.poll() is None, self.output()
                try:
                    if http.get(f"{self.url}/readyz").status_code == 200:
                        return
                except httpx.TransportError:
                    continue
        raise AssertionError("the server did not get ready")

    def signal(self, number: signal.Signals) -> None:
        self._running.send_signal(number)

    def kill(self) -> None:
        """As the machine's power going: nothing gets to finish."""
        self._running.kill()
        self._running.wait(PATIENCE)

    def wait(self) -> int:
        return self._running.wait(PATIENCE)

    def output(self) -> str:
        """All that it said, once it has ended."""
        if self._said is None:
            said, _ = self._running.communicate(timeout=PATIENCE)
            self._said = said.decode()
        return self._said

    def stop(self) -> None:
        """As a service manager does; harmless when it has ended already."""
        if self._running.poll() is None:
            self._running.terminate()
        try:
            self.output()
        finally:
            self._running.kill()


@contextmanager
def running(
    data: Path,
    further: Mapping[str, str],
    command: Sequence[str] = (*COMMAND, "serve"),
    port: int | None = None,
) -> Iterator[Process]:
    process = Process(data, further, command, port)
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.stop()
