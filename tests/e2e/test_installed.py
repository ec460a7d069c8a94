"""Installed: a manifest that holds, a shell that opens offline, an update that waits."""

import hashlib
import json
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from ajar.site import DIST
from tests.e2e.conftest import NewPerson
from tests.running_server import RunningServer


def wait_for_worker(page: Page) -> None:
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.wait_for_function("navigator.serviceWorker.controller || true")


def png_size(data: bytes) -> str:
    assert data.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", data[16:24])
    return f"{width}x{height}"


def test_the_manifest_names_icons_screenshots_and_shortcuts_that_are_there(
    server: RunningServer,
) -> None:
    http: httpx.Client = server.client()
    manifest = http.get("/manifest.webmanifest").json()
    assert (manifest["id"], manifest["name"], manifest["start_url"]) == ("/", "Ajar", "/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert all(shot["form_factor"] == "narrow" for shot in manifest["screenshots"])
    assert manifest["screenshots"]
    for picture in (*manifest["icons"], *manifest["screenshots"]):
        assert png_size(http.get(picture["src"]).content) == picture["sizes"]
    for shortcut in manifest["shortcuts"]:
        assert http.get(shortcut["url"]).status_code == 200


def test_the_app_opens_offline_at_home_and_says_so(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice = new_person()
    alice.invites()
    alice.goes_to_first_round()
    wait_for_worker(alice.page)
    alice.reopen()
    alice.context.set_offline(True)
    alice.reopen()
    alice.sees("This round")
    alice.reads("No connection right now.")
    alice.press("Answer or change your answer")
    alice.sees("For yourself, first")


def test_the_service_worker_keeps_the_shell_and_nothing_of_the_api(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice = new_person()
    alice.invites()
    alice.goes_to_first_round()
    wait_for_worker(alice.page)
    alice.reopen()
    alice.answers("open")
    kept: list[str] = alice.page.evaluate(
        """async () => {
            const paths = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys())
                    paths.push(new URL(request.url).pathname);
            return paths;
        }"""
    )
    assert "/" in kept
    assert not [path for path in kept if path.startswith("/api")]


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DIST, tmp_path / "dist"))


@pytest.fixture
def server(tmp_path: Path, dist: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "data", dist=dist) as running:
        yield running


def test_an_update_waits_until_the_person_chooses_it(
    server: RunningServer, new_person: NewPerson, dist: Path, tmp_path: Path
) -> None:
    alice = new_person()
    alice.open()
    wait_for_worker(alice.page)
    alice.reopen()
    # The same app built anew differs in the worker's list of files, which carries the build.
    worker = dist / "sw.js"
    build = json.loads((dist / "build.json").read_text())["build"]
    newer = hashlib.sha256(build.encode()).hexdigest()
    worker.write_text(worker.read_text().replace(build, newer))
    server.reload_site(dist)
    alice.page.evaluate("async () => { await (await navigator.serviceWorker.ready).update(); }")
    expect(alice.page.get_by_text("A new version is ready.")).to_be_visible()
    before: list[str] = alice.page.evaluate("() => caches.keys()")
    assert f"ajar-{build}" in before
    with alice.page.expect_event("load"):
        alice.press("Load it")
    alice.sees("Neither shut nor open")
    expect(alice.page.get_by_text("A new version is ready.")).to_have_count(0)
    assert alice.page.evaluate("() => caches.keys()") == [f"ajar-{newer}"]
