"""`fenxiao calibrate`: what an operator's own data say of people, how surely, and what they do not say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rules.errors import InputError
from sim.cli.common import (
    FILE,
    command_line,
    console,
    fresh_folder,
    json_option,
    lang_option,
    out_option,
    print_json,
    tell_written,
)
from sim.experiments.metric_names import Lang

if TYPE_CHECKING:
    from sim.behaviour.parameters import Behaviour
    from sim.calibration.shop import Shop

_HELP = (
    "Fit people to data: how often they buy and leave (BG/NBD), what they spend (Gamma-Gamma), weekdays, baskets, "
    "returns, referral; each with an interval, and a warning for what the data do not say. The shipped CDNOW sample if "
    "nothing is given. --out writes a scenario that runs, and a file of behaviour that `compare` draws from."
)


@click.command(help=_HELP)
@click.option("--orders", type=FILE, help="orders alone: a CDNOW text layout, CSV or Parquet; or cdnow, cdnow_sample")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="folder of `import --out` or `run --out`"
)
@click.option("--base", default="three_tier", show_default=True, help="shipped market that says what the data do not")
@out_option
@lang_option
@json_option
def calibrate(orders: Path | None, data: Path | None, base: str, out: Path | None, lang: Lang, as_json: bool) -> int:
    """Calibrate a scenario on data."""
    from sim.calibration.backtest import back_test
    from sim.calibration.estimate import STEPS, calibrated
    from sim.report.calibrated import STEPS as WORDS
    from sim.report.calibrated import print_calibration, record_of
    from sim.report.progress import Progress

    if orders and data:
        raise InputError("--orders and --data are both given", allowed="one of them")
    folder = fresh_folder(out) if out else None
    shop, assumed = _shop(orders, data), _assumed(base)
    with Progress({"en": "calibrating:", "zh": "校准："}[lang], len(STEPS)) as bar:
        found = calibrated(shop, assumed, data is None, lambda name: bar.advance(1, WORDS[name].say(lang)))
    track, groups = back_test(found.fit, shop.purchases())
    if as_json:
        print_json(record_of(found, track, groups))
    else:
        print_calibration(console(), found, track, lang)
    if folder:
        from sim.calibration.market import write_market
        from sim.report.calibrated_page import write_calibration

        write_market(folder, found, base)
        tell_written(write_calibration(folder, found, track, groups, command_line(), lang), lang)
    return 0


def _shop(orders: Path | None, data: Path | None) -> Shop:
    from sim.calibration.folder import read_orders, read_shop, shipped_shop
    from sim.history.purchases import SHIPPED

    if data:
        return read_shop(data)
    if orders and (str(orders) not in SHIPPED or orders.exists()):
        return read_orders(orders)
    return shipped_shop(str(orders or "cdnow_sample"))


def _assumed(base: str) -> Behaviour:
    from sim.behaviour.parameters import settled
    from sim.cli.common import load_scenario

    return settled(load_scenario(base).behaviour)
