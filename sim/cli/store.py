"""`fenxiao store`: a store on a database, made, backed up, restored, and held against its own ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rules.errors import InputError
from rules.money import yuan
from sim.cli.common import console, json_option, lang_option, print_json
from sim.experiments.metric_names import Lang

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from sim.store.sql.audit import Broken, Seal
    from sim.store.sql.backup import Backup
    from sim.store.sql.statements import Totals, Uneven

_NEW_FOLDER = click.Path(path_type=Path, file_okay=False)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
SHOWN = 10
"""Uneven wallets that are listed."""


@click.group(help="A store on a database. URL: postgresql://…, mysql://…, sqlite:///FILE, local:FOLDER.")
def store() -> None:
    """A store on a database."""
    from sim.store.needs import require_store

    require_store()


@store.command(help="Make the tables of a store, or bring an older store up to date.")
@click.argument("url")
@lang_option
@json_option
def create(url: str, lang: Lang, as_json: bool) -> int:
    """Make or upgrade a store."""
    from sim.store.sql.create import create as made

    with _engine(url) as engine:
        version = made(engine)
        shown = engine.url.render_as_string(hide_password=True)
    if as_json:
        print_json({"url": shown, "version": version})
    else:
        _say({"en": f"{shown}: a store of version {version}", "zh": f"{shown}：存储已就绪，版本 {version}"}[lang])
    return 0


@store.command(help="Write a store into a folder, one Parquet file a table, all of one moment.")
@click.argument("url")
@click.argument("folder", type=_NEW_FOLDER)
@lang_option
@json_option
def backup(url: str, folder: Path, lang: Lang, as_json: bool) -> int:
    """Back up a store."""
    from sim.store.sql.backup import backup as written

    with _engine(url) as engine:
        made = written(engine, folder)
    _tell_backup(made, {"en": f"backed up into {folder}", "zh": f"已备份到 {folder}"}[lang], lang, as_json)
    return 0


@store.command(help="Bring a backup into an empty database of any kind, and check that it is the same.")
@click.argument("folder", type=_FOLDER)
@click.argument("url")
@lang_option
@json_option
def restore(folder: Path, url: str, lang: Lang, as_json: bool) -> int:
    """Restore a store."""
    from sim.store.sql.backup import restore as brought

    with _engine(url) as engine:
        made = brought(engine, folder)
    said = {"en": "restored, and every table is the same again", "zh": "已恢复，逐表核对一致"}[lang]
    _tell_backup(made, said, lang, as_json)
    return 0


@store.command(help="Hold a store against itself: seals, sums, wallets. Exit code 1 if anything is off.")
@click.argument("url")
@lang_option
@json_option
def verify(url: str, lang: Lang, as_json: bool) -> int:
    """Verify a store's ledger."""
    from sim.store.sql.audit import last_seal
    from sim.store.sql.audit import verify as broken_seal
    from sim.store.sql.create import check_version
    from sim.store.sql.statements import totals, uneven_wallets

    with _engine(url) as engine:
        check_version(engine)
        with engine.connect() as connection:
            found = Checked(
                totals(connection), uneven_wallets(connection), broken_seal(connection), last_seal(connection)
            )
    if as_json:
        print_json(found.record())
    else:
        for line in found.lines(lang):
            _say(line)
    return 0 if found.holds else 1


@dataclass(frozen=True)
class Checked:
    """A store held against itself."""

    totals: Totals
    uneven: list[Uneven]
    broken: Broken | None
    last: Seal | None

    @property
    def holds(self) -> bool:
        """Whether nothing is off."""
        return self.totals.holds and self.broken is None

    def record(self) -> dict[str, object]:
        """For JSON; amounts in fen."""
        return {
            "holds": self.holds,
            "totals": asdict(self.totals),
            "uneven": [one._asdict() for one in self.uneven[:SHOWN]],
            "broken": asdict(self.broken) if self.broken else None,
            "last_seal": asdict(self.last) if self.last else None,
        }

    def lines(self, lang: Lang) -> Iterator[str]:
        """For people."""
        books = self.totals
        sides, owed = f"{yuan(books.debits)} / {yuan(-books.credits)}", yuan(books.owed)
        yield {
            "en": f"{books.journals:,} journals, debits / credits {sides}; {books.wallets:,} wallets hold {owed}",
            "zh": f"凭证 {books.journals:,} 笔，借 / 贷 {sides}；钱包 {books.wallets:,} 个，合计 {owed}",
        }[lang]
        for one in self.uneven[:SHOWN]:
            has, owes = yuan(one.wallet), yuan(one.ledger)
            yield {
                "en": f"✗ the wallet of member {one.member} has {has}, by the ledger {owes}",
                "zh": f"✗ 会员 {one.member} 的钱包为 {has}，账本应为 {owes}",
            }[lang]
        if self.broken:
            yield f"✗ {getattr(self.broken, lang)}"
        elif self.last:
            number, seal = self.last.id, self.last.seal
            yield {"en": f"{number} seals hold; the last is {seal}", "zh": f"{number} 道封条完好，最新为 {seal}"}[lang]
        yield {"en": "all is even" if self.holds else "NOT even", "zh": "账实相符" if self.holds else "账实不符"}[lang]


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    """An engine for a URL; what the database itself refuses is bad input, in its own words."""
    from sim.store.sql.connect import database, engine_for

    with database(url) as real:
        engine = engine_for(real)
        from sqlalchemy.exc import OperationalError

        try:
            yield engine
        except OperationalError as error:
            raise InputError(f"{engine.url.render_as_string(hide_password=True)}: {error.orig}") from error
        finally:
            engine.dispose()


def _tell_backup(made: Backup, said: str, lang: Lang, as_json: bool) -> None:
    if as_json:
        print_json(asdict(made))
        return
    rows = sum(made.rows.values())
    counted = {"en": f"{rows:,} rows of {len(made.rows)} tables", "zh": f"{len(made.rows)} 张表，{rows:,} 行"}[lang]
    _say(f"{said}: {counted}" if lang == "en" else f"{said}：{counted}")


def _say(line: str) -> None:
    console().print(line, markup=False, soft_wrap=True)
