"""How forecasts of CDNOW come out, and what widening them by a back-test is worth: `python -m benchmarks.forecasts`.

From ends six weeks apart the next 8, 13 and 20 weeks are forecast twice: as the models say, and widened by how far a
back-test of as many weeks before was off. Nine tenths of the totals should lie inside nine tenths of the futures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.common import Figures, command, tell
from rules.events import DAY
from rules.plan.read import read_plan
from scenarios.find import find
from sim.forecast.customers import RECENT, WEEK, sales_of
from sim.forecast.plans import until
from sim.forecast.study import Outlook, back_test, outlook, weeks_of
from sim.history.shipped import Past, cdnow

WEEKS, SMALL_WEEKS = (8, 13, 20), (8,)
STEP, ALL_JOINED = 6, 12
FIGURES = {
    "forecasts": "weeks ahead, weeks before the last that are known, error of purchases, totals inside nine tenths",
    "inside": "part of totals inside nine tenths of the futures, widened by a back-test",
    "as_they_are": "the same, not widened",
    "count": "totals looked at: purchases and GMV of each forecast",
}


def measure(small: bool) -> Figures:
    """All figures."""
    rows = list(_rows(cdnow(sample=True), SMALL_WEEKS if small else WEEKS, 6 if small else 60, 1 if small else 99))
    widened, plain = ([one for row in rows for one in row[name]] for name in ("inside", "as_they_are"))
    return {
        "forecasts": rows,
        "inside": round(sum(widened) / len(widened), 2),
        "as_they_are": round(sum(plain) / len(plain), 2),
        "count": len(widened),
    }


def _rows(past: Past, lengths: tuple[int, ...], futures: int, most: int) -> Iterator[Figures]:
    plans, sales = [read_plan(*find("plans", "three_tier"))], sales_of(past.log)
    first, last = int(sales.day.min()), int(sales.day.max())
    for weeks in lengths:
        ends = [last - back * WEEK for back in range(weeks, (last - first) // WEEK, STEP)]
        enough = [end for end in ends if end - weeks * WEEK >= first + (ALL_JOINED + RECENT) * WEEK]
        for end in enough[:most]:
            cut = until(past.log, (end + 1) * DAY)
            off = back_test(replace(past, log=cut), plans, weeks, max(4, futures * 2 // 5), 1).off
            came = weeks_of(sales, end, weeks)
            wide, plain = (outlook(past, plans, weeks, futures, 1, end=end, off=each) for each in (off, 0.0))
            error = float(wide.purchases.totals[2] / came[0].sum() - 1)
            tell(f"{weeks} weeks from day {end}: {error:+.0%}")
            yield {
                "weeks": weeks,
                "before": (last - end) // WEEK,
                "error": round(error, 2),
                "inside": _inside(wide, came),
                "as_they_are": _inside(plain, came),
            }


def _inside(found: Outlook, came: list) -> list[bool]:
    fans = (found.purchases, found.gmv)
    return [bool(fan.totals[0] <= one.sum() <= fan.totals[4]) for fan, one in zip(fans, came, strict=True)]


if __name__ == "__main__":
    command("forecasts", measure, FIGURES)
