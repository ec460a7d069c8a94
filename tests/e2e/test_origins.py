"""Where the app refuses to work it says why; and it never speaks to anyone but its own server."""

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import NewPerson
from tests.running_server import RunningServer


def test_an_insecure_origin_shows_a_sentence_and_never_a_blank_page(
    browser: Browser, server: RunningServer
) -> None:
    """Without a secure context browsers offer no `crypto.subtle`; taken away here, as there."""
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined});"
        "Object.defineProperty(window, 'isSecureContext', {value: false});"
    )
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("A secure connection is needed")
    expect(page.get_by_text("https")).to_be_visible()
    context.close()


def test_without_scripts_a_sentence_says_so(browser: Browser, server: RunningServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    expect(page.locator("noscript p")).to_be_visible()
    context.close()


def test_a_whole_pairing_asks_nobody_but_its_own_server(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice, bob = new_person(), new_person()
    asked: set[str] = set()
    for person in (alice, bob):
        person.page.on("request", lambda request: asked.add(request.url))
    link = alice.invites()
    alice.goes_to_first_round()
    bob.joins(link)
    bob.answers("closed")
    assert asked
    assert all(url.startswith(server.url + "/") for url in asked)
    assert not any("join=" in url for url in asked)
