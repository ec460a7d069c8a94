"""The phone's formulas, as shipped, against every vector, inside a real browser."""

import json
from pathlib import Path

from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from tests.running_server import serving

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "pwa" / ".vectors"
VECTORS = ROOT / "tests" / "vectors" / "ajar1.json"


def test_every_case_of_the_vectors_holds_in_chromium(browser: Browser) -> None:
    page_app = Starlette(routes=[Mount("/", StaticFiles(directory=BUNDLE, html=True))])
    with serving(page_app) as url:
        page = browser.new_page()
        page.goto(url)
        page.wait_for_function("document.body.textContent.includes('failures')")
        report = json.loads(page.evaluate("document.body.textContent"))
        page.close()
    assert report["failures"] == []
    assert report["cases"] == len(json.loads(VECTORS.read_text())["cases"])
    assert report["checked"] > report["cases"]
