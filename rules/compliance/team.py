"""Pay on a team's sales 团队计酬: how much of it there can be, and how much of a person's pay rests on own sales."""

from __future__ import annotations

from collections.abc import Iterator

from rules.cases.result import Explained
from rules.compliance.contests import most_of_a_month, of_teams, top_prize, with_prizes, won, worth
from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio import order_ratio
from rules.compliance.order_ratio.known import unthought_of
from rules.compliance.order_ratio.sales import all_terms
from rules.compliance.recruiting import with_coupons
from rules.compliance.witness import DAY, Witness
from rules.money import PPM, percent, yuan
from rules.plan.limits import TEAM_VOLUMES, Period
from rules.plan.model import Plan
from rules.plan.values import Title

_LARGE = 1_000_000_00
"""Volume of a witness, in fen: so large that roundings do not show."""
_SOLD = 100_00
"""What everybody who sells is taken to sell in a period, in fen."""
_OF_A_LINE = 10_00
"""What is taken to be paid for a line at the least, and to stay of it if some of it goes back, in fen."""
_MOST_SELLERS = 200
_MOST_CATEGORIES = 6
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
_WITHOUT_SALES = ("promotion_streak", "register", "invites", "direct_team", "apprentice")


def team_components(plan: Plan) -> list[str]:
    """The components of a plan that are computed on the volume of a team; contests between teams are one of them."""
    parts = plan.commission
    found = ["team"] if parts.team and parts.team.rate and parts.team.measure in TEAM_VOLUMES else []
    if parts.ladder and parts.ladder.measure in TEAM_VOLUMES and any(bracket.rate for bracket in parts.ladder.brackets):
        found.append("ladder")
    return found + (["contest"] if of_teams(plan) else [])


def team_pay(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What anybody can earn in a month from components computed on a team's volume, in fen.

    Contests between teams can pay their prizes, any other such component has no bound.
    """
    found = team_components(plan)
    if not found:
        return Decision(0, False, why=Title(zh="没有按团队业绩的部分", en="nothing is computed on a team's volume"))
    if found == ["contest"]:
        return _team_prizes(plan, limit)
    parts = ", ".join(found)
    evidence = Title(zh=f"按团队业绩计酬（{parts}），业绩无上限", en=f"pay on a team's volume ({parts}), unbounded")
    shown = _period_of_a_team(plan, plan.ranks[-1].id)
    entries = shown.play().entries
    paid = _of_team(plan, entries) > limit
    return Decision(None, True, evidence, case=shown.told(entries) if paid else None)


def _team_prizes(plan: Plan, limit: int) -> Decision:
    """What contests between teams can pay one member in a month."""
    contests = of_teams(plan)
    most, best = most_of_a_month(contests), max(contests, key=top_prize)
    named = ", ".join(contest.id for contest in contests)
    evidence = Title(
        zh=f"团队竞赛（{named}）：单轮最高奖 {yuan(top_prize(best))}，每月合计至多 {yuan(most)}",
        en=f"contests between teams ({named}): a round pays {yuan(top_prize(best))}, a month {yuan(most)} at the most",
    )
    if most <= limit:
        return Decision(most, False, evidence, Title(zh="奖品数和轮数有限", en="there are so many prizes and rounds"))
    shown = won(plan, best)
    entries = shown.play().entries if shown else []
    broken = True if top_prize(best) > limit else None
    return Decision(most, broken, evidence, case=shown.told(entries) if shown and _of_team(plan, entries) else None)


def team_share(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """Team components of a period ÷ all its commission, in parts per million: the worst of many months, and a bound.

    A period in which only those sell who are paid least leaves the largest share to their leaders. It is proved to be
    within the limit where everybody who sells is paid, by level 1 or by a ladder of the same period, on `_SOLD` each
    and `_OF_A_LINE` a line at the least: roundings are then small. (Volumes of a few fen leave the team all.)
    """
    if not team_components(plan):
        return Decision(0, False, why=Title(zh="没有按团队业绩的部分", en="nothing is computed on a team's volume"))
    worst, seller, case = 0, "", None
    for rank, shown in [*_months(plan), *_rounds_of_teams(plan)]:
        entries = shown.play().entries
        whole = sum(worth(entry) for entry in entries)
        share = _of_team(plan, entries) * PPM // whole if whole else 0
        if share > worst:
            worst, seller, case = share, rank, shown.told(entries)
    evidence = Title(
        zh=f"一个月里只有 {seller} 在销售时，团队部分占 {worst // 10_000}%",
        en=f"in a month in which only {seller} sell, the team's part is {worst // 10_000} %",
    )
    if worst > limit:
        return Decision(worst, True, evidence, case=case)
    bound = _most_of_a_team(plan)
    if bound is not None and bound <= limit:
        sold, line = yuan(_SOLD), yuan(_OF_A_LINE)
        why = Title(
            zh=f"销售者都有所得：每人当期至少售出 {sold}，每行至少 {line}，未被冻结",
            en=f"everybody who sells is paid: on {sold} each and {line} a line at the least, none of them frozen",
        )
        return Decision(max(worst, bound), False, evidence, why)
    unknown = Title(zh="未穷尽所有月份", en="not every month there can be was looked at")
    return Decision(worst, None, evidence, unknown)


def _rounds_of_teams(plan: Plan) -> Iterator[tuple[str, Witness]]:
    """Rounds in which a team just reaches what a contest asks for."""
    for contest in of_teams(plan):
        if shown := won(plan, contest):
            end = shown.events[-1]["at"]
            shown.events += [{"at": end, "close": period} for period in ("day", "week", "month")]
            yield plan.ranks[0].id, shown


def _months(plan: Plan) -> Iterator[tuple[str, Witness]]:
    """Months in which only people of one rank sell: much, or just too little for a ladder; one, or many of them."""
    base, ladder = plan.commission.base, plan.commission.ladder
    named = dict.fromkeys(name for level in base.levels for name in level.rates) if base else {}
    below = [bracket.from_ - 1 for bracket in ladder.brackets if bracket.from_ > _SOLD] if ladder else []
    for rank in (one.id for one in plan.ranks):
        for category in [*named, "default"][:_MOST_CATEGORIES]:
            yield rank, _period_of_a_team(plan, rank, category)
        for each in [*below, *([] if below else [_SOLD])]:
            sellers = _sellers_over_a_cap(plan, each)
            yield rank, _period_of_a_team(plan, rank, "default", each, sellers, with_top=False)


def _sellers_over_a_cap(plan: Plan, each: int) -> int:
    """How many sellers it takes until the pay of their leader from a team is twice what a cap lets a member earn."""
    caps, team = [plan.caps.member_day, plan.caps.member_month], plan.commission.team
    least = min((cap for cap in caps if cap is not None), default=None)
    if least is None or team is None or not team.rate:
        return 1
    return max(1, min(_MOST_SELLERS, 2 * least * PPM // (team.rate * each)))


def _most_of_a_team(plan: Plan) -> int | None:
    """A bound on the share of the team in parts per million, where all who sell are paid; None = none is known."""
    team = plan.commission.team
    if team is None or team_components(plan) != ["team"] or team.measure != "direct_team_volume":
        return None
    least = _least_of_a_ladder(plan, team.period) + _least_of_level_1(plan)
    return -(-(team.rate + PPM // _SOLD) * PPM // (team.rate + least)) if least > 0 else None


def _least_of_a_ladder(plan: Plan, period: Period) -> int:
    """What a ladder pays everybody on what they sell in a period, at the least, in parts per million."""
    ladder = plan.commission.ladder
    if ladder is None or ladder.measure != "promoted_volume" or ladder.period != period or ladder.ranks is not None:
        return 0
    return max(0, min(bracket.rate for bracket in ladder.brackets) - PPM // _SOLD)


def _least_of_level_1(plan: Plan) -> int:
    """What level 1 pays on every order at the least, in parts per million; 0 = perhaps nothing.

    A fen is lost where it is paid, one where it is taken back, one under a cap on the order. A cap on a member takes
    pay off level 1 and none off the team.
    """
    rule, parts, caps = plan.semantics, plan.commission, plan.caps
    goes_back = rule.partial_refund == "pro_rata" and rule.clawback_unit == "exact" and rule.late_refund == "recompute"
    plain = rule.base_on in ("paid", "list") and rule.base_round == "none" and rule.round_per == "line"
    paid_alike = rule.promoter_by[0] in ("rank", "all") and rule.entries_at == "pay" and parts.differential is None
    if not (goes_back and plain and paid_alike) or rule.fee_share or rule.defects or unthought_of(plan):
        return 0
    first = next((level for level in parts.base.levels if level.level == 1), None) if parts.base else None
    if first is None or first.ranks is not None or caps.member_day is not None or caps.member_month is not None:
        return 0
    least = min(int(terms.rates[1].min()) if terms.fixed[1].max() < 0 else 0 for terms in all_terms(plan))
    least = least if caps.order_ratio is None else min(least, caps.order_ratio)
    return max(0, least - 3 * PPM // _OF_A_LINE)


def _period_of_a_team(
    plan: Plan, seller: str, category: str = "default", each: int = _LARGE, sellers: int = 1, with_top: bool = True
) -> Witness:
    """A month in which people of a rank sell, under a leader of the highest rank, and a leader's leader."""
    top = plan.ranks[-1].id
    people: list[dict[str, object]] = [{"id": "top", "rank": top}] if with_top else []
    leader: dict[str, object] = {"inviter": "top"} if with_top else {}
    people.append({"id": "leader", "rank": top} | leader)
    names = ["seller", *(f"seller {number}" for number in range(2, sellers + 1))]
    people += [{"id": name, "rank": seller, "inviter": "leader"} for name in names]
    people += [{"id": name.replace("seller", "buyer"), "inviter": name} for name in names]
    witness = Witness(plan, f"{seller} sells", people, [])
    for number, name in enumerate(names, 1):
        witness.order(f"{DAY} 10:00", f"O{number}", name.replace("seller", "buyer"), each, category)
    witness.events += [{"at": f"{DAY} 12:00", "close": period} for period in ("day", "week", "month")]
    return witness


def _of_team(plan: Plan, entries: list[Explained]) -> int:
    """Fen of the entries of team components."""
    kinds, contests = team_components(plan), [contest.id for contest in of_teams(plan)]
    return sum(
        worth(entry)
        for entry in entries
        if (entry.bonus in contests if entry.component in ("contest", "prize") else entry.component in kinds)
    )


def own_sales_ratio(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What somebody earns in a month ÷ their own direct sales in it, in parts per million.

    Whatever pays on other people's sales, or without any, has no bound.
    """
    parts = plan.commission
    others = [zh for name, zh in _OTHERS.items() if getattr(parts, name)]
    others += ["阶梯(团队)"] if "ladder" in team_components(plan) else []
    others += [bonus.id for bonus in plan.bonuses if bonus.event in _WITHOUT_SALES and (bonus.money or bonus.allowance)]
    others += [contest.id for contest in plan.contests if contest.of_team or contest.measure != "promoted_volume"]
    if plan.depth > 1:
        others.insert(0, f"{plan.depth} 级佣金 / {plan.depth} levels")
    if others:
        named = ", ".join(others)
        evidence = Title(zh=f"有与本人销售无关的报酬：{named}", en=f"pay that does not rest on own sales: {named}")
        return Decision(None, True, evidence, case=_on_anothers_sale(plan))
    if coupons := ", ".join(bonus.id for bonus in with_coupons(plan)):
        asked = Title(
            zh=f"邀请送券（{coupons}）是否属于“各种形式的奖励”而计入报酬，须问律师",
            en=f"whether coupons for inviting ({coupons}) are pay (各种形式的奖励) is for a lawyer",
        )
        return Decision(None, None, why=asked)
    return with_prizes(plan, limit, _on_own_sales(plan, limit, given))


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
