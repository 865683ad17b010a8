"""CDNOW from end to end: `python -m benchmarks.calibration`

The shipped purchases of all 23,570 customers are written as the CSV of a shop, imported, calibrated on weeks 1 to 39
and held against weeks 40 to 78, with scenario, file of behaviour and page written: as `fenxiao import` and `fenxiao
calibrate --data` do. `sample` is the published split of the tenth of the customers, whose figures are in the papers.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.common import Figures, command
from sim.calibration.backtest import by_frequency, tracking
from sim.calibration.estimate import Calibration, calibrated
from sim.calibration.folder import read_shop
from sim.calibration.market import write_market
from sim.history.purchases import Purchases, shipped
from sim.imports.guess import guess_mapping
from sim.imports.pseudonyms import Pseudonyms, some_key
from sim.imports.run import import_tables
from sim.imports.sources import tables_of
from sim.report.calibrated_page import write_calibration

FIGURES = {
    "seconds": "wall-clock time of import, calibration, back-test and page, of all customers",
    "import_seconds": "of it, the import",
    "parameters": "of the fit on weeks 1 to 39, all customers",
    "mape": "mean absolute error of the cumulative curve over weeks 40 to 78",
    "weekly_mape": "the same of the weeks by themselves",
    "last_error": "in the last week, of the cumulative curve",
    "sample": "the same figures of the tenth that the papers use",
    "orders": "rows imported",
}


def measure(small: bool) -> Figures:
    """All figures; the whole data are so little that `small` only leaves out the larger part."""
    sample = _figures("cdnow_sample")
    return (sample if small else _figures("cdnow")) | {"sample": sample}


def _figures(name: str) -> Figures:
    log = shipped(name)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _write(folder / "orders.csv", log)
        start = perf_counter()
        tables, _ = tables_of([str(folder / "orders.csv")])
        mapping, _ = guess_mapping(tables)
        assert mapping is not None
        done = import_tables(tables, mapping, Pseudonyms(some_key()), folder / "own")
        imported = perf_counter() - start
        found = calibrated(read_shop(folder / "own"), strict=True)
        told = _backtest(found, folder / "calibrated")
        seconds = perf_counter() - start
    if done.quarantined or len(found.shop.orders.member) != len(log):
        raise AssertionError(f"{done.quarantined} rows set aside, {len(found.shop.orders.member)} orders of {len(log)}")
    return {"seconds": round(seconds, 1), "import_seconds": round(imported, 1), **told, "orders": done.rows}


def _backtest(found: Calibration, folder: Path) -> Figures:
    assert found.fit is not None
    log = found.shop.purchases()
    track = tracking(found.fit, log)
    folder.mkdir()
    write_market(folder, found, "three_tier")
    write_calibration(folder, found, track, by_frequency(found.fit, log), "", "en")
    assert track.cumulative_error is not None
    assert track.weekly_error is not None
    return {
        "parameters": {name: round(value, 4) for name, value in found.fit.parameters.items()},
        "mape": round(track.cumulative_error, 4),
        "weekly_mape": round(track.weekly_error, 4),
        "last_error": round(track.model[-1] / track.actual[-1] - 1, 4),
    }


def _write(path: Path, log: Purchases) -> None:
    """A shop's export: an order a row."""
    days = log.day.astype("datetime64[D]")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["order_id", "member_id", "paid_at", "quantity", "amount"])
        yuan = (f"{cents // 100}.{cents % 100:02d}" for cents in log.cents.tolist())
        names = np.array(log.ids)[log.customer].tolist()
        pieces = np.maximum(log.items, 1).tolist()
        rows.writerows(
            [f"o{number}", *row]
            for number, row in enumerate(zip(names, np.datetime_as_string(days), pieces, yuan, strict=True))
        )


if __name__ == "__main__":
    command("calibration", measure, FIGURES)
