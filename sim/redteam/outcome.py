"""What a play came to: all that cheats took out, less all that they put in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.events import DAY, Records
from rules.money import PPM
from sim.redteam.moves import Play


@dataclass(frozen=True)
class Outcome:
    """What a play came to, in fen: `profit` is all that cheats took out, less all that they put in.

    Attributes:
        paid_in: for orders; `refunded` of it came back. `goods` is what goods they keep are worth to them.
        paid_out: what reached them, net of fee and tax.
        owed: below 0: what accounts owe that are left behind.
        outlay: the most that they had laid out at a time.
    """

    profit: int
    paid_in: int
    refunded: int
    paid_out: int
    goods: int
    owed: int
    outlay: int
    accounts: int
    days: int


def outcome_of(play: Play, stays: bool) -> Outcome:
    """What it came to; `stays`: accounts will be used again, so what they owe counts."""
    play.flush()
    book, means = play.engine.book, play.world.means
    rows = book.rows("orders")
    ours = [row for row, order in zip(rows, play.orders, strict=True) if order.ours and row["paid_at"] >= 0]
    paid_in = sum(int(row["goods"] + row["freight"]) for row in ours)
    refunded = sum(int(row["refunded"]) for row in ours)
    goods = sum(_kept(row, book.rows("lines")) for row in ours) * means.resale // PPM
    sent = book.rows("withdrawals")
    out = sum(int(row["amount"] - row["fee"] - row["tax"]) for row in sent if row["known"])
    owed = int(np.minimum(play.available(), 0).sum())
    profit = out - paid_in + refunded + goods + (owed if stays else 0)
    profit -= means.account_cost * play.accounts
    profit -= means.set_cost * min(play.sets, play.accounts) if play.world.risk else 0
    days = (play.now - play.world.first) // DAY
    return Outcome(profit, paid_in, refunded, out, goods, owed, play.peak, play.accounts, days)


def _kept(order: Records, lines: Records) -> int:
    """What the goods that were not sent back cost before discounts, in fen."""
    own = lines[order["first_line"] : order["first_line"] + order["lines"]]
    return int(((own["quantity"] - own["refunded_quantity"]) * own["price"]).sum())
