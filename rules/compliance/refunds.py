"""Commission that stays when goods go back 退货不退佣: what stays of an order's commission ÷ what stays of its goods.

The argument in plain words stands in docs/COMPLIANCE.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio import order_ratio
from rules.compliance.order_ratio.case import goods_paid
from rules.compliance.order_ratio.discounts import Discounts
from rules.compliance.order_ratio.sales import all_terms
from rules.compliance.order_ratio.totals import Totals
from rules.compliance.witness import DAY, Witness, chain_of
from rules.money import PPM, in_yuan, yuan
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan
from rules.plan.values import Title
from rules.plan.yaml import Data

_PRICES = (1, 2, 3, 4, 6, 9, 50, 99_99)
_PIECES = (2, 3, 5, 10)
_OF_TWO = (10_00, 1_000_00)
_MOST_CATEGORIES = 4
_ORDER_AT = "09:00"


@dataclass(frozen=True)
class _Back:
    """An order and its refunds, and fen of goods that stay."""

    witness: Witness
    kept: int


def refund_ratio(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What stays of an order's commission ÷ what stays of its goods after refunds, in parts per million.

    An order of which nothing goes back is one of them, so the order's own ratio is the least it can be. Then histories
    of many kinds of refund are tried. What is left is decided by a plan whose orders pay no less than stays, if there
    is one: where it is within the limit so is this; where it is not, its smallest order tells what to keep of many.
    """
    order = order_ratio(plan, limit, given)
    if order.broken:
        return Decision(order.worst, True, order.evidence, _title("无需退货", "nothing has to go back"), order.case)
    if plan.semantics.partial_refund == "cancel_order" and _takes_back(plan):
        all_of_it = _title("任何退货都追回整单佣金", "any refund takes back all that the order paid")
        return Decision(order.worst, order.broken, order.evidence, all_of_it)
    if broken := _first_broken(_histories(plan), limit):
        return broken
    bound = _bound(plan, given)
    found = order_ratio(bound, limit, given) if bound else None
    if found and found.broken is False:
        why = _title("追回后每行留下的不超过应得份额", "what stays of each line is at most its share")
        return Decision(found.worst, False, found.evidence, why)
    if found and found.case and (broken := _first_broken(_keep_of_many(plan, given, found.case), limit)):
        return broken
    unknown = _title("试过的退款未见超出，未穷尽", "no refund that was tried breaks it; not all were")
    return Decision(None, None, why=unknown)


def _title(zh: str, en: str) -> Title:
    return Title(zh=zh, en=en)


def _first_broken(histories: Iterator[_Back], limit: int) -> Decision | None:
    """The first history of which too much stays."""
    for one in histories:
        entries = one.witness.play().entries
        stays = sum(entry.amount for entry in entries)
        if stays * PPM > limit * one.kept:
            worst = stays * PPM // one.kept if one.kept else None
            evidence = _title(
                f"退货后留下商品 {yuan(one.kept)}，佣金 {yuan(stays)}",
                f"goods of {yuan(one.kept)} and commission of {yuan(stays)} stay after the refund",
            )
            return Decision(worst, True, evidence, case=one.witness.told(entries))
    return None


def _takes_back(plan: Plan) -> bool:
    """Whether all that a refund says is taken back, at once and wherever the money is."""
    rule, parts = plan.semantics, plan.commission
    return (
        rule.clawback_unit == "exact"
        and rule.refund_after_payout == "negative_balance"
        and rule.entries_at == "pay"
        and (rule.late_refund == "recompute" or not (parts.ladder or parts.team or parts.dividend))
        and plan.caps.over_cap == "forfeit"
        and not plan.contests
        and all(bonus.event != "apprentice" for bonus in plan.bonuses)
        and not (rule.fee_share or rule.defects)
    )


def _bound(plan: Plan, given: Assumptions) -> Plan | None:
    """A plan whose orders pay on each line no less than stays of that line; None where none is known.

    The cap on an order is left out: it trims lines unevenly, and the trimmed one can be the one that goes back.
    """
    rule = plan.semantics
    if not _takes_back(plan) or not _line_by_line(plan, given):
        return None
    uncapped = plan.model_copy(update={"caps": plan.caps.model_copy(update={"order_ratio": None})})
    if rule.partial_refund == "cancel_line" or (rule.partial_refund == "pro_rata" and rule.clawback_rounding == "ceil"):
        return uncapped
    if rule.partial_refund != "pro_rata" or not _plain_shares(plan):
        return None
    left = {"half_up": "half_up", "floor": "ceil"}[rule.clawback_rounding]
    return uncapped.model_copy(update={"semantics": rule.model_copy(update={"rounding": left})})


def _line_by_line(plan: Plan, given: Assumptions) -> bool:
    """Whether a line pays no more than it could as an order of its own, and keeps its entries to itself."""
    rule, discounts = plan.semantics, Discounts.of(plan, given)
    if rule.entry_per != "line" or rule.round_per == "order":
        return False
    every = (Totals(plan, terms, discounts, given) for terms in all_terms(plan))
    return discounts.none or (rule.base_round == "none" and not any(one.before_discounts for one in every))


def _plain_shares(plan: Plan) -> bool:
    """Whether every entry is a share of the sale itself, rounded down: what stays of it is that share of what stays."""
    parts, rule = plan.commission, plan.semantics
    levels = parts.base.levels if parts.base else []
    floors = all(rule.rounding_of(level) == "floor" for level in range(MAX_LEVELS + 1))
    nested = any(level.of != "sale" for level in levels) or rule.subtract_lower or parts.differential or parts.margin
    return floors and not nested and all(bonus.event != "new_promoter" for bonus in plan.bonuses)


def _histories(plan: Plan) -> Iterator[_Back]:
    """Orders that go back all at once, late, after payout, line by line, or piece by piece but for one."""
    for late in ("", "2026-02-20 10:00", "2026-03-20 10:00"):
        witness = _sale(plan, [_line(1_000_00)])
        if late:
            witness.events.append({"at": f"{DAY} 12:00", "receive": "O1"})
            if late > "2026-03":
                _pay_out(witness)
        witness.events.append({"at": late or f"{DAY} 13:00", "refund": "O1"})
        yield _Back(witness, 0)
    yield from _one_line_of_two(plan)
    for price, pieces in product(_PRICES, _PIECES):
        witness = _sale(plan, [_line(price, pieces)])
        for number in range(pieces - 1):
            witness.events.append({"at": f"{DAY} 1{number}:30", "refund": "O1", "line": 1, "quantity": 1})
        yield _Back(witness, price)


def _one_line_of_two(plan: Plan) -> Iterator[_Back]:
    """Orders of two lines of which one goes back: a cap, or a bonus, on the whole order may stand by the other."""
    levels = plan.commission.base.levels if plan.commission.base else []
    named = dict.fromkeys(name for level in levels for name in level.rates)
    names = ["default", *(name for name in named if name != "default")][:_MOST_CATEGORIES]
    for price, stays, goes in product([*_OF_TWO, *_under_a_cap(plan)], names, names):
        for back in (1, 2):
            lines = [_line(price, 1, goes if back == line else stays) for line in (1, 2)]
            witness = _sale(plan, lines)
            witness.events.append({"at": f"{DAY} 13:00", "refund": "O1", "line": back, "quantity": 1})
            yield _Back(witness, price)


def _under_a_cap(plan: Plan) -> list[int]:
    """A price of each of two lines at which a cap trims about half of what lines earn beside a bonus on the order."""
    flat = sum(one.money for one in plan.bonuses if one.event in ("first_promoted_order", "first_order_of_day"))
    caps, cap = plan.caps.model_copy(update={"order_ratio": None}), plan.caps.order_ratio
    by_rates = order_ratio(plan.model_copy(update={"bonuses": [], "caps": caps}), PPM).worst
    if not flat or cap is None or by_rates is None or by_rates >= 2 * cap:
        return []
    return [max(1, flat * PPM // (2 * cap - by_rates))]


def _keep_of_many(plan: Plan, given: Assumptions, case: dict[str, Data]) -> Iterator[_Back]:
    """Pieces of a fen, so many that no share is cut, of which as many stay as an order that is over the limit pays."""
    kept, pieces = goods_paid(case)[0], min(given.quantity, PPM)
    if kept >= pieces:
        return
    order = next(event for event in case["events"] if event.get("order") == "O1")
    lines = [{**order["lines"][0], **_line(1, pieces, order["lines"][0]["category"])}]
    events = [{**event, "lines": lines} if event is order else event for event in case["events"]]
    events.append({"at": order["at"], "refund": "O1", "line": 1, "quantity": pieces - kept})
    yield _Back(Witness(plan, f"{plan.plan}: {yuan(kept)} of many pieces stays", case["members"], events), kept)


def _line(price: int, pieces: int = 1, category: str = "default") -> dict[str, Data]:
    return {"sku": "goods", "category": category, "price": in_yuan(price), "quantity": pieces}


def _sale(plan: Plan, lines: list[dict[str, Data]]) -> Witness:
    """An order below a chain of the highest rank."""
    top = plan.ranks[-1].id
    names = [f"L{level}" for level in range(max(1, min(plan.reach, 4)), 0, -1)]
    papers: dict[str, Data] = {"real_name": True, "tax_registered": True, "e_signed": True, "promoter": True}
    people = chain_of(names, rank=top, joined="2025-01-01", **papers)
    people.append({"id": "buyer", "inviter": "L1"})
    name = " + ".join(f"{line['quantity']} × {line['price']}" for line in lines)
    if plan.semantics.base_on == "profit":
        lines = [line | {"cost": "0"} for line in lines]
    events: list[dict[str, Data]] = [{"at": f"{DAY} {_ORDER_AT}", "order": "O1", "buyer": "buyer", "lines": lines}]
    return Witness(plan, name, people, [*events, {"at": f"{DAY} {_ORDER_AT}", "pay": "O1"}])


def _pay_out(witness: Witness) -> None:
    """Everybody asks for all they have in March, and is paid."""
    asked = Witness(witness.plan, witness.name, witness.people, [*witness.events, {"at": "2026-03-10", "close": "day"}])
    paid = [(name, one["available"]) for name, one in asked.play().balances.items() if one["available"] > 0]
    for name, fen in paid:
        witness.events.append({"at": "2026-03-10 10:00", "withdraw": name, "amount": in_yuan(fen), "id": f"W {name}"})
    witness.events += [{"at": "2026-03-10 11:00", "paid": f"W {name}"} for name, _ in paid]
