"""Pay for bringing people 拉人头, and purchases that are asked for before anybody is paid 入门费."""

from __future__ import annotations

from collections.abc import Iterator

from rules.commission.bonus import Bonus
from rules.commission.contest import Contest
from rules.compliance.contests import most_in_all, top_prize, won
from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.witness import DAY, Witness
from rules.money import in_yuan, yuan
from rules.people.rank import Rank
from rules.plan.model import Plan
from rules.plan.values import Title

_MOST_PEOPLE = 500
"""People of a witness, at the most: a bonus for more of them is told without one."""
_FREE = Title(
    zh="无需本人购买即可取得佣金资格",
    en="somebody can be paid without a purchase of their own",
)


def recruit_pay(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """The most that anybody can earn for bringing people, whatever these buy, in fen; a coupon is what it takes off.

    A register bonus of the newcomer's own is no such pay. What is paid for every so many people has no bound. Pay to a
    mentor is by the number of apprentices, whatever the few orders are worth that each of them has to promote. That
    coupons count follows article 7 (1) of the regulation: pay, 包括物质奖励和其他经济利益, is more than money.
    """
    return _gains(plan, limit, [*_with_money(plan), *with_coupons(plan)])


def recruit_money(plan: Plan) -> Decision:
    """The same of money alone, against none at all."""
    return _gains(plan, 0, _with_money(plan))


def with_coupons(plan: Plan) -> list[Bonus]:
    """The bonuses that reward bringing people with a coupon."""
    coupons = plan.coupons
    return [one for one in plan.bonuses if one.recruits and one.coupon is not None and coupons[one.coupon].amount > 0]


def _with_money(plan: Plan) -> list[Bonus]:
    return [one for one in plan.bonuses if one.recruits and (one.money > 0 or one.allowance)]


def _gains(plan: Plan, limit: int, paying: list[Bonus]) -> Decision:
    """The most that these bonuses and the contests for new members come to for one person."""
    races = [contest for contest in plan.contests if contest.recruits]
    if races and not paying:
        return _prizes_for_people(plan, races, limit)
    if not paying:
        none = Title(zh="方案没有按人数的奖励", en="the plan pays nothing by the number of people")
        return Decision(0, False, why=none)
    endless = [bonus for bonus in paying if bonus.event != "direct_team" or bonus.allowance]
    worst = None if endless else sum(bonus.money for bonus in paying) + most_in_all(plan, races)
    if worst is not None and worst > limit >= sum(bonus.money for bonus in paying):
        return _prizes_for_people(plan, races, limit, worst)
    if worst is not None and worst <= limit:
        once = Title(zh="每个称号只发一次", en="each title pays once")
        return Decision(worst, False, why=once)
    shown = (endless or paying)[0]
    counted = 1 if shown.event == "apprentice" else shown.count or 1
    evidence = _told(plan, shown, counted)
    case = _brought(plan, shown, counted) if counted <= _MOST_PEOPLE else None
    return Decision(worst, True, evidence, case=case)


def _prizes_for_people(plan: Plan, races: list[Contest], limit: int, in_all: int | None = None) -> Decision:
    """The same of contests that count the people who are brought."""
    worst, best = most_in_all(plan, races) if in_all is None else in_all, max(races, key=top_prize)
    prize = yuan(top_prize(best))
    evidence = Title(
        zh=f"竞赛 {best.id} 按新注册会员数发奖：{prize}", en=f"contest {best.id} is won by new members: {prize}"
    )
    if worst <= limit:
        return Decision(worst, False, evidence, Title(zh="奖品数和轮数有限", en="there are so many prizes and rounds"))
    shown = won(plan, best)
    case = shown.told(shown.play().entries) if shown else None
    return Decision(worst, True if top_prize(best) > limit else None, evidence, case=case)


def _told(plan: Plan, bonus: Bonus, people: int) -> Title:
    """What a bonus gives for so many people."""
    if bonus.coupon is None:
        pay = yuan(bonus.money or bonus.allowance or 0)
        return Title(zh=f"奖励 {bonus.id}：每 {people} 人 {pay}", en=f"bonus {bonus.id}: {pay} for {people} people")
    off = yuan(plan.coupons[bonus.coupon].amount)
    return Title(
        zh=f"奖励 {bonus.id}：每 {people} 人送优惠券 {bonus.coupon}（抵 {off}），属于其他经济利益",
        en=f"bonus {bonus.id}: coupon {bonus.coupon}, {off} off, for {people} people: a benefit, if no money",
    )


def _brought(plan: Plan, bonus: Bonus, people: int) -> dict[str, object] | None:
    """Somebody brings so many people, who register (and buy for a fen where that counts)."""
    rank = (bonus.ranks or [plan.ranks[-1].id])[-1]
    witness = Witness(plan, f"{bonus.id}: {people}", [{"id": "inviter", "rank": rank}], [])
    if bonus.event == "apprentice":
        return _taught(witness, bonus)
    for number in range(people):
        witness.events.append({"at": f"{DAY} 10:00", "register": f"N{number}", "inviter": "inviter"})
        if bonus.counted == "first_order":
            witness.order(f"{DAY} 10:00", f"O{number}", f"N{number}", 1)
    if bonus.allowance and not bonus.money:
        witness.events.append({"at": f"{DAY} 12:00", "close": bonus.period or "month"})
    result = witness.play()
    if bonus.coupon is None:
        paid = any(entry.bonus == bonus.id for entry in result.entries)
        return witness.told(result.entries) if paid else None
    assert result.state
    held = [one.coupon for one in result.state.coupons]
    return witness.told(result.entries, {"inviter": [*held]}) if bonus.coupon in held else None


def _taught(witness: Witness, bonus: Bonus) -> dict[str, object] | None:
    """Somebody brings an apprentice, who promotes as many orders of a fen as the bonus asks for."""
    witness.events.append({"at": f"{DAY} 10:00", "register": "apprentice", "inviter": "inviter"})
    if (bonus.count or 1) > _MOST_PEOPLE:
        return None
    for number in range(bonus.count or 1):
        witness.people.append({"id": f"B{number}", "inviter": "apprentice"})
        witness.order(f"{DAY} 11:00", f"O{number}", f"B{number}", 1)
    entries = witness.play().entries
    return witness.told(entries) if any(entry.bonus == bonus.id for entry in entries) else None


def entry_purchase(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """What somebody has to buy themselves before they can be paid anything, in fen; a purchase at all is a fen.

    What an operator gives (a rank, an appointment) is no purchase, but nobody has a claim to it, so it does not count.
    """
    needed = _threshold(plan)
    if needed is None:
        ways = [cost for number in _paid_ranks(plan) if (cost := _cost(plan.ranks, number)) is not None]
        if not ways:
            nobody = Title(zh="只有平台授予的等级可得佣金", en="only ranks that an operator gives are paid")
            return Decision(0, False, why=nobody)
        needed = min(ways)
    if needed <= limit:
        return Decision(needed, False, why=_FREE if needed == 0 else Title(zh="", en=""))
    evidence = Title(
        zh=f"须先购买至少 {yuan(needed)} 才有佣金资格", en=f"a purchase of at least {yuan(needed)} comes first"
    )
    return Decision(needed, True, evidence, case=_before_and_after(plan, needed))


def _threshold(plan: Plan) -> int | None:
    """What the plan asks everybody to buy who is to be a promoter, whatever their rank; None if that goes by rank."""
    way, amount = plan.semantics.promoter_by
    return {"spend_over": amount + 1, "order_at_least": max(1, amount), "all": 0, "appointed": 0}.get(way)


def _paid_ranks(plan: Plan) -> list[int]:
    """The ranks that some component pays, by number."""
    order = [rank.id for rank in plan.ranks]
    paid = {name for named in _lists_of_ranks(plan) for name in (order if named is None else named)}
    return [number for number, name in enumerate(order) if name in paid]


def _lists_of_ranks(plan: Plan) -> Iterator[list[str] | None]:
    """For every component, the ranks that it pays; None is all."""
    parts = plan.commission
    yield from (level.ranks for level in (parts.base.levels if parts.base else []))
    yield from (part.ranks for part in (parts.ladder, parts.team) if part)
    yield from (bonus.ranks for bonus in plan.bonuses if bonus.money or bonus.allowance)
    yield from (contest.ranks for contest in plan.contests)
    if parts.differential:
        yield [rank for rank, rate in parts.differential.rates.items() if rate]
    if parts.dividend:
        yield list(parts.dividend.shares)
    if parts.margin or parts.area or parts.influence:
        yield None


def _cost(ranks: list[Rank], number: int) -> int | None:
    """What somebody buys to reach a rank by what they do, in fen; None where nobody can."""
    if number == 0:
        return 0
    ways = []
    if join := ranks[number].join:
        costs = [_cost_of(name, value) for name, value in join.thresholds.items()]
        ways.append(min(costs) if join.need == "any" else max(costs))
    below = _cost(ranks, number - 1)
    if (promote := ranks[number].promote) and below is not None:
        costs = [_cost_of(name, value) for name, value in promote.targets]
        ways.append(max(below, min(costs) if promote.need == "any" else max(costs)))
    return min(ways, default=None)


def _cost_of(measure: str, threshold: int) -> int:
    """What reaching a threshold costs the member themselves, in fen; an order costs a fen at least."""
    return threshold if measure in ("orders", "spend", "single_order", "personal_volume") else 0


def _before_and_after(plan: Plan, needed: int) -> dict[str, object] | None:
    """Somebody sells and is not paid; buys what is asked for; sells again and is."""
    people = [{"id": "seller"}, {"id": "buyer", "inviter": "seller"}]
    witness = Witness(plan, f"{in_yuan(needed)} first", people, [])
    witness.order(f"{DAY} 10:00", "O1", "buyer", 100_00)
    witness.order(f"{DAY} 11:00", "O2", "seller", needed)
    witness.order(f"{DAY} 12:00", "O3", "buyer", 100_00)
    entries = witness.play().entries
    paid = [entry.order for entry in entries if entry.member == "seller" and entry.component == "base"]
    return witness.told(entries) if paid == ["O3"] else None
