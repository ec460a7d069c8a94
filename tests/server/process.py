"""A real `python -m ajar` in a process of its own, on the machine's own clock."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

PATIENCE = 60.0  # seconds; far beyond what anything here takes on an idle machine
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # spares the reading of all authorities
COMMAND = (sys.executable, "-m", "ajar")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def environment(data: Path, port: int, further: Mapping[str, str]) -> dict[str, str]:
    """Made from nothing, so that no setting of the machine leaks in; but the code is the code that
    this process runs, a mutant's too.
    """
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
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
        self._heard = b""
        self._announced = threading.Event()
        self._running = subprocess.Popen(
            command,
            env=environment(data, self.port, further),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=data.parent,
        )
        # Heard all the while: a talkative process that nobody listens to stops at a full pipe.
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self._running.stdout
        with self._running.stdout as lines:
            for line in lines:
                self._heard += line
                if line.startswith((b"Ajar is at", b"A trial of Ajar is at")):
                    self._announced.set()
        self._announced.set()  # or it has ended

    def wait_until_ready(self) -> None:
        """It says when it can be reached; then both of its stores must answer."""
        assert self._announced.wait(PATIENCE), "it says nothing"
        if b" is at http" not in self._heard:
            raise AssertionError(f"it did not start: {self.output()}")
        if b"A trial" not in self._heard:
            with httpx.Client(verify=NO_TLS) as http:
                assert http.get(f"{self.url}/readyz").status_code == 200

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
        self._running.wait(PATIENCE)
        self._listening.join(PATIENCE)
        return self._heard.decode()

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
