"""Everything that can be read from a phone: from its pages, and from its browser's files."""

import base64
import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.fakes.cutting_proxy import CuttingProxy

# The same numbers in every life, so that link, keys and claim are the same.
FIXED_RANDOMNESS = """(() => {
    let drawn = 0;
    crypto.getRandomValues = (into) => {
        const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
        bytes.forEach((_, at) => {
            drawn += 1;
            bytes[at] = (drawn * 167 + (drawn >> 8) * 13) & 255;
        });
        return into;
    };
})()"""

_OF_THE_PAGE = """async () => {
    const done = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const hash = async (reply) => [...new Uint8Array(
        await crypto.subtle.digest('SHA-256', await reply.arrayBuffer())
    )].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const databases = [];
    for (const { name, version } of await indexedDB.databases()) {
        const database = await done(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            const objects = database.transaction(store).objectStore(store);
            const [keys, values] = [await done(objects.getAllKeys()), await done(objects.getAll())];
            databases.push([name, version, store, keys.map((key, at) => [key, values[at]])]);
        }
        database.close();
    }
    const cached = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys())
            cached.push([name, request.url, await hash(await cache.match(request))]);
    }
    const workers = await navigator.serviceWorker.getRegistrations();
    return {
        databases,
        cached: cached.sort(),
        local: Object.entries(localStorage),
        session: Object.entries(sessionStorage),
        workers: workers.map(({ scope, active }) => [scope, active?.scriptURL, active?.state]),
        html: document.documentElement.outerHTML,
        controls: [...document.querySelectorAll('input, select, textarea')].map(
            (control) => [control.name, control.value, control.checked]
        ),
        title: document.title,
        url: location.href,
        history: [history.length, JSON.stringify(history.state)],
        window: [window.name, document.referrer],
    };
}"""


class ListeningNetwork(CuttingProxy):
    """Hears every reply of the API that a phone gets: status, headers and body."""

    def __init__(self, server_port: int) -> None:
        super().__init__(server_port)
        self._heard: list[str] = []

    def passes_on(self, method: str, path: str, reply: bytes) -> bytes:
        if path.startswith("/api/"):
            # The instant at which the server happens to reply, and what it draws for a cookie.
            text = re.sub(r"(?m)^date: .*$", "date: <now>", reply.decode(), flags=re.IGNORECASE)
            self._heard.append(f"{method} {path} {re.sub('ajar=[^;]+', 'ajar=<drawn>', text)}")
        return reply

    def heard(self) -> list[str]:
        """Each different reply once: how often a page asks depends on when it has the focus."""
        heard, self._heard = self._heard, []
        return sorted(set(heard))


def differences(one: object, other: object, at: str = "") -> list[str]:
    """Where two things that were read differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for key in one for found in differences(one[key], other[key], f"{at}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for index, each in pairs for found in differences(*each, f"{at}/{index}")]
    return [] if one == other else [f"{at}: {one} / {other}"]


def read_page(page: Page) -> dict[str, Any]:
    """All that a page and its origin hold, and what a screen reader is told."""
    everything: dict[str, Any] = page.evaluate(_OF_THE_PAGE)
    everything["aria"] = page.locator("body").aria_snapshot()
    everything["cookies"] = [
        {name: value for name, value in cookie.items() if name not in ("value", "expires")}
        for cookie in page.context.cookies()
    ]
    return everything


def seat_of(page: Page) -> dict[str, Any]:
    databases = page.evaluate(_OF_THE_PAGE)["databases"]
    items = {key: value for _, _, _, stored in databases for key, value in stored}
    seat: dict[str, Any] = items["seat"]
    return seat


def spellings(data: bytes) -> list[bytes]:
    """As bytes stand in a file: raw, hex, both base64s; as one byte a character and as two."""
    texts = [data.hex(), base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()]
    plain = [text.rstrip("=") for text in texts]
    return [data, *(text.encode() for text in plain), *(text.encode("utf-16le") for text in plain)]


def found_on_disk(profile: Path, wanted: list[bytes]) -> list[tuple[str, bytes]]:
    """Which of these stand in which files, a file named by its folder alone."""
    found = set()
    for path in profile.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            where = "/".join(path.relative_to(profile).parts[:2])
            found |= {(where, each) for each in wanted if each in content}
    return sorted(found)


def ready(page: Page) -> None:
    """The service worker serves, so that every later page is as this one."""
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")


def everything_of(context: BrowserContext, network: ListeningNetwork) -> dict[str, Any]:
    """The phone as a stranger finds it: each page of the app, and what it has heard."""
    pages = [read_page(page) for page in context.pages if page.url.startswith(network.url)]
    # A browser that restores its pages does so in any order.
    return {"pages": sorted(pages, key=json.dumps), "replies": network.heard()}
