"""Pictures of every page in both languages for README and docs: `make screenshots`, or of some: `PAGES="search trial"`.

They are what a visitor sees after the tour's stop on the page: WebP, light, in both languages; and the first page dark
and on a phone.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import tour
from browsing import CHROMIUM, PHONE, ROOT, WIDE, Visitor, chromium, serving
from PIL import Image

from app.frame import FIRST, SECTIONS
from sim.experiments.metric_names import Lang

FOLDER = ROOT / "docs" / "screenshots"
HEIGHT = 1500
"""Of a picture at most: what is further down is for those who open the page."""
PAGES = [name for pages in SECTIONS.values() for name in pages]
LANGS: tuple[Lang, ...] = ("zh", "en")


def picture(visitor: Visitor, name: str, target: Path) -> None:
    """The page after its stop."""
    visitor.open(name)
    tour.STOPS[name](visitor)
    page = visitor.page
    page.mouse.move(0, 0)
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    width = page.viewport_size["width"] if page.viewport_size else WIDE[0]
    tall = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(HEIGHT, max(700, int(tall) + 20))})
    visitor.settle()
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").save(target, "WEBP", quality=82, method=6)
    page.set_viewport_size({"width": width, "height": WIDE[1]})


def main(wanted: list[str]) -> int:
    """All pictures, or those of some pages: 0 if they were made."""
    if CHROMIUM is None:
        print("there is no Chromium (apt-get install chromium)", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serving() as address, chromium() as browser:
        for lang in LANGS:
            visitor = Visitor(browser, address, lang)
            for name in wanted or PAGES:
                picture(visitor, name, FOLDER / f"{name}-{lang}.webp")
                print(f"{name} {lang}", file=sys.stderr)
            visitor.close()
        for size, dark, kind in ((WIDE, True, "dark"), (PHONE, False, "phone")) if FIRST in (wanted or PAGES) else ():
            visitor = Visitor(browser, address, "zh", size, dark)
            picture(visitor, FIRST, FOLDER / f"{FIRST}-{kind}.webp")
            visitor.close()
    total = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{FOLDER}: {total / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
