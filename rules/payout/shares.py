"""How much of an entry a refund takes back, in all refunds of its order so far: by money, by pieces, or with the fee.

An entry of a line goes by what of the line is refunded, one of a whole order (a bonus) by what of the order is; where
entries stand for all lines of an order, each line's part goes by its own line, at the rate it was paid.

- `clawback_unit: trunc4`: pieces are reckoned one refund after the other. A piece is worth what is left of the line's
  commission ÷ the pieces left, cut to four decimals; the pieces that go back are cut to whole fen together.
- `fee_share`: the commission on the money that goes back, less the commission on the fee's part of it, each rounded by
  itself: commission was never paid on the fee.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.events import Records
from rules.jit import kernel
from rules.money import PPM, Rounding, divide, proportion, rounded, yuan
from rules.plan.compiled import Tables
from rules.plan.defects import BLENDED_REFUND_RATE, NO_CLAWBACK, REFUND_ROUNDED_EACH, SETTLED_DIFFERENTIAL_KEPT
from rules.plan.semantics import Semantics
from rules.readable import Entry, Line, Order, Part, State, Step
from rules.records import Component, EntryStatus

if TYPE_CHECKING:
    from rules.plan.model import Plan

_FLOOR = int(Rounding.floor)
_DIFFERENTIAL, _PENDING = int(Component.differential), int(EntryStatus.pending)


def fill_shares(row: Records, plan: Plan) -> None:
    """Write what this mechanism needs of a plan into its `PLAN` row."""
    row["clawback_unit"] = plan.semantics.clawback_unit == "trunc4"


@kernel
def to_take_back(book: Rows, plan: Tables, order: int, place: int) -> int:
    """What is to be taken back of an entry now, after a refund of its order; call it once a refund."""
    entry = book.entries[place]
    rule = plan.plans[book.orders[order].plan]
    blended = rule.defects & BLENDED_REFUND_RATE > 0
    total = _sum_of_parts(book, order, place)
    if total > 0 and not blended:
        owed = _back_by_parts(book, plan, order, place, total)
        return min(owed, max(0, entry.amount - entry.clawed))  # a check may have taken some before
    part, whole = refunded_part(book, plan, order, 0 if blended else entry.line)
    if part < whole and not blended and shares_fee(book, plan, order, place):
        owed = min(entry.amount, _back_with_fee(book, plan, order, place, 0, part, whole))
    else:
        owed = proportion(entry.amount, part, whole, rule.clawback_rounding)
    return max(0, owed - abs(entry.clawed))


@kernel
def refunded_part(book: Rows, plan: Tables, order: int, line: int) -> tuple[int, int]:
    """Which part of what a line (0: the order) earned is lost, as a fraction, after a refund and under the policy."""
    policy = plan.plans[book.orders[order].plan].partial_refund
    part, whole = refunded_share(book, order, line)
    if policy == 2 or (policy == 1 and line > 0 and part > 0):
        return whole, whole
    return (0 if policy == 3 and part < whole else part), whole


@kernel
def refunded_share(book: Rows, order: int, line: int) -> tuple[int, int]:
    """How much of a line (0: of the order) is refunded, as a fraction: by money, or by pieces of what was free."""
    row = book.orders[order]
    if line > 0:
        goods = book.lines[row.first_line + line - 1]
        if goods.paid > 0:
            return goods.refunded, goods.paid
        return goods.refunded_quantity, goods.quantity
    if row.goods > 0:
        return row.refunded, row.goods
    part, whole = 0, 0
    for place in range(row.first_line, row.first_line + row.lines):
        part += book.lines[place].refunded_quantity
        whole += book.lines[place].quantity
    return part, whole


@kernel
def _end_of_parts(book: Rows, order: int) -> int:
    end = book.orders[order].first_part
    while 0 <= end < book.clock[0].parts and book.parts[end].order == order:
        end += 1
    return end


@kernel
def _sum_of_parts(book: Rows, order: int, place: int) -> int:
    """What lines put into an entry, before caps; 0 for entries that no line put anything into."""
    total = 0
    for part in range(book.orders[order].first_part, _end_of_parts(book, order)):
        if book.parts[part].entry == place:
            total += book.parts[part].amount
    return total


@kernel
def _back_by_parts(book: Rows, plan: Tables, order: int, place: int, total: int) -> int:
    """Line by line: a line's share of the entry as it was paid, and how much of that goes back."""
    entry = book.entries[place]
    by_piece = plan.plans[book.orders[order].plan].clawback_unit == 1
    so_far, given, before, owed = 0, 0, 0, 0
    for number in range(book.orders[order].first_part, _end_of_parts(book, order)):
        part = book.parts[number]
        if part.entry == place:
            so_far += part.amount
            upto = proportion(entry.amount, so_far, total, _FLOOR)
            before += part.taken
            owed += _back_of_part(book, plan, order, number, upto - given)
            given = upto
    return owed - before if by_piece else max(0, owed - abs(entry.clawed))


@kernel
def _back_of_part(book: Rows, plan: Tables, order: int, number: int, share: int) -> int:
    """How much of a line's share of an entry goes back in all."""
    row, part = book.orders[order], book.parts[number]
    rule, line = plan.plans[row.plan], book.lines[row.first_line + part.line - 1]
    gone, whole = refunded_part(book, plan, order, part.line)
    by_money = proportion(share, gone, whole, rule.clawback_rounding)
    if rule.clawback_unit == 0:
        return by_money
    pieces = line.refunded_quantity
    if gone == whole:
        part.taken = share
    elif line.refunded != line.paid * pieces // line.quantity:
        part.taken = max(part.taken, by_money)
    elif gone > 0 and pieces > part.pieces:
        each = (share - part.taken) * 100 // (line.quantity - part.pieces)
        part.taken += (pieces - part.pieces) * each // 100
    part.pieces = pieces
    return part.taken


@kernel
def shares_fee(book: Rows, plan: Tables, order: int, place: int) -> bool:
    """Whether an entry is a rate of a line's amount less its fee, as it was reckoned and not trimmed since."""
    rule, entry = plan.plans[book.orders[order].plan], book.entries[place]
    if rule.fee_share == 0 or entry.line == 0 or entry.rate <= 0:
        return False
    return bool(divide(entry.base * entry.rate, PPM, rule.rounding[entry.level]) == entry.amount)


@kernel
def _back_with_fee(book: Rows, plan: Tables, order: int, place: int, before: int, part: int, whole: int) -> int:
    """Commission on the money that goes back from `before` to `part` of `whole`, less that on the fee's part of it."""
    row, entry = book.orders[order], book.entries[place]
    fee = book.lines[row.first_line + entry.line - 1].fee
    money = proportion(entry.base + fee, part, whole, _FLOOR) - proportion(entry.base + fee, before, whole, _FLOOR)
    kept = proportion(fee, part, whole, _FLOOR) - proportion(fee, before, whole, _FLOOR)
    rounding = plan.plans[row.plan].clawback_rounding
    return max(0, divide(money * entry.rate, PPM, rounding) - divide(kept * entry.rate, PPM, _FLOOR))


@kernel
def rounds_alone(book: Rows, plan: Tables, order: int, place: int) -> bool:
    """Whether, by a platform's fault, each refund of an entry's line is rounded on its own."""
    row, line = book.orders[order], book.entries[place].line
    rule = plan.plans[row.plan]
    if rule.defects & SETTLED_DIFFERENTIAL_KEPT and book.entries[place].component == _DIFFERENTIAL:
        return False
    if rule.defects & (REFUND_ROUNDED_EACH | BLENDED_REFUND_RATE | NO_CLAWBACK) != REFUND_ROUNDED_EACH:
        return False
    pro_rata = rule.partial_refund == 0 and rule.parts == 0
    return pro_rata and line > 0 and book.lines[row.first_line + line - 1].paid > 0


@kernel
def is_spared(book: Rows, plan: Tables, order: int, place: int) -> bool:
    """Whether, by a platform's fault, a partial refund leaves an entry alone: a differential that is not pending."""
    entry = book.entries[place]
    if plan.plans[book.orders[order].plan].defects & SETTLED_DIFFERENTIAL_KEPT == 0:
        return False
    part, whole = refunded_share(book, order, 0)
    return bool(entry.component == _DIFFERENTIAL and entry.status != _PENDING and part < whole)


@kernel
def back_alone(book: Rows, plan: Tables, order: int, place: int, before: int) -> int:
    """What one refund of an entry's line, of which `before` fen were refunded already, takes back on its own."""
    row, entry = book.orders[order], book.entries[place]
    line = book.lines[row.first_line + entry.line - 1]
    if shares_fee(book, plan, order, place):
        return _back_with_fee(book, plan, order, place, before, line.refunded, line.paid)
    return proportion(entry.amount, line.refunded - before, line.paid, plan.plans[row.plan].clawback_rounding)


def owed_back(state: State, order: Order, entry: Entry) -> tuple[int, Step]:
    """What is to be taken back of an entry after a refund, and why: the readable rule. Call it once a refund."""
    plan = state.plans[order.plan]
    semantics, blended = plan.semantics, "blended_refund_rate" in plan.semantics.defects
    if sum(part.amount for part in entry.parts) and not blended:
        owed, reason = _owed_by_parts(plan, order, entry)
        return min(owed, max(0, entry.amount - entry.clawed)), reason  # a check may have taken some before
    gone, whole = part_lost(semantics, order, 0 if blended else entry.line)
    if gone < whole and not blended and pays_less_fee(semantics, entry):
        line = order.lines[entry.line - 1]
        owed = min(entry.amount, _with_fee(semantics, entry, line, (0, gone, whole)))
    else:
        owed = rounded(entry.amount * gone, whole, Rounding[semantics.clawback_rounding])
    reason = Step(
        f"已退 {yuan(gone)} / {yuan(whole)}，应追回合计 {yuan(owed)}",
        f"refunded {yuan(gone)} of {yuan(whole)}: {yuan(owed)} to be taken back in all",
    )
    return owed - abs(entry.clawed), reason


def part_lost(semantics: Semantics, order: Order, line: int) -> tuple[int, int]:
    """Which part of what a line (0: the order) earned is lost, as a fraction: the readable rule."""
    gone, whole = share_refunded(order, line)
    if semantics.partial_refund == "cancel_order" or (gone and semantics.partial_refund == "cancel_line" and line):
        return whole, whole
    if semantics.partial_refund == "none" and gone < whole:
        return 0, whole
    return gone, whole


def share_refunded(order: Order, line: int) -> tuple[int, int]:
    """How much of a line (0: of the order) is refunded, as a fraction: the readable rule."""
    if line:
        goods = order.lines[line - 1]
        return (goods.refunded, goods.paid) if goods.paid else (goods.refunded_quantity, goods.quantity)
    if order.goods:
        return order.refunded, order.goods
    return sum(one.refunded_quantity for one in order.lines), sum(one.quantity for one in order.lines)


def _owed_by_parts(plan: Plan, order: Order, entry: Entry) -> tuple[int, Step]:
    total = sum(part.amount for part in entry.parts)
    so_far, given, before, owed = 0, 0, 0, 0
    terms: list[str] = []
    for part in entry.parts:
        so_far += part.amount
        share = entry.amount * so_far // total - given
        given += share
        before += part.taken
        back = _owed_of_part(plan.semantics, order, part, share)
        owed += back
        terms += [f"{part.line}: {yuan(back)} / {yuan(share)}"] if back else []
    reason = Step(
        f"按行追回 {'、'.join(terms) or '0.00'}，合计 {yuan(owed)}",
        f"to be taken back by line {', '.join(terms) or '0.00'}: {yuan(owed)} in all",
    )
    by_piece = plan.semantics.clawback_unit == "trunc4"
    return owed - (before if by_piece else abs(entry.clawed)), reason


def _owed_of_part(semantics: Semantics, order: Order, part: Part, share: int) -> int:
    gone, whole = part_lost(semantics, order, part.line)
    by_money = rounded(share * gone, whole, Rounding[semantics.clawback_rounding])
    if semantics.clawback_unit == "exact":
        return by_money
    line = order.lines[part.line - 1]
    came_back, left = line.refunded_quantity - part.pieces, line.quantity - part.pieces
    if gone == whole:
        part.taken = share
    elif line.refunded != line.paid * line.refunded_quantity // line.quantity:
        part.taken = max(part.taken, by_money)
    elif gone and came_back:
        part.taken += came_back * ((share - part.taken) * 100 // left) // 100
    part.pieces = line.refunded_quantity
    return part.taken


def pays_less_fee(semantics: Semantics, entry: Entry) -> bool:
    """Whether an entry is a rate of a line's amount less its fee, untrimmed: the readable rule."""
    mode = Rounding[semantics.rounding_of(entry.level)]
    is_share = semantics.fee_share and entry.line > 0 and entry.rate > 0
    return is_share and rounded(entry.base * entry.rate, PPM, mode) == entry.amount


def _with_fee(semantics: Semantics, entry: Entry, line: Line, refunded: tuple[int, int, int]) -> int:
    before, gone, whole = refunded
    gross = entry.base + line.fee
    money = gross * gone // whole - gross * before // whole
    kept = line.fee * gone // whole - line.fee * before // whole
    back = rounded(money * entry.rate, PPM, Rounding[semantics.clawback_rounding])
    return max(0, back - kept * entry.rate // PPM)


def reckoned_alone(plan: Plan, order: Order, entry: Entry) -> bool:
    """Whether, by a platform's fault, each refund of an entry's line is rounded on its own: the readable rule."""
    faults = {"refund_rounded_each", "blended_refund_rate", "no_clawback"} & set(plan.semantics.defects)
    kept = "settled_differential_kept" in plan.semantics.defects and entry.component is Component.differential
    if kept or faults != {"refund_rounded_each"} or plan.semantics.partial_refund != "pro_rata" or entry.parts:
        return False
    return entry.line > 0 and order.lines[entry.line - 1].paid > 0


def left_alone(plan: Plan, order: Order, entry: Entry) -> bool:
    """Whether, by a platform's fault, a partial refund leaves an entry alone: the readable rule."""
    gone, whole = share_refunded(order, 0)
    settled = entry.component is Component.differential and entry.status is not EntryStatus.pending
    return settled and gone < whole and "settled_differential_kept" in plan.semantics.defects


def owed_alone(semantics: Semantics, entry: Entry, line: Line, before: int) -> tuple[int, Step]:
    """What one refund of an entry's line takes back on its own, and why: the readable rule."""
    if pays_less_fee(semantics, entry):
        owed = _with_fee(semantics, entry, line, (before, line.refunded, line.paid))
    else:
        mode = Rounding[semantics.clawback_rounding]
        owed = rounded(entry.amount * (line.refunded - before), line.paid, mode)
    money = yuan(line.refunded - before)
    return owed, Step(
        f"缺陷 refund_rounded_each：本次退 {money}，单独取整追回 {yuan(owed)}",
        f"fault refund_rounded_each: this refund of {money}, rounded on its own, takes back {yuan(owed)}",
    )
