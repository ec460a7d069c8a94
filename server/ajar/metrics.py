"""Counters for the operator: how much, never who. No label comes from a request's content."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

HELP: Final = {
    "ajar_requests_total": "Requests answered, by route and status.",
    "ajar_rounds_closed_total": "Rounds closed by this process.",
    "ajar_rounds_lost_total": "Rounds whose answer key was missing.",
    "ajar_reminders_due_total": "Reminders whose instant came, each counted once.",
    "ajar_reminders_total": "Reminders by what became of them.",
    "ajar_push_key_refused_total": "Reminders whose push service refused our push key or contact.",
    "ajar_pairs_erased_total": "Pairs erased after their time.",
    "ajar_worker_errors_total": "Steps of the worker that failed and will be tried again.",
}


class Metrics:
    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        assert name in HELP, name
        self._counts[(name, tuple(sorted(labels.items())))] += amount

    def text(self) -> str:
        """Prometheus' text format."""
        lines: list[str] = []
        for name, meaning in HELP.items():
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} counter"]
            for (counted, labels), value in sorted(self._counts.items()):
                if counted == name:
                    inner = ",".join(f'{key}="{value}"' for key, value in labels)
                    lines.append(f"{name}{{{inner}}} {value}" if inner else f"{name} {value}")
        return "\n".join(lines) + "\n"


def create_metrics_app(metrics: Callable[[], Metrics]) -> Starlette:
    """`GET /metrics` of this process, for a port of its own that no proxy forwards."""

    async def show(_: Request) -> Response:
        return PlainTextResponse(metrics().text(), media_type="text/plain; version=0.0.4")

    return Starlette(routes=[Route("/metrics", show)])
