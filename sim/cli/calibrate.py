"""`fenxiao calibrate`: shopping behaviour fitted to purchases."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.common import console, json_option, print_json
from sim.history import purchases
from sim.history.fit import calibrate_purchases


@click.command(help="Fit BG/NBD and Gamma-Gamma to a purchase log (the shipped CDNOW sample if none is given).")
@click.option("--orders", type=click.Path(path_type=Path), help="a purchase log in one of the CDNOW text layouts")
@json_option
def calibrate(orders: Path | None, as_json: bool) -> int:
    """Fit shopping behaviour to purchases."""
    log = purchases.read(orders) if orders else purchases.shipped("cdnow_sample")
    record = calibrate_purchases(log).as_dict()
    if as_json:
        print_json(record)
        return 0
    from rich.table import Table

    table = Table("parameter", "value", title=str(orders or "CDNOW, 1/10 sample"), title_justify="left", box=None)
    for section in ("parameters", "fit"):
        for name, value in record[section].items():
            if isinstance(value, int | float | str):
                table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    console().print(table)
    return 0
