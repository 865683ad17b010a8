"""Times in cells of text, whatever wrote them, as seconds of the clock in Shanghai; a column at a time.

`2026-1-5`, `2026/01/05 10:00`, `20260105`, `2026年1月5日 10时30分`, `20260105103000`, an Excel serial, seconds or
milliseconds since 1970. `05/01/2026` says nothing by itself: a column must show which of the two is the day.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.events import DAY
from sim.history.cells import ABSENT, SHANGHAI, text_time

Integers = NDArray[np.int64]
DateOrder = Literal["dmy", "mdy"]

_EITHER = r"^(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.]\d{4}(?:\D.*)?$"
_PLAIN = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(\D.*)?$"
_NEVER = r"^(0+(\.0+)?|0000[-/.]0?0[-/.]0?0( 0?0:00(:00)?)?)$"
_FIRST, _LAST = 946_684_800, 4_102_444_800
"""Unix seconds that are taken for times: the years 2000 to 2099."""
_SERIALS = 20_000, 80_000
"""Excel serials that are taken for days: the years 1954 to 2119."""
_EPOCHS = {False: 25_569, True: 24_107}
"""Excel's serial of 1970-01-01; True where the workbook counts from 1904."""


def seconds_of(cells: pa.Array, order: DateOrder | None = None, since_1904: bool = False) -> Integers:
    """Times in seconds, (rows,); ABSENT where a cell is empty, 0 (which exports write for never) or no time.

    Args:
        cells: text as `amounts.normal` gives it.
        order: what comes first in dates that end with the year; None: nothing says so, and they are not read.
    """
    cells = pc.if_else(is_never(cells), pa.scalar(None, pa.string()), cells)
    texts = cells.dictionary_encode()
    words = texts.dictionary
    found = text_time(_year_first(words, order))
    left = np.flatnonzero(found == ABSENT)
    others = words.take(pa.array(left)).to_pylist()
    found[left] = [_slow(text, since_1904) for text in others]
    numbers = texts.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    found = np.append(np.where(found <= 0, ABSENT, found), ABSENT)
    return found[numbers]


def is_never(cells: pa.Array) -> pa.Array:
    """Which cells are a zero instead of a time."""
    return pc.fill_null(pc.match_substring_regex(cells, _NEVER), False)


def either_way(cells: pa.Array) -> NDArray[np.bool_]:
    """Which cells begin with day and month, or month and day, (rows,)."""
    return pc.fill_null(pc.match_substring_regex(cells, _EITHER), False).to_numpy(zero_copy_only=False)


def orders_shown(cells: pa.Array) -> set[DateOrder]:
    """What the cells themselves show: a number above 12 can only be a day."""
    parts = pc.extract_regex(cells.filter(pa.array(either_way(cells))), _EITHER)
    first, second = (pc.cast(pc.struct_field(parts, name), pa.int64()) for name in ("first", "second"))
    shown: set[DateOrder] = set()
    if pc.any(pc.greater(first, 12)).as_py():
        shown.add("dmy")
    if pc.any(pc.greater(second, 12)).as_py():
        shown.add("mdy")
    return shown


def _year_first(cells: pa.Array, order: DateOrder | None) -> pa.Array:
    if order is None:
        return cells
    return pc.replace_substring_regex(cells, _PLAIN, r"\3-\2-\1\4" if order == "dmy" else r"\3-\1-\2\4")


_CLOCK = re.compile(r"(\d{1,2})[时点:](\d{1,2})分?(?::?(\d{1,2})秒?)?(?:\.\d+)?$")
_HALVES = {"上午": 0, "下午": 12, "am": 0, "pm": 12}
_HALF = re.compile("|".join(_HALVES), re.IGNORECASE)


def _slow(text: str, since_1904: bool) -> int:
    """One text that the quick way could not read; ABSENT if it is no time."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _number(text, since_1904)
    half = _HALF.search(text)
    plain = _HALF.sub(" ", text) if half else text
    clock = _CLOCK.search(plain.strip())
    if not clock:
        return ABSENT
    hour, minute, second = (int(part or 0) for part in clock.groups())
    if half:
        if not 1 <= hour <= 12:
            return ABSENT
        hour = hour % 12 + _HALVES[half[0].lower()]
    day = text_time(pa.array([plain.strip()[: clock.start()].strip()]))[0]
    good = day != ABSENT and day % DAY == 0 and hour < 24 and minute < 60 and second < 60
    return int(day) + hour * 3600 + minute * 60 + second if good else ABSENT


def _number(text: str, since_1904: bool) -> int:
    """A time that was written as a number."""
    whole, _, part = text.partition(".")
    if len(whole) == 14 and not part.strip("0"):
        try:
            return int((datetime.strptime(whole, "%Y%m%d%H%M%S") - datetime(1970, 1, 1)).total_seconds())
        except ValueError:
            return ABSENT
    number = int(whole)
    if _SERIALS[0] <= number <= _SERIALS[1]:
        seconds = round(int(part.ljust(12, "0")[:12]) * DAY / 10**12) if part else 0
        return (number - _EPOCHS[since_1904]) * DAY + seconds
    number = number // 1000 if len(whole) == 13 else number
    return number + SHANGHAI if len(whole) in (10, 13) and _FIRST <= number < _LAST else ABSENT
