"""Own purchases that pay for themselves 自购套利, and commission that stays when goods go back 退货不退佣."""

from __future__ import annotations

from collections.abc import Iterator

from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio import order_ratio
from rules.compliance.recruiting import recruit_pay
from rules.compliance.witness import DAY, Witness
from rules.money import PPM, in_yuan, percent, yuan
from rules.plan.model import Plan
from rules.plan.values import Title

_PRICES = (1, 2, 3, 4, 6, 9, 50, 99_99)
_PIECES = (2, 3, 5, 10)


def self_purchase(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What comes back of a purchase to the buyer and to accounts of theirs above, in parts per million of what is paid.

    Somebody can hold every account of a chain, so it is all that an order pays, and what its volume earns in the
    components of a period at their highest rates. Pay for bringing people needs no purchase at all.
    """
    recruited = recruit_pay(plan, 0, given)
    if recruited.broken:
        evidence = Title(zh="开新账号即可得奖励，无需购买", en="an account more is paid, without any purchase")
        return Decision(None, True, evidence, case=recruited.case)
    on_top = _of_periods(plan)
    if on_top is None or on_top > limit:
        evidence = Title(zh="期末部分本身已超出", en="the components of a period alone are more")
        return Decision(on_top, True, evidence)
    why = Title(
        zh=f"单笔加期末部分 {percent(on_top)}", en=f"the order's, and {percent(on_top)} of components of a period"
    )
    return order_ratio(plan, limit - on_top, given).beside(on_top, why)


def _of_periods(plan: Plan) -> int | None:
    """What a volume earns in the components of a period at their highest, in parts per million; None = no bound."""
    parts, total = plan.commission, 0
    ladder, team = parts.ladder, parts.team
    rates = [(ladder.measure, max(one.rate for one in ladder.brackets))] if ladder else []
    rates += [(team.measure, team.rate)] if team else []
    for measure, rate in rates:
        if measure == "team_volume" and rate:
            return None  # everybody further up is paid on it
        total += rate
    return total + (parts.dividend.pool if parts.dividend else 0)


def refund_ratio(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What stays of an order's commission ÷ what stays of its goods after refunds, in parts per million.

    Histories of every kind of refund are tried. Where commission is taken back rounded up, from what is earned and
    from what was paid out alike, each entry keeps no more than its share, so the order's own ratio bounds it.
    """
    for witness, kept in _refunds(plan):
        entries = witness.play().entries
        stays = sum(entry.amount for entry in entries)
        if stays * PPM > limit * kept:
            worst = stays * PPM // kept if kept else None
            evidence = Title(
                zh=f"退货后留下商品 {yuan(kept)}，佣金 {yuan(stays)}",
                en=f"goods of {yuan(kept)} and commission of {yuan(stays)} stay after the refund",
            )
            return Decision(worst, True, evidence, case=witness.told(entries))
    if not _takes_back_all(plan):
        unknown = Title(zh="试过的退款未见超出，未穷尽", en="no refund that was tried breaks it; not all were")
        return Decision(None, None, why=unknown)
    order = order_ratio(plan, limit, given)
    why = Title(zh="追回向上取整，留下的不超过应得份额", en="taken back rounded up: each entry keeps at most its share")
    return Decision(order.worst, order.broken, order.evidence, why, order.case)


def _takes_back_all(plan: Plan) -> bool:
    rule = plan.semantics
    pays_periods = any((plan.commission.ladder, plan.commission.team, plan.commission.dividend))
    return (
        rule.partial_refund == "pro_rata"
        and rule.clawback_rounding == "ceil"
        and rule.clawback_unit == "exact"
        and rule.refund_after_payout == "negative_balance"
        and (rule.late_refund == "recompute" or not pays_periods)
        and plan.caps.over_cap == "forfeit"
        and not rule.defects
    )


def _refunds(plan: Plan) -> Iterator[tuple[Witness, int]]:
    """Orders that go back, all at once, late, after payout or piece by piece but for one; and fen of what stays."""
    for late in ("", "2026-02-20 10:00", "2026-03-20 10:00"):
        witness = _sale(plan, 1_000_00, 1)
        if late:
            witness.events.append({"at": f"{DAY} 12:00", "receive": "O1"})
            if late > "2026-03":
                _pay_out(witness)
        witness.events.append({"at": late or f"{DAY} 13:00", "refund": "O1"})
        yield witness, 0
    for price in _PRICES:
        for pieces in _PIECES:
            witness = _sale(plan, price, pieces)
            for number in range(pieces - 1):
                witness.events.append({"at": f"{DAY} 1{number}:30", "refund": "O1", "line": 1, "quantity": 1})
            yield witness, price


def _sale(plan: Plan, price: int, pieces: int) -> Witness:
    """An order below a chain of the highest rank."""
    top = plan.ranks[-1].id
    names = [f"L{level}" for level in range(max(1, min(plan.reach, 4)), 0, -1)]
    shown: dict[str, object] = {"real_name": True, "tax_registered": True, "e_signed": True, "promoter": True}
    people: list[dict[str, object]] = [{"id": name, "rank": top, "joined": "2025-01-01"} | shown for name in names]
    for person, above in zip(people[1:], names, strict=False):
        person["inviter"] = above
    people.append({"id": "buyer", "inviter": "L1"})
    witness = Witness(plan, f"{pieces} × {yuan(price)}", people, [])
    witness.order(f"{DAY} 09:00", "O1", "buyer", price)
    witness.events[0]["lines"][0]["quantity"] = pieces
    return witness


def _pay_out(witness: Witness) -> None:
    """Everybody asks for all they have in March, and is paid."""
    asked = Witness(witness.plan, witness.name, witness.people, [*witness.events, {"at": "2026-03-10", "close": "day"}])
    paid = [(name, one["available"]) for name, one in asked.play().balances.items() if one["available"] > 0]
    for name, fen in paid:
        witness.events.append({"at": "2026-03-10 10:00", "withdraw": name, "amount": in_yuan(fen), "id": f"W {name}"})
    witness.events += [{"at": "2026-03-10 11:00", "paid": f"W {name}"} for name, _ in paid]
