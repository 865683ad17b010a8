"""Pay on a team's sales 团队计酬: how much of it there can be, and how much of a person's pay rests on own sales."""

from __future__ import annotations

from rules.cases.result import Explained
from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio import order_ratio
from rules.compliance.witness import DAY, Witness
from rules.money import PPM, percent, yuan
from rules.plan.model import Plan
from rules.plan.values import Title

_TEAM = ("direct_team_volume", "team_volume")
_LARGE = 1_000_000_00
"""Volume of a witness, in fen: so large that roundings do not show."""
_SOLD = 100_00
"""What everybody who sells is taken to sell in a period, in fen."""
_OTHERS = {
    "team": "团队绩效",
    "differential": "级差",
    "peer": "平级奖",
    "area": "区域代理",
    "margin": "差价",
    "influence": "影响力津贴",
    "dividend": "分红",
}
"""Components of a plan that pay somebody on orders that are not their own sales, in Chinese."""
_WITHOUT_SALES = ("promotion_streak", "register", "invites", "direct_team")


def team_components(plan: Plan) -> list[str]:
    """The components of a plan that are computed on the volume of a team."""
    parts = plan.commission
    found = ["team"] if parts.team and parts.team.rate and parts.team.measure in _TEAM else []
    if parts.ladder and parts.ladder.measure in _TEAM and any(bracket.rate for bracket in parts.ladder.brackets):
        found.append("ladder")
    return found


def team_pay(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What anybody can earn in a period from components computed on a team's volume, in fen: nothing, or no bound."""
    found = team_components(plan)
    if not found:
        return Decision(0, False, why=Title(zh="没有按团队业绩的部分", en="nothing is computed on a team's volume"))
    parts = ", ".join(found)
    evidence = Title(zh=f"按团队业绩计酬（{parts}），业绩无上限", en=f"pay on a team's volume ({parts}), unbounded")
    shown = _period_of_a_team(plan, plan.ranks[-1].id)
    entries = shown.play().entries
    paid = _of_team(plan, entries) > limit
    return Decision(None, True, evidence, case=shown.told(entries) if paid else None)


def team_share(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """Team components of a period ÷ all its commission, in parts per million: the worst over the ranks of who sells.

    A period in which only those sell who are paid least leaves the largest share to their leaders. It is proved to be
    within the limit where everybody who sells is paid by a ladder of the same period, on at least `_SOLD` each: a fen
    of rounding is then a hundredth of a percent of it. (Volumes of a few fen round to nothing, and leave the team all.)
    """
    if not team_components(plan):
        return Decision(0, False, why=Title(zh="没有按团队业绩的部分", en="nothing is computed on a team's volume"))
    worst, rank, case = 0, "", None
    for one in plan.ranks:
        shown = _period_of_a_team(plan, one.id)
        entries = shown.play().entries
        whole = sum(entry.amount for entry in entries)
        share = _of_team(plan, entries) * PPM // whole if whole else 0
        if share > worst:
            worst, rank, case = share, one.id, shown.told(entries)
    evidence = Title(
        zh=f"一个月里只有 {rank} 在销售时，团队部分占 {worst // 10_000}%",
        en=f"in a month in which only {rank} sell, the team's part is {worst // 10_000} %",
    )
    if worst > limit:
        return Decision(worst, True, evidence, case=case)
    bound = _most_of_a_team(plan)
    if bound is not None and bound <= limit:
        why = Title(
            zh=f"每名销售者当期至少售出 {yuan(_SOLD)}，阶梯付给其本人",
            en=f"everybody who sells is paid by the ladder, on at least {yuan(_SOLD)} each",
        )
        return Decision(max(worst, bound), False, evidence, why)
    unknown = Title(zh="未穷尽所有月份", en="not every month there can be was looked at")
    return Decision(worst, None, evidence, unknown)


def _most_of_a_team(plan: Plan) -> int | None:
    """A bound on the share of the team in parts per million, where a ladder pays everybody who sells; else None."""
    ladder, team = plan.commission.ladder, plan.commission.team
    if ladder is None or team is None or team_components(plan) != ["team"] or team.measure != "direct_team_volume":
        return None
    if ladder.measure != "promoted_volume" or ladder.period != team.period or ladder.ranks is not None:
        return None
    least = min(bracket.rate for bracket in ladder.brackets) - PPM // _SOLD
    return -(-(team.rate + PPM // _SOLD) * PPM // (team.rate + least)) if least > 0 else None


def _period_of_a_team(plan: Plan, seller: str) -> Witness:
    """A month in which somebody of this rank sells, under a leader and a leader's leader of the highest rank."""
    top = plan.ranks[-1].id
    people = [
        {"id": "top", "rank": top},
        {"id": "leader", "rank": top, "inviter": "top"},
        {"id": "seller", "rank": seller, "inviter": "leader"},
        {"id": "buyer", "inviter": "seller"},
    ]
    witness = Witness(plan, f"{seller} sells", people, [])
    witness.order(f"{DAY} 10:00", "O1", "buyer", _LARGE)
    witness.events += [{"at": f"{DAY} 12:00", "close": period} for period in ("day", "week", "month")]
    return witness


def _of_team(plan: Plan, entries: list[Explained]) -> int:
    """Fen of the entries of team components."""
    kinds = team_components(plan)
    return sum(entry.amount for entry in entries if entry.component in kinds)


def own_sales_ratio(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What somebody earns in a month ÷ their own direct sales in it, in parts per million.

    Whatever pays on other people's sales, or without any, has no bound.
    """
    parts = plan.commission
    others = [zh for name, zh in _OTHERS.items() if getattr(parts, name)]
    others += ["阶梯(团队)"] if "ladder" in team_components(plan) else []
    others += [bonus.id for bonus in plan.bonuses if bonus.event in _WITHOUT_SALES and (bonus.money or bonus.allowance)]
    if plan.depth > 1:
        others.insert(0, f"{plan.depth} 级佣金 / {plan.depth} levels")
    if others:
        named = ", ".join(others)
        evidence = Title(zh=f"有与本人销售无关的报酬：{named}", en=f"pay that does not rest on own sales: {named}")
        return Decision(None, True, evidence, case=_on_anothers_sale(plan))
    return _on_own_sales(plan, limit, given)


def _on_anothers_sale(plan: Plan) -> dict[str, object] | None:
    """A month in which the leader sells nothing and is paid; None where this history does not show it."""
    shown = _period_of_a_team(plan, plan.ranks[-1].id)
    entries = shown.play().entries
    return shown.told(entries) if any(entry.member in ("leader", "top") for entry in entries) else None


def _on_own_sales(plan: Plan, limit: int, given: Assumptions) -> Decision:
    """The same where all pay rests on own sales: that of the order, and the highest step of a ladder."""
    ladder = plan.commission.ladder
    most = max((bracket.rate for bracket in ladder.brackets), default=0) if ladder else 0
    if most > limit:
        return Decision(most, True, Title(zh="阶梯最高档已超出", en="the ladder's highest step alone is more"))
    step = percent(most)
    why = Title(zh=f"单笔佣金率加阶梯最高档 {step}", en=f"an order's ratio and the ladder's highest step, {step}")
    return order_ratio(plan, limit - most, given).beside(most, why)
