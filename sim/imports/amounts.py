"""Money and whole numbers in cells of text, read exactly, a column at a time; no amount is ever a binary float."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.history.cells import ABSENT, text_fen, whole_numbers

Integers = NDArray[np.int64]

_DASHES = "[−﹣‐‑–—]"
_FEN = r"^[+-]?\d{1,15}(\.0*)?$"


def fen_of(cells: pa.Array, in_fen: bool = False) -> Integers:
    """Amounts in fen, (rows,); ABSENT where a cell is empty or no amount.

    Args:
        cells: text as `normal` gives it: `1,234.50`, `¥12`, `12.5元`, `(3.00)`, `-3`; at most two decimals but zeros.
        in_fen: the cells are fen already, whole numbers.
    """
    cells = pc.replace_substring_regex(cells, r"^\((.*)\)$", r"-\1")
    cells = pc.replace_substring_regex(cells, r"\s*(元|RMB|CNY|rmb|cny)$", "")
    cells = pc.replace_substring_regex(cells, r"^(RMB|CNY|rmb|cny)\s*", "")
    cells = pc.replace_substring_regex(cells, r"^([¥￥])\s*-", r"-\1")
    cells = pc.replace_substring_regex(cells, r"^([+-]?)\s*[¥￥]\s*", r"\1")
    if not in_fen:
        return text_fen(cells)
    cells = pc.replace_substring_regex(cells, r"\s*分$", "")
    grouped = pc.match_substring_regex(cells, r"^[+-]?\d{1,3}(,\d{3})+(\.0*)?$")
    cells = pc.if_else(grouped, pc.replace_substring(cells, ",", ""), cells)
    good = pc.fill_null(pc.match_substring_regex(cells, _FEN), False)
    whole = pc.replace_substring_regex(pc.if_else(good, cells, None), r"\.0*$", "")
    number = pc.cast(pc.utf8_ltrim(whole, "+"), pa.int64())
    return number.fill_null(ABSENT).to_numpy(zero_copy_only=False)


def whole_of(cells: pa.Array, most: int) -> Integers:
    """Whole numbers from 1 to `most`, (rows,); ABSENT where a cell is empty or none."""
    number = whole_numbers(cells)
    return np.where((number < 1) | (number > most), ABSENT, number)


def normal(cells: pa.Array) -> pa.Array:
    """Cells as plain text: full-width digits and signs narrow, dashes as minus, trimmed; nothing is null.

    Shops write `="0012"` or `'0012` so that a spreadsheet keeps all digits: what is meant is 0012.
    """
    cells = pc.utf8_trim_whitespace(cells)
    cells = pc.replace_substring_regex(cells, r"""^(?:="([^"]*)"|'([^']*))$""", r"\1\2")
    if not pc.all(pc.string_is_ascii(cells), min_count=0).as_py():
        cells = pc.replace_substring_regex(pc.utf8_normalize(cells, "NFKC"), _DASHES, "-")
        cells = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.is_in(cells, _EMPTY), pa.scalar(None, pa.string()), cells)


def plain(text: str) -> str:
    """One text as `normal` has it; "" where it means nothing."""
    return normal(pa.array([text]))[0].as_py() or ""


_EMPTY = pa.array(
    ["", "null", "NULL", "Null", "(NULL)", "(Null)", "(null)", r"\N", "None", "none", "nan", "NaN", "N/A", "n/a", "-",
     "--", "/", "无"],
)  # fmt: skip
"""What exports write where there is nothing."""


def exact_sum(fen: Integers) -> int:
    """The sum of amounts, without those that are ABSENT, in Python's own integers: no overflow."""
    fen = fen[fen != ABSENT]
    return int((fen // 1_000_000).sum()) * 1_000_000 + int((fen % 1_000_000).sum())
