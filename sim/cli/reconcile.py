"""`fenxiao reconcile`: orders, channels, ledger, entries, wallets and payouts held against each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rules.errors import InputError
from sim.cli.common import (
    FILE,
    command_line,
    console,
    fresh_folder,
    given,
    json_option,
    lang_option,
    out_option,
    print_json,
    seed_option,
    tell,
)
from sim.experiments.metric_names import Lang

if TYPE_CHECKING:
    from sim.stress.reconcile.files import Payment, Payout
    from sim.stress.reconcile.study import Reconciliation

_PEOPLE, _DAYS = 6_000, 75
_URL = "the store: local:FOLDER, sqlite:///F, postgresql://…, mariadb://…  [default: one that is simulated]"


@dataclass(frozen=True)
class _Case:
    """What is reconciled: a store, and the lines of its channels, None where there are none."""

    url: str
    payments: list[Payment] | None
    payouts: list[Payout] | None


@click.command(help="Hold a store against its channels' files and against itself, and watch its money.")
@click.option("--database-url", metavar="URL", help=_URL)
@click.option("--payments", "payment_file", type=FILE, help="the payment channel's file (CSV, Parquet)")
@click.option("--payouts", "payout_file", type=FILE, help="the payout channel's file (CSV, Parquet)")
@click.option("--plant", "kinds", multiple=True, metavar="KIND", help="plant this fault in the simulated store; `all`")
@click.option("--people", type=click.IntRange(10, 50_000_000), default=_PEOPLE, help="of the simulated store")
@click.option("--days", type=click.IntRange(1, 3_660), default=_DAYS, help="of the simulated store")
@seed_option
@out_option
@lang_option
@json_option
def reconcile(
    database_url: str | None,
    payment_file: Path | None,
    payout_file: Path | None,
    kinds: tuple[str, ...],
    people: int,
    days: int,
    seed: int,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Hold a store against its channels' files and against itself; 1 where they differ."""
    from sim.store.needs import require_store

    require_store()
    from sim.store.sql.connect import engine_for
    from sim.stress.reconcile.report import print_reconciliation, record_of
    from sim.stress.reconcile.study import reconcile as reconciled

    folder = fresh_folder(out) if out else None
    kinds = _known(kinds)
    opened = (
        _given(database_url, payment_file, payout_file, kinds)
        if database_url
        else _simulated(payment_file or payout_file, kinds, people, days, seed, lang)
    )
    with opened as case:
        engine = engine_for(case.url)
        try:
            found = reconciled(engine, case.payments, case.payouts)
        finally:
            engine.dispose()
    if folder:
        _write(folder, found, None if database_url else case, kinds, lang)
    if as_json:
        print_json(record_of(found, kinds))
    else:
        print_reconciliation(console(), found, lang)
    return 1 if found.differences else 0


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The faults to plant.

    Raises:
        InputError: there is no such fault.
    """
    from sim.stress.reconcile.planting import PLANTS

    if unknown := [kind for kind in kinds if kind not in PLANTS and kind != "all"]:
        raise InputError(f"--plant {unknown[0]}: there is no such fault", allowed=f"all, {', '.join(PLANTS)}")
    return tuple(PLANTS) if "all" in kinds else tuple(dict.fromkeys(kinds))


@contextmanager
def _given(url: str, payments: Path | None, payouts: Path | None, kinds: tuple[str, ...]) -> Iterator[_Case]:
    """A store that is there, with the files of its channels."""
    from sim.store.sql.connect import connected, database, engine_for
    from sim.stress.reconcile.files import read_payments, read_payouts

    if kinds:
        raise InputError(
            f"--plant {kinds[0]} is given beside --database-url", allowed="faults in a simulated store only"
        )
    paid, paid_out = read_payments(payments) if payments else None, read_payouts(payouts) if payouts else None
    with database(url) as address:
        engine = engine_for(address)
        with connected(engine):
            pass
        engine.dispose()
        yield _Case(address, paid, paid_out)


@contextmanager
def _simulated(
    file: Path | None, kinds: tuple[str, ...], people: int, days: int, seed: int, lang: Lang
) -> Iterator[_Case]:
    """A store of our own, with honest channels and the faults that are asked for."""
    from sim.model import StoreModel
    from sim.store.sql.connect import database, engine_for
    from sim.store.sql.whole import kept_in
    from sim.stress.reconcile.study import planted

    if file:
        raise InputError(f"{file} is given without --database-url", allowed="the store that it is about")
    market, plan, people, days = given("three_tier", None, people, days)
    said = {"en": f"simulating {market.scenario}, {days} days", "zh": f"模拟 {market.scenario}，{days} 天"}
    tell(said[lang])
    with database("local") as address:
        model = StoreModel(scenario=market, plan=plan, people=people, days=days, seed=seed)
        with kept_in(address, model):
            model.run()
        engine = engine_for(address)
        try:
            yield _Case(address, *planted(engine, kinds))
        finally:
            engine.dispose()


def _write(folder: Path, found: Reconciliation, simulated: _Case | None, kinds: tuple[str, ...], lang: Lang) -> None:
    """The page, the data, and of a simulated store the channels' files."""
    from sim.report.files import jsonable, replace_file
    from sim.stress.reconcile.files import write_payments, write_payouts
    from sim.stress.reconcile.report import record_of, write_page

    command = command_line()
    write_page(folder, found, command, lang)
    record = json.dumps(jsonable(record_of(found, kinds) | {"command": command}), ensure_ascii=False, indent=2)
    replace_file(folder / "reconcile.json", lambda path: path.write_text(record + "\n", encoding="utf-8"))
    if simulated:
        write_payments(folder / "payments.csv", simulated.payments or [])
        write_payouts(folder / "payouts.csv", simulated.payouts or [])
