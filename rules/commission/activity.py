"""Activity goods 活动商品: group buys, flash sales and bargains earn nothing unless the plan says so; a group's head.

On the order of the buyer who opened a group buy, `group_head` pays that buyer a rate of what was paid for the order,
freight included, whether activity goods earn commission or not. Only who may be paid at level 1 is paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rules.book import Rows
from rules.commission.entry import append
from rules.events import Activity, Records
from rules.jit import kernel
from rules.money import PPM, ROUNDING_ZH, Rounding, percent, proportion, rounded, yuan
from rules.people.promoter import levels_allowed, may_be_paid_at
from rules.plan.compiled import Tables
from rules.readable import Entry, Order, State, Step
from rules.records import Component

if TYPE_CHECKING:
    from rules.plan.model import Plan

EarningActivity = Literal["group_buy", "seckill", "bargain"]

_BASE, _HEAD = int(Component.base), int(Activity.group_head)
_PERCENT = 10_000
"""One percent, in parts per million."""


def fill_activity(row: Records, plan: Plan) -> None:
    """Write what this mechanism needs of a plan into its `PLAN` row."""
    earning = {Activity.none, *(Activity[name] for name in plan.commission.activities)}
    if Activity.group_buy in earning:
        earning.add(Activity.group_head)
    row["activities"] = sum(1 << activity for activity in earning)
    row["group_head"] = _head_rate(plan)


def _head_rate(plan: Plan) -> int:
    """The rate of a group's head, in parts per million, as the plan computes it."""
    rate = plan.commission.group_head
    return rate // _PERCENT * _PERCENT if "half_percent_dropped" in plan.semantics.defects else rate


@kernel
def order_earns(book: Rows, plan: Tables, order: int) -> bool:
    """Whether an order earns commission and bonuses, as far as its activity goes."""
    row = book.orders[order]
    return bool((plan.plans[row.plan].activities >> row.activity) & 1 == 1)


@kernel
def pay_group_head(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the entry of a group's head on the own order that opened the group."""
    row = book.orders[order]
    rule = plan.plans[row.plan]
    if row.activity != _HEAD or book.members[row.buyer].frozen:
        return
    if (levels_allowed(book, plan, row.plan, row.buyer, False) >> 1) & 1 == 0:
        return
    paid = row.goods
    for place in range(row.first_line, row.first_line + row.lines):
        paid += book.lines[place].freight
    amount = proportion(paid, rule.group_head, PPM, rule.rounding[1])
    if amount > 0:
        entry = book.entries[append(book, time, row.buyer, _BASE, amount)]
        entry.order, entry.plan, entry.base, entry.rate = order, row.plan, paid, rule.group_head


def earns(plan: Plan, order: Order) -> bool:
    """Whether an order earns commission and bonuses, as far as its activity goes: the readable rule."""
    name = "group_buy" if order.activity is Activity.group_head else order.activity.name
    return order.activity is Activity.none or name in plan.commission.activities


def group_head_entries(state: State, number: int, order: Order, time: int) -> list[Entry]:
    """The entry of a group's head: the readable rule."""
    plan, buyer = state.plans[number], state.members[order.buyer]
    if order.activity is not Activity.group_head or buyer.frozen:
        return []
    if 1 not in may_be_paid_at(state, plan, order.buyer, False):
        return []
    mode = Rounding[plan.semantics.rounding_of(1)]
    paid, rate = order.goods + sum(line.freight for line in order.lines), _head_rate(plan)
    amount = rounded(paid * rate, PPM, mode)
    if amount == 0:
        return []
    terms = f"{yuan(paid)} × {percent(rate)} = {yuan(amount)}"
    steps = [Step(f"团长佣金：实付含运费 {terms}（{ROUNDING_ZH[mode]}）", f"group head: paid with freight {terms}")]
    if rate != plan.commission.group_head:
        dropped = percent(plan.commission.group_head)
        steps.insert(
            0,
            Step(
                f"缺陷 half_percent_dropped：{dropped} 只保留 {percent(rate)}",
                f"fault half_percent_dropped: of {dropped} only {percent(rate)} is left",
            ),
        )
    return [Entry(time, order.buyer, Component.base, amount, number, steps, base=paid, rate=rate)]
