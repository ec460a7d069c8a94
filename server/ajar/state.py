"""What a running server holds, handed to every route and to the worker; no module-level state."""

from dataclasses import dataclass, field

from starlette.requests import Request

from ajar.clock import Clock
from ajar.database import Database
from ajar.metrics import Metrics
from ajar.rate_limits import RateLimits
from ajar.reminders.push_keys import PushKeys
from ajar.settings import Settings


@dataclass(frozen=True)
class State:
    settings: Settings
    database: Database
    clock: Clock
    rate_limits: RateLimits
    push_keys: PushKeys
    old_push_keys: tuple[PushKeys, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)

    def now(self) -> int:
        """The server's clock in whole UTC seconds."""
        return int(self.clock.now())


def state_of(request: Request) -> State:
    state: State = request.app.state.ajar
    return state
