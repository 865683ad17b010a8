"""Small plans as z3 sees them: whether an order that pays so much, or less, is over a limit; what a ladder releases.

Written from docs/plan.md for plans of `small_plans` without what is beyond: it shares no arithmetic with the decider.
"""

from __future__ import annotations

import z3

from rules.commission.base import Fixed, stated_rate
from rules.commission.campaign import counting, regimes
from rules.plan.model import Plan

PPM = 1_000_000
START = 20_458


def over_limit(plan: Plan, limit: int, lines: int, *, paid: int | None = None, below: int | None = None) -> bool | None:
    """Whether an order of so many lines is over the limit: one that pays exactly `paid`, or less than `below`.

    Without either: any order that pays something. None = z3 does not know.
    """
    solver = z3.Solver()
    solver.set("timeout", 60_000)
    total_paid = z3.Int("paid")
    if paid is not None:
        solver.add(total_paid == paid)
    else:
        solver.add(total_paid >= 1)
    if below is not None:
        solver.add(total_paid < below)
    solver.add(z3.Or(*[_kind_of_day(plan, limit, lines, total_paid, day) for day in _days(plan)]))
    answer = solver.check()
    return None if answer == z3.unknown else answer == z3.sat


def releases_over(plan: Plan, limit: int) -> bool | None:
    """Whether an order that takes some volume to a bracket further up releases more than `limit` fen on that volume.

    None = z3 does not know.
    """
    ladder = plan.commission.ladder
    assert ladder is not None
    solver, volume, ways = z3.Solver(), z3.Int("volume"), []
    mode, starts = plan.semantics.rounding_of(0), [bracket.from_ for bracket in ladder.brackets]
    for low, below in enumerate(ladder.brackets):
        for high, above in enumerate(ladder.brackets):
            if low < high and ladder.mode == "whole":
                rules = [volume >= 1, volume >= starts[low], volume < starts[low + 1]]
                before = _quotient(f"{low}.{high}.before", volume * below.rate, mode, rules)
                after = _quotient(f"{low}.{high}.after", volume * above.rate, mode, rules)
                ways.append(z3.And(*rules, after - before > limit))
    solver.add(z3.Or(*ways))
    answer = solver.check()
    return None if answer == z3.unknown else answer == z3.sat


def _days(plan: Plan) -> list[int]:
    return sorted({regime.first_day for regime in regimes(plan, START) if regime.first_day >= START} | {START})


def _kind_of_day(plan: Plan, limit: int, lines: int, total_paid: z3.ArithRef, day: int) -> z3.BoolRef:
    ranks = [z3.Int(f"rank.{place}") for place in range(plan.depth)]  # -1: somebody who may not be paid
    goods = [z3.Int(f"goods.{day}.{line}") for line in range(lines)]
    paid = [z3.Int(f"paid.{day}.{line}") for line in range(lines)]
    off = z3.Int(f"off.{day}")
    rules: list[z3.BoolRef] = [z3.And(rank >= -1, rank < len(plan.ranks)) for rank in ranks]
    rules += [z3.And(one >= 1, part >= 0, part <= one) for one, part in zip(goods, paid, strict=True)]
    coupons = [z3.And(off == one.amount, z3.Sum(goods) >= one.over) for one in plan.coupons.values()]
    coupons += [z3.And(off >= 0, off <= one.amount, off == z3.Sum(goods)) for one in plan.coupons.values()]
    rules += [z3.Or(off == 0, *coupons), z3.Sum(goods) - off == total_paid, z3.Sum(paid) == total_paid]
    amounts: list[z3.ArithRef] = []
    for line in range(lines):
        base = goods[line] if plan.semantics.base_on == "list" else paid[line]
        amounts += _line(plan, day, line, base, ranks, rules)
    amounts += [_first_bonus(plan, ranks)] if plan.depth else []
    total = z3.Sum(amounts)
    rules.append(total * PPM > limit * total_paid)
    if plan.caps.order_ratio is not None:
        cap = _quotient(f"cap.{day}", total_paid * plan.caps.order_ratio, "floor", rules)
        rules.append(cap * PPM > limit * total_paid)
    return z3.And(*rules)


def _line(
    plan: Plan, day: int, line: int, base: z3.ArithRef, ranks: list[z3.ArithRef], rules: list[z3.BoolRef]
) -> list[z3.ArithRef]:
    """The amounts of one line: of goods in a category, for people of these ranks."""
    assert plan.commission.base
    regime = [one for one in regimes(plan, START) if one.first_day <= day][-1]
    amounts: list[z3.ArithRef] = []
    food = z3.Bool(f"food.{day}.{line}")
    pieces = z3.Int(f"pieces.{day}.{line}")
    goods = z3.Int(f"goods.{day}.{line}")
    rules += [pieces >= 1, pieces <= goods]
    first: z3.ArithRef = z3.IntVal(0)
    reached: z3.BoolRef = z3.BoolVal(True)
    for settings in sorted(plan.commission.base.levels, key=lambda one: one.level):
        if settings.level > plan.depth:
            break
        name, amount = f"{day}.{line}.{settings.level}", z3.Int(f"amount.{day}.{line}.{settings.level}")
        more = z3.Int(f"more.{name}")
        ways: list[z3.BoolRef] = [z3.And(amount == 0, more == 0)]
        rounding = plan.semantics.rounding_of(settings.level)
        eligible: list[z3.BoolRef] = []
        for number, rank in enumerate(one.id for one in plan.ranks):
            if settings.ranks is not None and rank not in settings.ranks:
                continue
            eligible.append(ranks[settings.level - 1] == number)
            for category in ("food", "other"):
                stated = stated_rate(settings, category, None, rank, plan.semantics)
                if stated is None:
                    continue
                way = [ranks[settings.level - 1] == number, food if category == "food" else z3.Not(food)]
                here = f"{name}.{rank}.{category}"
                if isinstance(stated, Fixed):
                    way.append(amount == stated.fixed * pieces)
                else:
                    of = base if settings.of == "sale" else first
                    rate = stated.rate
                    if settings.of == "sale":
                        for campaign in counting(regime.campaigns, category, None, rank, plan.semantics):
                            rate = rate * campaign.multiply.base // PPM
                    part = _quotient(here, of * rate, rounding, way)
                    least = z3.If(z3.And(of > 0, part < settings.minimum), settings.minimum, part)
                    way.append(amount == least)
                extra: z3.ArithRef = z3.IntVal(0)
                for place, bonus in enumerate(plan.bonuses):
                    if bonus.event == "new_promoter" and number > 0:
                        extra = extra + _quotient(f"{here}.{place}", amount * (bonus.rate or 0), rounding, way)
                way.append(more == extra)
                ways.append(z3.And(*way))
        rules.append(z3.Or(*ways))
        if plan.semantics.ineligible_level != "skip":  # then nobody further up is paid, or somebody takes the place
            rules.append(z3.Implies(z3.Not(reached), z3.And(amount == 0, more == 0)))
        reached = z3.And(reached, z3.Or(*eligible))
        rules.append(z3.Implies(z3.Not(z3.Or(*eligible)), z3.And(amount == 0, more == 0)))
        amounts += [amount, more]
        if settings.level == 1:
            first = amount
    return amounts


def _first_bonus(plan: Plan, ranks: list[z3.ArithRef]) -> z3.ArithRef:
    pays = sum(one.money for one in plan.bonuses if one.event in ("first_promoted_order", "first_order_of_day"))
    return z3.If(ranks[0] >= 0, z3.IntVal(pays), z3.IntVal(0))


def _quotient(name: str, product: z3.ArithRef, rounding: str, rules: list[z3.BoolRef]) -> z3.ArithRef:
    """A product in fen × parts per million as whole fen: a new number, and what holds for it."""
    whole = z3.Int(f"q.{name}")
    rest = product - whole * PPM
    if rounding == "floor":
        rules.append(z3.And(rest >= 0, rest < PPM))
    elif rounding == "ceil":
        rules.append(z3.And(rest > -PPM, rest <= 0))
    elif rounding == "half_up":
        rules.append(z3.And(2 * rest >= -PPM, 2 * rest < PPM))
    else:
        even = z3.Int(f"even.{name}")
        rules.append(z3.And(2 * rest >= -PPM, 2 * rest <= PPM))
        rules.append(z3.Implies(z3.Or(2 * rest == PPM, 2 * rest == -PPM), whole == 2 * even))
    return whole
