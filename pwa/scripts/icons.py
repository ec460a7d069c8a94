"""Draws public/icons/*.png from public/icons/mark.svg in a headless Chromium.

Run by hand when the mark changes: `.venv/bin/python pwa/scripts/icons.py /usr/bin/chromium`.
Plain icons have round corners on nothing; maskable and Apple's fill the square, since those
systems cut the corners themselves, and a maskable one keeps the door inside the middle 80%.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ICONS = Path(__file__).parent.parent / "public" / "icons"
GROUND = "#2f4437"

# name, size in pixels, whether the ground fills the square, size of the drawing in it
PICTURES = [
    ("icon-192.png", 192, False, 1.0),
    ("icon-512.png", 512, False, 1.0),
    ("maskable-192.png", 192, True, 0.8),
    ("maskable-512.png", 512, True, 0.8),
    ("apple-touch-icon.png", 180, True, 1.0),
]


def draw(page: Page, name: str, size: int, filled: bool, scale: float) -> None:
    page.set_viewport_size({"width": size, "height": size})
    drawn = size * scale
    # The light on the floor runs on to the edge where the ground does.
    style = f"""
        html, body {{ margin: 0; background: {GROUND if filled else "transparent"} }}
        svg {{
            position: absolute; inset: {(size - drawn) / 2}px; width: {drawn}px;
            overflow: {"visible" if filled else "hidden"};
        }}
    """
    page.set_content(f"<style>{style}</style>{(ICONS / 'mark.svg').read_text()}")
    page.screenshot(path=ICONS / name, omit_background=True)


def main(chromium: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for picture in PICTURES:
            draw(page, *picture)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
