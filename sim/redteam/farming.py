"""Abuse without sales: accounts, shares, points, coupons and clicks that cost nothing."""

from __future__ import annotations

from collections.abc import Mapping

from rules.commission.bonus import Bonus
from rules.plan.model import Plan
from sim.redteam.moves import Play
from sim.redteam.space import Space, amounts, counts, entries, goods
from sim.redteam.world import World

SHIPPING = 2
"""Days from payment until goods can be there."""
STAR = 10_000
"""One account that brings all others."""
_PERIODS = ["day", "week", "month"]


def pays_for_people(bonus: Bonus) -> bool:
    """Whether a bonus pays money for accounts alone."""
    if bonus.event == "invites":
        return bonus.money > 0 and bonus.counted != "first_order"
    return bonus.event in ("register", "direct_team") and bool(bonus.money or bonus.allowance)


def star_space(world: World) -> Space:
    """One account brings all others."""
    most = world.means.accounts
    return {"accounts": counts(most), "branch": [STAR], "a_day": [0, 1, 2, 5], "entry": entries(world)}


def tree_space(world: World) -> Space:
    """Every account brings some others."""
    return star_space(world) | {"branch": counts(max(1, world.means.accounts - 1))}


def register_many(play: Play, numbers: Mapping[str, int]) -> None:
    """Register accounts, some a day; wait for what is paid, and for a close if titles bring allowances."""
    qualify(play, range(1), numbers["entry"])
    play.team(numbers["accounts"], numbers["branch"], numbers["a_day"])
    if any(bonus.allowance for bonus in play.world.plan.bonuses):
        play.wait_for_close("month")
    play.settle()
    play.cash_out()


def streak_space(world: World) -> Space:
    """Accounts that share on so many days in a row."""
    needed = [bonus.run for bonus in world.plan.bonuses if bonus.run]
    left = world.means.days - 14  # the last streak has to settle
    days = sorted({one * times for one in needed for times in (1, 2, 4, 8, left // one) if one * times <= left})
    return {"accounts": counts(world.means.accounts), "days": days or [1], "entry": entries(world)}


def keep_sharing(play: Play, numbers: Mapping[str, int]) -> None:
    """Every account shares a link on each day, and nobody buys."""
    play.team(numbers["accounts"], STAR)
    qualify(play, range(play.accounts), numbers["entry"])
    for day in range(numbers["days"]):
        for who in range(play.accounts):
            if day or who:  # the first has shared already, to bring the others
                play.share(who)
        play.wait(1)
    play.settle()
    play.cash_out()


def points_space(world: World) -> Space:
    """Accounts that collect points for so many days, and an order that they pay with them."""
    days = [one for one in (1, 7, 14, 30, 60, world.means.days - 1) if one < world.means.days]
    return {"accounts": counts(world.means.accounts), "days": days, "amount": amounts(world), "good": goods(world)}


def spend_points(play: Play, numbers: Mapping[str, int]) -> None:
    """Sign in and share on each day, then buy with as many points as an order takes."""
    play.team(numbers["accounts"], STAR)
    rule = play.world.plan.points
    assert rule is not None
    for _ in range(numbers["days"]):
        for who in range(play.accounts):
            play.sign_in(who)
            for _ in range(min(rule.earn.share_per_day or 1, 20)):
                play.share(who)
        play.wait(1)
    play.flush()
    good = play.world.goods[numbers["good"]]
    for who in range(play.accounts if numbers["days"] else 0):
        worth = int(play.engine.book.members[who]["points"]) * rule.value
        total = max(numbers["amount"], good.low)
        play.buy(who, good, total, points_off=min(worth, total * rule.max_share_of_order // 1_000_000))
    finish_sales(play)


def coupon_space(world: World) -> Space:
    """Accounts, and an order for each coupon that they get."""
    return {"accounts": counts(world.means.accounts), "amount": amounts(world), "good": goods(world)}


def use_coupons(play: Play, numbers: Mapping[str, int]) -> None:
    """Register accounts and buy with the coupons that this brings them; the goods are kept."""
    play.team(numbers["accounts"], STAR)
    play.flush()
    names = play.world.names.coupons
    held = [(int(row["member"]), names[row["coupon"]]) for row in play.engine.book.rows("coupons")]
    for who, coupon in held if numbers["amount"] else []:
        play.buy(who, play.world.goods[numbers["good"]], numbers["amount"], use=coupon)
    finish_sales(play)


def path_space(world: World) -> Space:
    """How many clicks of own accounts, on how many days, and what the last one buys."""
    accounts = counts(world.means.accounts, 3)
    return {"accounts": accounts, "days": [1, 7, 30], "amount": amounts(world), "good": goods(world)}


def click_around(play: Play, numbers: Mapping[str, int]) -> None:
    """Accounts click on each other's shares, others add clicks, and the last one buys, day after day.

    All are bound to the first: whoever stands in the middle has promoted nothing.
    """
    rule = play.world.plan.commission.influence
    assert rule is not None
    play.team(numbers["accounts"], STAR)
    last = min(rule.path, play.accounts) - 1
    for _ in range(max(1, rule.clicks // max(1, play.accounts - 1))):
        for who in range(last + 1, play.accounts):
            play.click(rule.node - 1, who)
    for _ in range(numbers["days"]):
        for number in range(1, last + 1):
            play.click(number - 1, number)
        play.buy(last, play.world.goods[numbers["good"]], numbers["amount"])
        play.wait(1)
    finish_sales(play)


def qualify(play: Play, who: range, amount: int) -> None:
    """Accounts buy what lets them in, and get their money back before anything is shipped."""
    if amount == 0:
        return
    if not play.told:
        play.share(0)
    good = min(play.world.goods, key=lambda one: one.low)
    for account in who:
        play.refund(play.buy(account, good, amount))


def finish_sales(play: Play) -> None:
    """Receive everything, wait for closes and the hold, and take the money out."""
    play.wait(SHIPPING)
    for order in play.orders:
        play.receive(order)
    close_period(play)
    play.settle()
    play.cash_out()


def close_period(play: Play) -> None:
    """Wait for the close of the longest period in which the plan pays on volumes, if it does."""
    period = longest_period(play.world.plan)
    if period is not None:
        play.wait_for_close(period)


def longest_period(plan: Plan) -> str | None:
    """The longest period of ladder, team and dividend; None if the plan has none of them."""
    parts = (plan.commission.ladder, plan.commission.team, plan.commission.dividend)
    return max((part.period for part in parts if part), key=_PERIODS.index, default=None)
