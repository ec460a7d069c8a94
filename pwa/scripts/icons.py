"""Draws public/icons/*.png from public/icons/mark.svg in a headless Chromium.

Run by hand when the mark changes: `python pwa/scripts/icons.py` (AJAR_CHROMIUM names the browser).
Plain icons have round corners on nothing; maskable and Apple's fill the square, since those
systems cut the corners themselves, and a maskable one keeps the door inside the middle 80%.
"""

import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ICONS = Path(__file__).parent.parent / "public" / "icons"
GROUND = "#2f4437"

# name, size in pixels, whether the ground fills the square, size of the drawing in it
PICTURES = [
    ("192.png", 192, False, 1.0),
    ("512.png", 512, False, 1.0),
    ("maskable-192.png", 192, True, 0.8),
    ("maskable-512.png", 512, True, 0.8),
    ("apple-touch-icon.png", 180, True, 1.0),
]


def draw(page: Page, name: str, size: int, filled: bool, scale: float) -> None:
    page.set_viewport_size({"width": size, "height": size})
    ground = GROUND if filled else "transparent"
    drawn = size * scale
    page.set_content(
        f"<style>html, body {{ margin: 0; background: {ground} }}"
        f" svg {{ position: absolute; overflow: {'visible' if filled else 'hidden'}; width: {drawn}px; inset: {(size - drawn) / 2}px }}</style>"
        + (ICONS / "mark.svg").read_text()
    )
    page.screenshot(path=ICONS / name, omit_background=True)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("AJAR_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"],
        )
        page = browser.new_page()
        for picture in PICTURES:
            draw(page, *picture)
        browser.close()


if __name__ == "__main__":
    main()
