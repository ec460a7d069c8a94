"""Stories of phones: their requests are killed, and repeated as the app does it."""

from tests.once.crash_story import (
    AT,
    FIRST,
    Ask,
    People,
    PushBody,
    Story,
    answer,
    couple,
    done,
    join_as_tablet,
    put,
    seated,
    tablet_of,
)
from tests.phone import DAY, HOUR, Phone
from tests.running_server import RunningServer


class Create(Story):
    """Alice invites."""

    repeats = (201,)
    new_keys = True

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = couple(server)
        return {"alice": alice, "bob": bob}

    def asks(self, people: People) -> list[Ask]:
        return [("alice", "POST", "/api/pairs", people["alice"].create_body())]

    def go_on(self, people: People) -> None:
        done(people["bob"].join(), 201)
        put(people["alice"], "open")
        put(people["bob"], "open")


class Join(Story):
    """Bob joins, once: Charlie, who has the link too, is too late."""

    side = "b"
    repeats = (201,)

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = couple(server)
        done(alice.create(), 201)
        put(alice, "open", "open")
        return {"alice": alice, "bob": bob}

    def asks(self, people: People) -> list[Ask]:
        bob = people["bob"]
        path = f"/api/invitations/{bob.pair_id}/join"
        return [("bob", "POST", path, bob.join_body())]

    def go_on(self, people: People) -> None:
        bob = people["bob"]
        done(Phone(bob.server, "b", bob.link, bob.closes).join(), 410)
        put(bob, "open")


class AnotherPhone(Story):
    """Alice offers her side's seat to her tablet too, and it joins, once."""

    side = "a"
    repeats = (201,)

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = seated(server)
        put(bob, "open")
        return {"alice": alice, "bob": bob, "tablet": tablet_of(alice)}

    def asks(self, people: People) -> list[Ask]:
        return [join_as_tablet("tablet", people["tablet"])]

    def go_on(self, people: People) -> None:
        tablet = people["tablet"]
        charlie = Phone(tablet.server, "a", tablet.link, tablet.closes)
        _, method, path, body = join_as_tablet("charlie", charlie)
        done(charlie.request(method, path, body), 410)
        put(tablet, "open")


class Answer(Story):
    """Alice takes back an answer for three rounds, twice; a mixture would make another match."""

    afterwards = (FIRST, FIRST + 7 * DAY)
    side = "a"
    repeats = (204,)

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = seated(server)
        put(alice, "open", "closed", "open")
        put(bob, "closed", "open", "open")
        return {"alice": alice, "bob": bob}

    def asks(self, people: People) -> list[Ask]:
        alice = people["alice"]
        return [
            ("alice", "PUT", "/api/answers", answer(alice, 2_000, "closed", "closed", "closed")),
            ("alice", "PUT", "/api/answers", answer(alice, 3_000, "open", "open", "closed")),
        ]


class Remind(Story):
    """Alice moves her reminders: two of three stay, one goes, one is new."""

    reminders = 3
    afterwards = tuple(AT + minute * 60 for minute in range(6))
    side = "a"
    repeats = (204,)

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = seated(server)
        done(alice.request("PUT", "/api/subscription", push))
        done(alice.request("PUT", "/api/reminders", {"at": [AT, AT + 60, AT + 120]}))
        return {"alice": alice, "bob": bob}

    def asks(self, people: People) -> list[Ask]:
        return [("alice", "PUT", "/api/reminders", {"at": [AT + 60, AT + 120, AT + 180]})]


class Leave(Story):
    """Alice leaves, with two phones, an offer, reminders and answers. Bob is not told."""

    afterwards: tuple[int, ...] = (FIRST, FIRST + 7 * DAY, FIRST + 14 * DAY)
    side = "a"
    repeats = (204, 401)
    leaves = "a"
    telling = False

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        alice, bob = seated(server)
        tablet = tablet_of(alice)
        _, method, path, body = join_as_tablet("tablet", tablet)
        done(tablet.request(method, path, body), 201)
        tablet_of(alice)
        for phone in (alice, tablet):
            done(phone.request("PUT", "/api/subscription", push))
            done(phone.request("PUT", "/api/reminders", {"at": [FIRST - HOUR, FIRST - 60]}))
        put(alice, "open", "open", "open")
        put(bob, "closed", "open", "open")
        return {"alice": alice, "bob": bob, "tablet": tablet}

    def asks(self, people: People) -> list[Ask]:
        return [("alice", "POST", "/api/leave", {"tell_partner": self.telling})]


class LeaveTelling(Leave):
    """Alice leaves and Bob is told, at the next closing instant."""

    telling = True
    afterwards = (FIRST, FIRST + 7 * DAY)
