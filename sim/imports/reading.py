"""The first half of an import: every table read block by block; what is good goes to the stage, the rest aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.experiments.metric_names import Text
from sim.imports.clean import Cleaned, clean
from sim.imports.kinds import COLUMNS, Holds
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.quarantine import Aside, Quarantine
from sim.imports.reasons import CODES, NAMES
from sim.imports.stage import Stage, Staged
from sim.imports.survey import Use
from sim.imports.tables import Block
from sim.imports.totals import Count

Integers = NDArray[np.int64]
_UNREADABLE = [CODES[code] for code in ("bad_money", "too_large", "formula", "cell_error")]


class Reader:
    """Reads the tables of an import.

    Attributes:
        counts: of every use, in their order.
        notes: what people have to know, with the table it is about.
    """

    def __init__(self, uses: Sequence[Use], names: Pseudonyms, stage: Stage, quarantine: Quarantine) -> None:
        self._uses, self._names, self._stage, self._quarantine = uses, names, stage, quarantine
        self.counts = [Count(use.table.file, use.table.sheet, use.entry.kind, use.above) for use in uses]
        self.notes: list[tuple[str, Text]] = []

    def read(self, tell: Callable[[str], None]) -> None:
        """Read everything."""
        for number, use in enumerate(self._uses):
            tell(use.table.label)
            masked = 0
            for block in _blocks(use):
                cleaned = clean(block, use.entry, self._names, use.orders, use.table.since_1904, use.table.label)
                masked += cleaned.masked
                self._count(number, block, cleaned)
                self._set_aside(use, block, cleaned)
                self._stage.add(use.entry.kind, number, use.number, block.rows, cleaned)
            self._note(use.table.label, use.table.notes, masked)
        self._stage.finish()

    def _note(self, label: str, notes: list[Text], masked: int) -> None:
        zh, en = f"{masked} 处文字像个人信息，已换成假名", f"{masked} texts looked personal: pseudonyms stand there"
        told = [(label, note) for note in (*notes, *([Text(zh, en)] if masked else []))]
        self.notes += [one for one in told if one not in self.notes]

    def _count(self, number: int, block: Block, cleaned: Cleaned) -> None:
        count, code = self.counts[number], cleaned.verdict.code
        mine, bad = code != CODES["left_out"], ~np.isin(code, (0, CODES["left_out"]))
        money = money_in(count.kind, cleaned.columns)
        broken = np.flatnonzero(np.isin(code, _UNREADABLE)).tolist()
        about = [cleaned.verdict.column[row] for row in broken]
        count.blank += block.blank
        count.left_out += int((~mine).sum())
        unreadable = {name: about.count(name) for name in money}
        count.read(int(mine.sum()), {name: fen[mine] for name, fen in money.items()}, unreadable)
        count.set_aside(int(bad.sum()), {name: fen[bad] for name, fen in money.items()})
        count.read(len(block.refused), {}, {})
        count.set_aside(len(block.refused), {})

    def _set_aside(self, use: Use, block: Block, cleaned: Cleaned) -> None:
        where, kind, verdict = (use.table.file, use.table.sheet), use.entry.kind, cleaned.verdict
        asides = [Aside(*where, row, kind, code) for row, code in block.refused]
        rows = np.flatnonzero(~np.isin(verdict.code, (0, CODES["left_out"])))
        names = [_texts(cleaned.columns.get(name), rows) for name in ("order_id", "member_id")]
        for row, order, member in zip(rows.tolist(), *names, strict=True):
            code = NAMES[verdict.code[row]]
            about = verdict.column.get(row, ""), verdict.given.get(row, "")
            asides.append(Aside(*where, int(block.rows[row]), kind, code, *about, order, member))
        self._quarantine.add(asides)


def _blocks(use: Use) -> Iterator[Block]:
    """The blocks of a table; of one without rows an empty one."""
    some = False
    for block in use.table.blocks(use.header, use.entry.needs()):
        some = True
        yield block
    if not some:
        yield Block(np.zeros(0, np.int64), {})


def judged(
    staged: Staged, money: dict[str, Integers], uses: Sequence[Use], counts: list[Count], aside: Quarantine
) -> None:
    """Count the rows of a kind that are kept after all, and set the others aside.

    Args:
        money: the amounts as they were read, before anything was made to agree.
    """
    for number in np.unique(staged.source).tolist():
        mine = staged.source == number
        for good, count in ((True, counts[number].keep), (False, counts[number].set_aside)):
            rows = mine & (staged.good == good)
            count(int(rows.sum()), {name: fen[rows] for name, fen in money.items() if name in counts[number].money})
    rows = np.flatnonzero(~staged.good)
    names = [_texts(staged.texts.get(name), rows) for name in ("order_id", "member_id")]
    asides = []
    for row, order, member in zip(rows.tolist(), *names, strict=True):
        table = uses[int(staged.source[row])].table
        where = table.file, table.sheet, int(staged.row[row])
        asides.append(
            Aside(*where, staged.kind, NAMES[staged.code[row]], order_id=order, member_id=member)
        )  # fmt: skip
    aside.add(asides)


def money_in(kind: str, columns: dict[str, pa.Array | Integers]) -> dict[str, Integers]:
    """The columns of money of a kind."""
    wanted = [name for name, holds in COLUMNS[kind].items() if holds is Holds.money]  # type: ignore[index]
    return {name: columns[name] for name in wanted if name in columns}  # type: ignore[misc]


def _texts(column: pa.Array | Integers | None, rows: Integers) -> list[str | None]:
    """Pseudonyms at some rows; None where there are none."""
    if column is None or isinstance(column, np.ndarray):
        return [None] * len(rows)
    cells = column.take(pa.array(rows))
    return cells.cast(pa.string()).to_pylist()
