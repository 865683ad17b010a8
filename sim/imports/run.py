"""An import from beginning to end: read, judge, tie together, add up, write."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from rules.errors import InputError
from rules.money import in_yuan
from sim.experiments.metric_names import Lang, Text
from sim.history.cells import ABSENT
from sim.imports.folder import FILES, RECORD, Out, Written
from sim.imports.kinds import KINDS, Kind
from sim.imports.links import judge_commissions, judge_products, judge_records, judge_refunds
from sim.imports.mapping import Mapping
from sim.imports.orders import Orders, judge_orders
from sim.imports.people import judge_members
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.quarantine import Quarantine
from sim.imports.reading import Reader, judged, money_in
from sim.imports.stage import Stage, Staged
from sim.imports.survey import Use, uses_of
from sim.imports.tables import SourceTable
from sim.imports.totals import Count

FORMAT = 1
"""Of the folder; a later one may have more columns."""
_QUARANTINE = ("quarantine.parquet", "quarantine.csv")


@dataclass
class Imported:
    """What came of an import.

    Attributes:
        mapping: that was used. key: what tells the key of its pseudonyms from others.
        counts: what was read, a table and entry of the mapping each.
        files: what was written. aside: how many rows were set aside, by code.
        notes: what people have to know, with the table it is about ("" = all).
        unused, empty: tables that nothing was made of, files without any rows.
        unmapped: columns that stayed where they are, by table.
    """

    mapping: Mapping
    key: str
    counts: list[Count]
    files: dict[str, Written]
    aside: dict[str, int]
    notes: list[tuple[str, Text]]
    unused: list[str]
    unmapped: dict[str, list[str]]
    empty: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows that were read."""
        return sum(one.rows for one in self.counts)

    @property
    def kept(self) -> int:
        """Rows that are kept."""
        return sum(one.kept for one in self.counts)

    @property
    def quarantined(self) -> int:
        """Rows that are set aside."""
        return sum(one.quarantined for one in self.counts)

    @property
    def order_lines(self) -> int:
        """Order lines that were written."""
        return self.files["orders"].rows if "orders" in self.files else 0

    def said(self, lang: Lang) -> list[str]:
        """What there is to know, each thing once, with the tables it is about."""
        about: dict[Text, list[str]] = {}
        for table, note in self.notes:
            about.setdefault(note, []).append(table)
        lines = []
        for note, tables in about.items():
            many = Text(f"{len(tables)} 张表", f"{len(tables)} tables").say(lang)
            where = many if len(tables) > 3 else ", ".join(filter(None, tables))
            lines.append(f"{where}: {note.say(lang)}" if where else note.say(lang))
        return lines

    def adds_up(self) -> bool:
        """Whether every row and every fen that was read is kept or set aside."""
        return all(one.adds_up() for one in self.counts)

    def to_dict(self) -> dict[str, object]:
        """As `--json` and the folder's own record have it; money in yuan."""
        return {
            "rows": self.rows,
            "kept": self.kept,
            "quarantined": self.quarantined,
            "reasons": self.aside,
            "files": [_told(one) for one in self.counts],
            "totals": {
                name: {"rows": one.rows, **{key: in_yuan(fen) for key, fen in one.money.items()}}
                for name, one in self.files.items()
            },
            "mapping": self.mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "notes": [{"table": table, "zh": note.zh, "en": note.en} for table, note in self.notes],
            "unused": self.unused,
            "unmapped": self.unmapped,
            "empty": self.empty,
            "key": self.key,
        }


def _told(one: Count) -> dict[str, object]:
    money = {
        name: {key: in_yuan(getattr(of, key)) for key in ("read", "kept", "quarantined")}
        | {"unreadable": of.unreadable}
        for name, of in one.money.items()
    }
    plain = ("file", "sheet", "kind", "above", "blank", "left_out", "rows", "kept", "quarantined")
    return {name: getattr(one, name) for name in plain} | {"money": money}


def import_tables(
    tables: Sequence[SourceTable],
    mapping: Mapping,
    names: Pseudonyms,
    out: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Import tables under a mapping.

    Args:
        names: what turns ids into pseudonyms.
        out: the folder to write; None: everything is read and judged, nothing is written.
        tell: is told which table is read.

    Raises:
        InputError: tables that the mapping does not fit, or a folder that holds something else.
    """
    uses, unused = uses_of(mapping, tables)
    with _work_place(out) as folder:
        quarantine, files = Quarantine(folder if out else None), Out(folder if out else None)
        stage = Stage(folder / "stage")
        reader = Reader(uses, names, stage, quarantine)
        reader.read(tell)
        notes = _tie(stage, files, uses, reader.counts, quarantine)
        quarantine.close()
        result = Imported(
            mapping,
            names.fingerprint(),
            reader.counts,
            files.files,
            quarantine.counts,
            reader.notes + notes,
            [table.label for table in unused],
            {use.table.label: use.unmapped for use in uses if use.unmapped},
        )
        if not result.adds_up():
            raise AssertionError("rows or money do not add up: nothing is written")
        if out:
            _finish(folder, out, result)
    return result


def _tie(
    stage: Stage, files: Out, uses: Sequence[Use], counts: list[Count], aside: Quarantine
) -> list[tuple[str, Text]]:
    """Tie the tables together, set aside what does not fit, and write the files."""
    staged = {kind: found for kind in KINDS if (found := stage.load(kind)) is not None}
    money = {kind: money_in(kind, dict(one.numbers)) for kind, one in staged.items()}
    said: dict[str, int] = {}
    orders = None
    if "orders" in staged:
        orders = judge_orders(stage, staged["orders"], staged.get("lines"), staged.get("receipts"))
        said |= orders.notes
    elif given := [kind for kind in ("lines", "receipts", "refunds") if kind in staged]:
        raise InputError(f"there is a table of {given[0]} and none of orders", allowed="an entry of kind orders, too")
    named = _other_kinds(staged, orders, files, said)
    people = judge_members(staged.get("members"), named)
    files.members(people)
    said["regions"] = people.region.rare
    made = {place: count for place, count in people.made().items() if place != "set_aside"}
    for kind, one in staged.items():
        judged(one, money[kind], uses, counts, aside)
    return [("", note) for note in _notes(said, made)]


def _other_kinds(
    staged: dict[Kind, Staged], orders: Orders | None, files: Out, said: dict[str, int]
) -> list[tuple[str, pa.Array]]:
    """Judge and write everything but members; returns who is named where."""
    named = []
    products = staged.get("products")
    if products is not None:
        judge_products(products)
        files.products(products)
    if orders is not None:
        if "refunds" in staged:
            said["inside"] = int((orders.lines.number("refunded_at") != ABSENT).sum())
            links = judge_refunds(staged["refunds"], orders)
            files.refunds(staged["refunds"], links, orders)
        said["channels"] = files.orders(orders, products)
        heads = orders.lines if orders.heads is None else orders.heads
        named.append(("order", _of_good(heads, "member_id")))
    if "commissions" in staged:
        links = judge_commissions(staged["commissions"], orders)
        files.commissions(staged["commissions"], links, orders)
        named.append(("commission", _of_good(staged["commissions"], "member_id")))
    if "clicks" in staged:
        judge_records(staged["clicks"])
        files.clicks(staged["clicks"])
        named.append(("click", _of_good(staged["clicks"], "member_id")))
    return named


def _of_good(staged: Staged, name: str) -> pa.Array:
    """A column of the rows that are kept."""
    if name not in staged.texts:
        return pa.array([], pa.string())
    return pc.drop_null(staged.texts[name].filter(pa.array(staged.good)))


def _notes(said: dict[str, int], made: dict[str, int]) -> list[Text]:
    """What was made to agree, and who was made, in words."""
    words = {
        "raised": ("{n} 行实付高于单价×数量：单价留空", "{n} lines were paid above price × quantity: no price is kept"),
        "discounts": (
            "{n} 行优惠按 单价×数量−实付 重算",
            "{n} lines: the discount is price × quantity − what was paid",
        ),
        "inside": (
            "{n} 行订单里的退款不用：以退款表为准",
            "{n} lines hold refunds that are not used: the table of refunds counts",
        ),
        "channels": ("{n} 个少见渠道并为 other", "{n} rare channels became `other`"),
        "regions": ("{n} 个人数极少的地区并为 other", "{n} regions of very few people became `other`"),
        "inviter": ("{n} 人只作为推荐人出现：补为会员", "{n} people occur only as inviters: made members"),
        "order": ("{n} 人只在订单中出现：补为会员", "{n} people occur only in orders: made members"),
        "commission": ("{n} 人只在佣金中出现：补为会员", "{n} people occur only in commissions: made members"),
        "click": ("{n} 人只在点击中出现：补为会员", "{n} people occur only in clicks: made members"),
    }
    counts = said | {place: count for place, count in made.items() if place != "members"}
    return [
        Text(zh.format(n=f"{counts[name]:,}"), en.format(n=f"{counts[name]:,}"))
        for name, (zh, en) in words.items()
        if counts.get(name)
    ]


@contextmanager
def _work_place(out: Path | None) -> Iterator[Path]:
    """A folder to work in, beside the results where there are any; gone afterwards, whatever happens."""
    if out is not None:
        _refuse_others(out)
        out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".import-", dir=out) as name:
        (Path(name) / "stage").mkdir()
        yield Path(name)


def _refuse_others(out: Path) -> None:
    """A folder of an earlier import is written anew; one with other tables is left alone."""
    ours = [*(f"{name}.parquet" for name in FILES), "events.parquet", "orders.csv", "members.csv"]
    others = [name for name in ours if (out / name).exists()] if not (out / RECORD).exists() else []
    if others:
        message = f"{out} holds {others[0]}, which is of no import"
        raise InputError(message, allowed="a new folder, or one that an import wrote")


def _finish(folder: Path, out: Path, result: Imported) -> None:
    """Put the files in their place: those of an earlier import go first, the record of this one comes last."""
    record = {"format": FORMAT, **result.to_dict()}
    (folder / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    names = [*_QUARANTINE, *(f"{name}.parquet" for name in FILES)]
    for name in (RECORD, *names):
        (out / name).unlink(missing_ok=True)
    for name in (*names, RECORD):
        if (folder / name).exists():
            shutil.move(folder / name, out / name)
