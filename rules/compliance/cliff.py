"""Cliffs 断崖: one order that releases pay on orders before it, as a ladder does that pays one rate on everything."""

from __future__ import annotations

from rules.commission.ladder import Ladder, ladder_amount
from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.witness import DAY, Witness
from rules.money import Rounding, percent, yuan
from rules.plan.model import Plan
from rules.plan.values import Title


def cliff(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """The most that an order of a fen can release on orders before it, in fen.

    Only a `whole` ladder does: its amount is rate × volume, rounded once, and the rate rises at the brackets alone. So
    the worst fen is the one that reaches a bracket; between brackets a fen earns itself a fen at the most.
    """
    ladder = plan.commission.ladder
    if ladder is None or ladder.mode == "marginal":
        none = Title(zh="没有整档返利的阶梯", en="no ladder pays one rate on everything")
        return Decision(0, False, why=none)
    mode = Rounding[plan.semantics.rounding_of(0)]
    steps = [bracket for bracket in ladder.brackets if bracket.from_ > 0]
    found = [(_amount(ladder, one.from_, mode) - _amount(ladder, one.from_ - 1, mode), one) for one in steps]
    worst, bracket = max(found, key=lambda pair: pair[0], default=(0, None))
    why = Title(zh="只在档位起点跳变", en="the rate rises at the brackets alone")
    if bracket is None or worst <= limit:
        return Decision(worst, False, why=why)
    evidence = Title(
        zh=f"达到 {yuan(bracket.from_)} 的那一分钱使全部业绩按 {percent(bracket.rate)} 计，释放 {yuan(worst)}",
        en=f"the fen that reaches {yuan(bracket.from_)} puts everything at {percent(bracket.rate)}: {yuan(worst)}",
    )
    return Decision(worst, True, evidence, why, _crossed(plan, ladder, bracket.from_))


def _amount(ladder: Ladder, volume: int, mode: Rounding) -> int:
    return ladder_amount(ladder, volume, mode)[0] if volume > 0 else 0


def _crossed(plan: Plan, ladder: Ladder, start: int) -> dict[str, object] | None:
    """Orders of a fen less than a bracket, a close, one fen more, a close; None where that cannot be one order."""
    rank = (ladder.ranks or [plan.ranks[-1].id])[-1]
    chain = ["top", "middle", "seller"] if "team" in ladder.measure else ["seller"]
    people = [{"id": name, "rank": rank} for name in chain]
    for person, above in zip(people[1:], chain, strict=False):
        person["inviter"] = above
    people.append({"id": "buyer", "inviter": "seller"})
    buyer = "seller" if ladder.measure == "personal_volume" else "buyer"
    witness = Witness(plan, f"{ladder.period} {yuan(start)}", people, [])
    if start > 1:
        witness.order(f"{DAY} 10:00", "O1", buyer, start - 1)
    witness.events.append({"at": f"{DAY} 11:00", "close": ladder.period})
    witness.order(f"{DAY} 12:00", "O2", buyer, 1)
    witness.events.append({"at": f"{DAY} 13:00", "close": ladder.period})
    return witness.told(witness.play().entries)
