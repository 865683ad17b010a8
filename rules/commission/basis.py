"""The commissionable amount 计佣金额: what of a line a rate is taken of.

What was paid for the goods, or a price of theirs, or the profit on them; with freight or without; less what the payment
cost, where payees share that. Never below 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.events import Records, Row
from rules.jit import kernel
from rules.money import PPM, Rounding, divide, rounded, yuan
from rules.plan import defects
from rules.plan.semantics import Semantics
from rules.readable import Line, Step

if TYPE_CHECKING:
    from rules.plan.model import Plan

_COUPON, _FREIGHT = defects.COUPON_NOT_DEDUCTED, defects.FREIGHT_TIMES_QUANTITY


def fill_basis(row: Records, plan: Plan) -> None:
    """Write what this mechanism needs of a plan into its `PLAN` row."""
    semantics = plan.semantics
    row["base_on"] = ("paid", "list", "member_price", "profit").index(semantics.base_on)
    row["base_round"] = ("none", "line", "unit", "unit_trunc4").index(semantics.base_round)
    row["freight"] = semantics.freight == "include"
    row["fee_share"] = semantics.fee_share
    row["subtract_lower"] = semantics.subtract_lower
    row["defects"] = defects.bits(semantics.defects)


@kernel
def commissionable(rule: Row, line: Row) -> int:
    """The commissionable amount 计佣金额 of a line, in fen."""
    if rule.base_on == 1 or (rule.base_on == 2 and line.member_price < 0):
        goods = line.price * line.quantity
    elif rule.base_on == 2:
        goods = line.member_price * line.quantity
    else:
        goods = line.paid
        if rule.base_round > 1 or rule.defects & _COUPON:
            goods = _paid_as_reckoned(rule, line)
        if rule.base_on == 3:
            goods = max(0, goods - line.cost * line.quantity)
    if rule.freight == 1:
        goods += line.freight * (line.quantity if rule.defects & _FREIGHT else 1)
    return max(0, goods - line.fee) if rule.fee_share == 1 else goods


@kernel
def _paid_as_reckoned(rule: Row, line: Row) -> int:
    """What was paid for a line, by a unit price of whole fen, or before its discount where the plan has that fault."""
    price = line.member_price if line.member_price >= 0 else line.price
    if rule.defects & _COUPON:
        return price * line.quantity
    if rule.base_round == 2:
        return line.paid // line.quantity * line.quantity
    cut = (price * line.quantity - line.paid) * 100 // line.quantity
    return max(0, (price * 100 - cut) // 100 - line.unit_cut) * line.quantity


@kernel
def percentage(rule: Row, line: Row, rate: int, mode: int) -> int:
    """A rate of a line's commissionable amount, rounded once per line, or per unit and then multiplied."""
    base = commissionable(rule, line)
    if rule.round_per == 1:
        return divide(base // line.quantity * rate, PPM, mode) * line.quantity
    return divide(base * rate, PPM, mode)


def commissionable_amount(semantics: Semantics, line: Line) -> int:
    """The commissionable amount 计佣金额 of a line: the readable rule."""
    return explained_amount(semantics, line)[0]


def rate_of_line(semantics: Semantics, line: Line, rate: int, level: int) -> int:
    """A rate of a line's commissionable amount, rounded as its level is: the readable rule of other components."""
    base, mode = commissionable_amount(semantics, line), Rounding[semantics.rounding_of(level)]
    if semantics.round_per == "unit":
        return rounded(base // line.quantity * rate, PPM, mode) * line.quantity
    return rounded(base * rate, PPM, mode)


def explained_amount(semantics: Semantics, line: Line) -> tuple[int, list[Step]]:
    """The commissionable amount of a line, and how it comes about."""
    amount, steps = _goods(semantics, line)
    if semantics.freight == "include":
        times = line.quantity if "freight_times_quantity" in semantics.defects else 1
        amount += line.freight * times
        if times > 1:
            steps.append(
                Step(
                    f"缺陷 freight_times_quantity：运费 {yuan(line.freight)} 又乘 {times} 件",
                    f"fault freight_times_quantity: freight of {yuan(line.freight)} times {times} pieces",
                )
            )
    if semantics.fee_share:
        before, amount = amount, max(0, amount - line.fee)
        steps.append(
            Step(
                f"减手续费 {yuan(line.fee)}：{yuan(before)} → {yuan(amount)}",
                f"less the fee of {yuan(line.fee)}: {yuan(before)} → {yuan(amount)}",
            )
        )
    included = semantics.freight == "include"
    zh = {"paid": "实付", "list": "标价", "member_price": "会员价", "profit": "毛利"}[semantics.base_on]
    en = {"paid": "paid", "list": "list price", "member_price": "member price", "profit": "profit"}[semantics.base_on]
    told = Step(
        f"计佣金额 {yuan(amount)}（按{zh}{'，含运费' if included else '，不含运费'}）",
        f"commissionable amount {yuan(amount)} ({en}, freight {'included' if included else 'excluded'})",
    )
    return amount, [*steps, told]


def _goods(semantics: Semantics, line: Line) -> tuple[int, list[Step]]:
    """What of a line's goods is commissionable, and why if that takes a reason."""
    member_price = line.price if line.member_price is None else line.member_price
    if semantics.base_on in ("list", "member_price"):
        return (line.price if semantics.base_on == "list" else member_price) * line.quantity, []
    paid, steps = _paid(semantics, line, member_price)
    if semantics.base_on == "paid":
        return paid, steps
    profit = max(0, paid - line.cost * line.quantity)
    terms = f"{yuan(paid)} − {yuan(line.cost)} × {line.quantity} = {yuan(profit)}"
    return profit, [*steps, Step(f"毛利：实付减成本 {terms}", f"profit: paid less cost {terms}")]


def _paid(semantics: Semantics, line: Line, price: int) -> tuple[int, list[Step]]:
    if "coupon_not_deducted" in semantics.defects:
        paid = price * line.quantity
        return paid, [
            Step(
                f"缺陷 coupon_not_deducted：按优惠前小计 {yuan(paid)}",
                f"fault coupon_not_deducted: the subtotal before discounts, {yuan(paid)}",
            )
        ]
    if semantics.base_round in ("none", "line"):
        return line.paid, []
    unit = line.paid // line.quantity
    if semantics.base_round == "unit_trunc4":
        discount = price * line.quantity - line.paid
        hundredths = 100 * price - 100 * discount // line.quantity
        unit = max(0, hundredths // 100 - line.unit_cut)
    return unit * line.quantity, [
        Step(
            f"实付 {yuan(line.paid)} 折合单价 {yuan(unit)}（舍去不足一分），× {line.quantity} 件",
            f"paid {yuan(line.paid)} is a unit price of {yuan(unit)} (cut to the fen), × {line.quantity} pieces",
        )
    ]
