"""The cookie: a bearer token in a name that fits the origin, for as long as the pair is kept."""

from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import httpx
import pytest

from ajar.wire import from_base64url
from tests.phone import DAY, Phone, new_pair
from tests.running_server import START, RunningServer
from tests.server.pairing.test_create import inviting
from tests.server.pairing.test_phones import another, offer, take
from tests.server.stores import rows

PUBLIC = {
    "AJAR_PUBLIC_URL": "https://ajar.example.org",
    "AJAR_TRUSTED_PROXIES": "127.0.0.1",
    "AJAR_OPERATOR": "A counsellor",
    "AJAR_CONTACT": "host@example.org",
    "AJAR_NEITHER_PARTNER": "yes",
}


def given(reply: httpx.Response) -> Morsel[str]:
    """The one cookie that a reply sets."""
    headers = reply.headers.get_list("set-cookie")
    assert len(headers) == 1
    jar: SimpleCookie = SimpleCookie(headers[0])
    (morsel,) = jar.values()
    return morsel


def test_on_plain_loopback_it_is_strict_and_kept_from_scripts(server: RunningServer) -> None:
    alice = inviting(server)
    cookie = given(alice.create())
    assert cookie.key == "ajar"
    assert (cookie["httponly"], cookie["secure"]) == (True, "")
    assert (cookie["samesite"].lower(), cookie["path"], cookie["domain"]) == ("strict", "/", "")


def test_behind_https_it_is_a_host_cookie_and_secure(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data", PUBLIC) as server:
        alice = inviting(server)
        alice.http.headers["host"] = "ajar.example.org"
        cookie = given(alice.create())
        assert cookie.key == "__Host-ajar"
        assert (cookie["httponly"], cookie["secure"]) == (True, True)
        assert (cookie["samesite"].lower(), cookie["path"], cookie["domain"]) == ("strict", "/", "")
        sent = {"cookie": f"__Host-ajar={cookie.value}"}
        assert alice.http.get("/api/pair", headers=sent).status_code == 200
        # A cookie that any plain page of this host could set is no seat.
        plain = {"cookie": f"ajar={cookie.value}"}
        assert alice.http.get("/api/pair", headers=plain).status_code == 401
        left = alice.http.post("/api/leave", json={"tell_partner": False}, headers=sent)
        cleared = given(left)
        assert (cleared.key, cleared.value, cleared["max-age"]) == ("__Host-ajar", "", "0")
        assert (cleared["secure"], cleared["path"]) == (True, "/")


@pytest.mark.parametrize("later", [0, 2 * DAY])
def test_it_lasts_until_fourteen_days_after_the_last_close(
    server: RunningServer, later: int
) -> None:
    alice = inviting(server)
    cookies = [given(alice.create())]
    server.clock.pass_by(later)
    bob = Phone(server, "b", alice.link, alice.closes)
    cookies += [given(alice.create()), given(bob.join())]
    cookies.append(given(take(another(alice), offer(alice))))
    ages = [int(cookie["max-age"]) for cookie in cookies]
    end = alice.closes[-1] + 14 * DAY
    assert ages == [end - START, *[end - START - later] * 3]


def test_only_a_hash_of_its_256_random_bits_is_stored(server: RunningServer) -> None:
    alice, bob = new_pair(server)
    tokens = [from_base64url(phone.http.cookies["ajar"], 48) for phone in (alice, bob)]
    assert tokens[0][:16] == tokens[1][:16] == from_base64url(alice.pair_id, 16)
    assert tokens[0][16:] != tokens[1][16:]
    stored = {row["token_hash"] for row in rows(server, "SELECT token_hash FROM devices")}
    assert stored.isdisjoint(token[16:] for token in tokens)
    files = [path.read_bytes() for path in server.settings.data.iterdir()]
    assert not any(token[16:] in content for token in tokens for content in files)


def test_leaving_clears_it(pair: tuple[Phone, Phone]) -> None:
    alice, _ = pair
    reply = alice.request("POST", "/api/leave", {"tell_partner": False})
    cleared = given(reply)
    assert (cleared.key, cleared.value, cleared["max-age"]) == ("ajar", "", "0")
    assert not alice.http.cookies


def test_no_other_reply_sets_one(pair: tuple[Phone, Phone]) -> None:
    alice, _ = pair
    replies = [
        alice.request("GET", "/api/pair"),
        alice.answer(0, "open"),
        alice.request("PUT", "/api/reminders", {"at": []}),
        alice.request("GET", "/api/phones"),
        alice.request("DELETE", "/api/phones"),
        alice.request("GET", "/api/config"),
    ]
    assert not any("set-cookie" in reply.headers for reply in replies)
