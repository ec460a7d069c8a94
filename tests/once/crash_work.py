"""Stories of the worker: its steps are killed, and a fresh worker works."""

from ajar.worker import Worker
from tests.once.crash_story import (
    AT,
    FIRST,
    LEASE,
    People,
    PushBody,
    Step,
    Story,
    answer,
    couple,
    done,
    put,
    seated,
    tablet_of,
)
from tests.phone import DAY, Choice
from tests.running_server import START, RunningServer
from tests.server.stores import change


class Close(Story):
    """One instant of six couples, two a transaction: match, quiet, told, alone, never joined."""

    now = FIRST
    afterwards: tuple[int, ...] = (FIRST + 7 * DAY, FIRST + 14 * DAY)
    leaves = "a"
    rounds = 3
    batch = 2

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        people: People = {}
        for name in ("match", "quiet", "told", "alone", "later"):
            alice, bob = seated(server, self.rounds)
            people |= {f"alice {name}": alice, f"bob {name}": bob}
            put(alice, *self.choices("open", "open", "closed"))
            done(alice.request("PUT", "/api/reminders", {"at": [FIRST + DAY]}))
        single, _ = couple(server, self.rounds)
        done(single.create(), 201)
        put(single, "open")
        people["alice single"] = single
        put(people["bob match"], *self.choices("open", "open", "open"))
        put(people["bob quiet"], *self.choices("closed", "closed", "open"))
        put(people["bob told"], *self.choices("open", "open", "open"))
        put(people["bob later"], *self.choices("closed", "open", "open"))
        done(people["alice told"].request("POST", "/api/leave", {"tell_partner": True}))
        return people

    def choices(self, *choices: Choice) -> tuple[Choice, ...]:
        return choices[: self.rounds]

    def step(self, server: RunningServer) -> Step:
        return lambda worker: worker.close()


class CloseLast(Close):
    """The same at the end of their runs, which that very commit brings."""

    rounds = 1


class CloseOverdue(Close):
    """After an outage: two instants at once, the earlier first."""

    now = FIRST + 7 * DAY


class CloseLost(Close):
    """The instant's answer key is lost: so is the round, for everyone alike."""

    new_keys = loses_key = True

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        people = super().prepare(server, push)
        change(server, "DELETE FROM answer_keys WHERE closes_at = ?", FIRST, store="answer_keys")
        return people


class Mend(CloseLost):
    """It is noticed before the close: people are asked again, under a new key."""

    now = START
    afterwards = (FIRST, FIRST + 7 * DAY, FIRST + 14 * DAY)

    def step(self, server: RunningServer) -> Step:
        return lambda worker: worker.mend()

    def go_on(self, people: People) -> None:
        for name in ("alice later", "bob later"):
            phone = people[name]
            done(phone.request("PUT", "/api/answers", answer(phone, 2_000, "open")))


class Purge(Story):
    """Fourteen days after a match; another couple's run goes on."""

    now = FIRST + 14 * DAY
    afterwards = (FIRST + 21 * DAY,)

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = seated(server)
        tablet_of(alice)
        done(bob.request("PUT", "/api/subscription", push))
        put(alice, "open")
        put(bob, "open")
        server.close_round_at(FIRST)
        server.clock.move_to(FIRST + 7 * DAY)
        others = seated(server, first=FIRST + 16 * DAY)
        for phone in others:
            put(phone, "open")
        people = {"alice": alice, "bob": bob}
        return people | {"alice later": others[0], "bob later": others[1]}

    def step(self, server: RunningServer) -> Step:
        return lambda worker: worker.erase()


class Send(Story):
    """A due reminder is claimed, pushed and settled; one without a subscription is dropped."""

    now = AT
    reminders = 1
    afterwards = (AT + 6, AT + LEASE - 1, AT + LEASE, AT + 3 * LEASE)

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = seated(server)
        done(alice.request("PUT", "/api/subscription", push))
        for phone in (alice, bob):
            done(phone.request("PUT", "/api/reminders", {"at": [AT]}))
        return {"alice": alice, "bob": bob}

    def step(self, server: RunningServer) -> Step:
        async def send(worker: Worker) -> None:
            await worker.remind()
            await worker.sent()

        return send


class SendBusy(Send):
    """The push service is busy the first time, so the reminder is put back and sent later."""

    first_push = 503


class SendGone(Send):
    """The push service says that the subscription is gone."""

    first_push = later_push = 410
