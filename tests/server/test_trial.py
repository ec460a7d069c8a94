"""`serve --try`: two phones on one page of this machine, each with a seat of its own."""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from ajar.protocol import sha256
from ajar.wire import to_base64url
from tests.protocol import join_secret_of, pair_id_of
from tests.server.process import COMMAND, NO_TLS, Process, free_port, running


def three_ports_in_a_row() -> int:
    while True:
        first = free_port()
        with ExitStack() as held:
            try:
                for port in range(first, first + 3):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    data = tmp_path_factory.mktemp("trial") / "data"
    command = (*COMMAND, "serve", "--try")
    with running(data, {}, command, three_ports_in_a_row()) as process:
        yield process


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """One browser: its cookies are for the host, whatever the port."""
    with httpx.Client(verify=NO_TLS) as http:
        yield http


def phones(trial: Process) -> tuple[str, str]:
    return f"http://localhost:{trial.port + 1}", f"http://localhost:{trial.port + 2}"


def test_the_page_says_what_it_is_and_shows_two_phones(
    trial: Process, browser: httpx.Client
) -> None:
    page = browser.get(trial.url)
    assert "This is a trial" in page.text
    for phone in phones(trial):
        assert f'src="{phone}/"' in page.text
        assert phone in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    # Under another name the frames would lose their cookies.
    elsewhere = browser.get(f"http://127.0.0.1:{trial.port}/")
    assert (elsewhere.status_code, elsewhere.headers["location"]) == (307, f"{trial.url}/")


def test_the_phones_may_be_framed_by_that_page_alone(trial: Process, browser: httpx.Client) -> None:
    for phone in phones(trial):
        for path in ("/", "/api/config", "/nothing"):
            headers = browser.get(phone + path).headers
            assert f"frame-ancestors {trial.url};" in headers["content-security-policy"]
            assert "x-frame-options" not in headers
            assert headers["cross-origin-resource-policy"] == "same-origin"


def test_both_seats_of_a_pair_can_be_held_in_one_browser(
    trial: Process, browser: httpx.Client
) -> None:
    left, right = phones(trial)
    config = browser.get(f"{left}/api/config").json()
    assert (config["trial"], config["min_interval"]) == (True, 60)
    link, now = secrets.token_bytes(16), int(time.time())
    pair_id = to_base64url(pair_id_of(link))
    created = browser.post(
        f"{left}/api/pairs",
        json={
            "pair_id": pair_id,
            "join_hash": to_base64url(sha256(join_secret_of(link))),
            "closes": [now + 120, now + 180],
            "wording": "relationship",
            "claim": to_base64url(secrets.token_bytes(32)),
        },
    )
    assert created.status_code == 201
    assert browser.get(f"{right}/api/pair").status_code == 401
    joined = browser.post(
        f"{right}/api/invitations/{pair_id}/join",
        json={
            "join_secret": to_base64url(join_secret_of(link)),
            "claim": to_base64url(secrets.token_bytes(32)),
        },
    )
    assert joined.status_code == 201
    assert set(browser.cookies) == {f"ajar-{trial.port + 1}", f"ajar-{trial.port + 2}"}
    sides = [browser.get(f"{phone}/api/pair").json()["side"] for phone in (left, right)]
    assert sides == ["a", "b"]


def test_one_phone_cannot_act_for_the_other(trial: Process, browser: httpx.Client) -> None:
    left, right = phones(trial)
    reply = browser.put(f"{left}/api/answers", json={}, headers={"origin": right})
    assert reply.json()["error"]["code"] == "foreign_origin"
    same_site = {"sec-fetch-site": "same-site"}
    reply = browser.put(f"{left}/api/answers", json={}, headers=same_site)
    assert reply.json()["error"]["code"] == "foreign_origin"
