"""From plans as read to the tables of the compiled engine. What a table cannot hold exactly is refused here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.commission.activity import fill_activity
from rules.commission.base import BaseLevel, Fixed, left_out, stated_rate
from rules.commission.basis import fill_basis
from rules.commission.bonus import bonus_table
from rules.commission.campaign import (
    Campaign,
    Regime,
    campaign_factors,
    channel_kinds,
    counting,
    fill_campaigns,
    folded,
    plan_start,
    regimes,
)
from rules.commission.chain import fill_chain
from rules.commission.contest import contest_table, prize_table, race_table
from rules.commission.dividend import fill_dividend
from rules.commission.duration import fill_duration
from rules.commission.dynamic import fill_dynamic
from rules.commission.influence import influence_table
from rules.commission.product_age import fill_ages
from rules.commission.variant import variant_factors, variants
from rules.commission.volume import TEAM_VOLUME
from rules.commission.whole_order import fill_whole_order
from rules.errors import InputError
from rules.events import DAY, Names, Period, Records
from rules.moments import fill_moments
from rules.money import PPM, Rounding
from rules.payout.channel import channel_of
from rules.payout.credit import fill_credit
from rules.payout.dispute import fill_disputes
from rules.payout.shares import fill_shares
from rules.payout.tax import compiled_tables, covered, mask_of
from rules.people.coupons import coupon_table
from rules.people.points import gift_table, points_table
from rules.people.promoter import fill_promoter
from rules.people.rank import fill_rank, joins, mask
from rules.people.target import COUNTS, TargetRule, meters_of
from rules.plan.compiled import (
    BAND,
    BRACKET,
    CAMPAIGN,
    DIVIDEND,
    DYNAMIC,
    METER,
    NONE,
    PLAN,
    RANK,
    SLOT,
    Compiled,
)
from rules.plan.limits import MAX_LEVELS, MAX_RANKS, MAX_RATES, MOMENTS
from rules.plan.model import Plan
from rules.records import Component

MEASURES = {"personal_volume": 0, "promoted_volume": 1, "direct_team_volume": 2, "team_volume": 3}
_MONTHLY = MEASURES | COUNTS
_CHANNEL = {
    "channel_minimum": "minimum",
    "channel_payment": "per_payment",
    "channel_day": "per_day",
    "channel_count": "payments_per_day",
    "channel_shop_day": "shop_per_day",
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def compile_plans(plans: Sequence[Plan], names: Names, start_day: int) -> Compiled:
    """Compile plans that may follow or stand beside each other in one world.

    Args:
        plans: at least one; the first is in force when the book opens.
        names: categories, skus and rank names that events use as numbers.
        start_day: what `days: [0, …]` of a campaign counts from, in days since 1970-01-01.

    Raises:
        InputError: a rate, with all that multiplies it, is not a whole number of parts per million or over 100 %; or
            there are more rates than a book can hold.
    """
    meters = _meters(plans)
    stretches = [_regimes(plan, names, start_day) for plan in plans]
    blocks = [_blocks(plan, names) for plan in plans]
    width = 1 + len(names.categories)
    most_ranks = max(len(plan.ranks) for plan in plans)
    goods = width * (1 + max(map(len, blocks)))
    priced = (len(plans), goods, most_ranks) if any(p.commission.margin for p in plans) else (1, 1, 1)
    shape = (max(map(len, stretches)), max(len(variants(p)) for p in plans), goods, MAX_LEVELS + 1, most_ranks)
    _refuse_too_many(len(plans), shape)
    budgets = any(one.budget is not None for plan in plans for one in plan.campaigns)
    most_slots = max(1, *(len(_slots(plan)) for plan in plans))
    most_brackets = max([1] + [len(ladder.brackets) for p in plans if (ladder := p.commission.ladder)])
    tables = Compiled(
        plans=np.zeros(len(plans), PLAN),
        ranks=np.full((len(plans), most_ranks, RANK.itemsize // 8), NONE, np.int64).view(RANK)[..., 0],
        rates=np.full((len(plans), *shape), NONE, np.int64),
        plain_rates=np.full((len(plans), *shape) if budgets else (1,) * 6, NONE, np.int64),
        budgeted=np.full((len(plans), shape[0], goods, most_ranks) if budgets else (1,) * 4, NONE, np.int64),
        fixed=np.full((len(plans), *shape[2:]), NONE, np.int64),
        sku_block=np.zeros((len(plans), max(1, len(names.skus))), np.int64),
        regime_from=np.zeros((len(plans), shape[0]), np.int64),
        channel_kind=np.zeros((len(plans), max(1, len(names.channels))), np.int64),
        campaigns=np.full((len(plans), max(1, *(len(p.campaigns) for p in plans)), 2), NONE, np.int64).view(CAMPAIGN)[
            ..., 0
        ],
        launched=np.full((len(plans), max(1, len(names.skus))), NONE, np.int64),
        bands=np.zeros((len(plans), 16), BAND),
        dividends=np.full((len(plans), 3 + MAX_RANKS), NONE, np.int64).view(DIVIDEND)[..., 0],
        dynamics=np.full((len(plans), 3), NONE, np.int64).view(DYNAMIC)[..., 0],
        slots=np.zeros((len(plans), most_slots), SLOT),
        brackets=np.zeros((len(plans), most_slots, most_brackets), BRACKET),
        meters=np.array(meters or [(0, Period.month)], METER),
        bonuses=bonus_table(plans, names),
        races=race_table(plans, start_day),
        contests=contest_table(plans, start_day),
        prizes=prize_table(plans),
        points=points_table(plans),
        influence=influence_table(plans),
        coupons=coupon_table(plans, names),
        gifts=gift_table(plans, names),
        taxes=compiled_tables(),
        rank_named=np.full((len(plans), max(1, len(names.ranks))), NONE, np.int64),
        rank_moved=np.zeros((len(plans), len(plans), most_ranks), np.int64),
        grade_rates=np.full(priced, NONE, np.int64),
        grade_prices=np.full(priced, NONE, np.int64),
        area_around=np.full((len(plans), max(1, len(names.areas))), NONE, np.int64),
    )
    for number, plan in enumerate(plans):
        _scalars(tables.plans[number : number + 1], plan)
        tables.plans[number]["categories"] = len(names.categories)
        tables.plans[number]["pools"] = any(one.commission.dividend for one in plans)
        tables.plans[number]["team_volumes"] = any(measure == TEAM_VOLUME for measure, _ in meters)
        tables.plans[number]["late_uplines"] = any(MOMENTS.index(one.semantics.upline_at(2)) > 1 for one in plans)
        _ranks(tables.ranks[number], plan, meters)
        fill_moments(tables.plans[number : number + 1], plan)
        fill_promoter(tables.plans[number : number + 1], plan)
        fill_disputes(tables.plans[number : number + 1], plan)
        fill_campaigns(tables, number, plan, plans, names)
        fill_ages(tables, number, plan, names)
        fill_dynamic(tables, number, plan)
        fill_dividend(tables, number, plan)
        _rates(tables, number, plan, names, stretches[number], blocks[number])
        _periods(tables, number, plan, meters)
        _rank_names(tables, number, plans, names)
        fill_chain(tables, number, plan, names, blocks[number])
    return tables


def _slots(plan: Plan) -> list[tuple[Component, str, str]]:
    found: list[tuple[Component, str, str]] = []
    if plan.commission.ladder:
        found.append((Component.ladder, plan.commission.ladder.measure, plan.commission.ladder.period))
    if plan.commission.team:
        found.append((Component.team, plan.commission.team.measure, plan.commission.team.period))
    return found


def _targets(plan: Plan) -> list[TargetRule]:
    return [rule for rank in plan.ranks for rule in (rank.promote, rank.demote) if rule]


def _meters(plans: Sequence[Plan]) -> list[tuple[int, int]]:
    """Every (measure, period) that some plan needs, each once, in a fixed order."""
    needed = {(MEASURES[measure], int(Period[period])) for p in plans for _, measure, period in _slots(p)}
    needed |= {(_MONTHLY[name], int(Period.month)) for p in plans for rule in _targets(p) for name in meters_of(rule)}
    return sorted(needed)


def _regimes(plan: Plan, names: Names, start_day: int) -> list[Regime]:
    """The regimes of a plan by number: stretch by stretch, one for every kind of channel."""
    kinds, _ = channel_kinds(plan, names.channels)
    found = [regimes(plan, plan_start(plan, start_day), channel) for channel in kinds]
    return [one for stretch in zip(*found, strict=True) for one in stretch]


def _refuse_too_many(plans: int, shape: tuple[int, ...]) -> None:
    regimes_, kinds, goods, levels, ranks = shape
    rates = plans * regimes_ * kinds * goods * levels * ranks
    if rates > MAX_RATES:
        raise InputError(
            f"{regimes_} combinations of campaigns, {kinds} of product ages, {goods} of goods with rates of their own "
            f"and {ranks} ranks make {rates:,} rates",
            allowed=f"at most {MAX_RATES:,}",
        )


def _blocks(plan: Plan, names: Names) -> list[str]:
    """Skus with settings of their own; each gets a block of classes, one per category."""
    own = {sku for level in _levels(plan) for sku in level.skus}
    own |= {sku for campaign in plan.campaigns for sku in campaign.skus or []}
    own |= set(plan.commission.margin.skus) if plan.commission.margin else set()
    return [sku for sku in names.skus if sku in own]


def _levels(plan: Plan) -> list[BaseLevel]:
    return plan.commission.base.levels if plan.commission.base else []


def _scalars(row: Records, plan: Plan) -> None:
    semantics, settlement, caps = plan.semantics, plan.settlement, plan.caps
    row["depth"] = plan.depth
    for fill in (fill_basis, fill_whole_order, fill_activity, fill_duration, fill_shares, fill_credit):
        fill(row, plan)
    row["rounding"][0] = [Rounding[semantics.rounding_of(level)] for level in range(MAX_LEVELS + 1)]
    for level in _levels(plan):
        row["minimum"][0, level.level] = level.minimum
        row["of_level_1"][0, level.level] = level.of == "level_1_commission"
    row["hold_from"] = ("create", "pay", "receipt").index(semantics.hold_from)
    row["hold_seconds"] = settlement.hold_days * DAY
    row["hold_after"] = semantics.hold_boundary == "after"
    row["cycle_every"] = Period[settlement.cycle.every]
    row["cycle_weekday"] = _WEEKDAYS.index(settlement.cycle.weekday)
    row["cycle_at"] = settlement.cycle.at
    row["auto_receive_seconds"] = settlement.auto_receive_days * DAY
    row["ineligible"] = ("skip", "stop", "compress").index(semantics.ineligible_level)
    row["partial_refund"] = ("pro_rata", "cancel_line", "cancel_order", "none").index(semantics.partial_refund)
    policies = ("negative_balance", "cap_at_balance", "none", "cap_at_wallet")
    row["after_payout"] = policies.index(semantics.refund_after_payout)
    row["late_refund"] = ("recompute", "at_paid_rate", "keep").index(semantics.late_refund)
    row["self_purchase"] = semantics.self_purchase == "as_level_1"
    row["clawback_rounding"] = Rounding[semantics.clawback_rounding]
    row["fee_rounding"] = Rounding[semantics.fee_rounding]
    row["order_ratio"] = NONE if caps.order_ratio is None else caps.order_ratio
    row["trim"] = ("far_levels_first", "pro_rata", "bonuses_first").index(caps.trim)
    row["member_day"] = NONE if caps.member_day is None else caps.member_day
    row["member_month"] = NONE if caps.member_month is None else caps.member_month
    row["defer"] = caps.over_cap == "defer"
    _attribution(row, plan)
    _withdrawal(row, plan)
    row["slots"], row["bonuses"], row["variants"] = len(_slots(plan)), len(plan.bonuses), len(variants(plan))
    row["ranks"], row["joins"], row["contests"] = len(plan.ranks), joins(plan.ranks), len(plan.contests)


def _attribution(row: Records, plan: Plan) -> None:
    rule = plan.attribution
    row["new_only"] = rule.who == "new"
    row["bind_on"] = ("register", "first_click", "first_order", "invite_code").index(rule.bind_on)
    mode, days = rule.keep
    row["keep_seconds"] = days * DAY if mode == "days" else NONE
    row["last_click"] = mode == "last_click"
    mode, days = rule.on_conflict
    row["conflict"] = ("keep", "override", "protect").index(mode)
    row["protect_seconds"] = days * DAY


def _withdrawal(row: Records, plan: Plan) -> None:
    rule = plan.withdrawal
    row["withdraw_minimum"] = rule.minimum
    row["withdraw_maximum"] = NONE if rule.maximum is None else rule.maximum
    row["withdraw_per_day"] = NONE if rule.per_day is None else rule.per_day
    row["withdraw_fee"] = rule.fee
    row["withdraw_real_name"] = rule.real_name
    row["withdraw_tax_registered"] = rule.tax_registered
    row["withdraw_review_over"] = NONE if rule.review_over is None else rule.review_over
    row["withdraw_per_month"] = NONE if rule.per_month is None else rule.per_month
    row["withdraw_e_signature"] = rule.e_signature
    row["tax"], (row["tax_from"], row["tax_to"]) = mask_of(rule.tax), covered(rule.tax)
    channel = channel_of(rule)
    for field, name in _CHANNEL.items():
        limit = None if channel is None else getattr(channel, name)
        row[field] = NONE if limit is None else limit


def _ranks(rows: Records, plan: Plan, meters: list[tuple[int, int]]) -> None:
    def meter_of(measure: str) -> int:
        return meters.index((_MONTHLY[measure], int(Period.month)))

    for number, rank in enumerate(plan.ranks):
        paid = [level.level for level in _levels(plan) if (mask(plan, level.ranks) >> number) & 1]
        fill_rank(rows[number : number + 1], rank, 1 + sum(1 << level for level in paid), meter_of)


def _rates(tables: Compiled, number: int, plan: Plan, names: Names, stretches: list[Regime], own: list[str]) -> None:
    kinds = int(tables.plans[number]["channel_kinds"])
    starts = [regime.first_day for regime in stretches[::kinds]]
    tables.plans[number]["stretches"] = len(starts)
    tables.regime_from[number, : len(starts)] = starts
    categories: list[str | None] = [None, *names.categories]
    skus: list[str | None] = [None, *own]
    for block, sku in enumerate(skus):
        if sku is not None:
            tables.sku_block[number, names.skus.index(sku)] = block
        for place, category in enumerate(categories):
            goods = (block * len(categories) + place, category, sku)
            for level in _levels(plan):
                for rank in enumerate(rank.id for rank in plan.ranks):
                    _fill(tables, number, plan, level, goods, rank, stretches)


def _fill(
    tables: Compiled,
    number: int,
    plan: Plan,
    level: BaseLevel,
    goods: tuple[int, str | None, str | None],
    rank: tuple[int, str],
    stretches: list[Regime],
) -> None:
    place, category, sku = goods
    stated = None if left_out(plan, level, sku) else stated_rate(level, category, sku, rank[1], plan.semantics)
    if isinstance(stated, Fixed):
        tables.fixed[number, place, level.level, rank[0]] = stated.fixed
    elif stated is not None:
        for index, regime in enumerate(stretches):
            if level.of != "sale":  # the commission of level 1 is multiplied already
                tables.rates[number, index, :, place, level.level, rank[0]] = stated.rate
                continue
            goods_of = (category, sku, rank[1], plan.semantics)
            on = counting(regime.campaigns, *goods_of)
            budgeted = [campaign for campaign in on if campaign.budget is not None]
            at = (place, level.level, rank[0])
            _fill_variants(tables.rates[number, index], at, plan, stated.rate, (regime, on), sku)
            if budgeted:
                tables.budgeted[number, index, place, rank[0]] = plan.campaigns.index(budgeted[0])
                plain = counting([one for one in regime.campaigns if one is not budgeted[0]], *goods_of)
                _fill_variants(tables.plain_rates[number, index], at, plan, stated.rate, (regime, plain), sku)


def _fill_variants(
    rates: NDArray[np.int64],
    at: tuple[int, int, int],
    plan: Plan,
    rate: int,
    on: tuple[Regime, list[Campaign]],
    sku: str | None,
) -> None:
    """Fold a rate for every variant that a product can be of while a regime's campaigns are on."""
    regime, campaigns = on
    age = plan.commission.base.product_age if plan.commission.base else None
    for variant, (band, raised) in enumerate(variants(plan)):
        if band is None or (age and age.may_hold(band, regime, sku)):
            factors = campaign_factors(campaigns) + variant_factors(plan, band, raised)
            rates[(variant, *at)] = folded(rate, factors)


def _periods(tables: Compiled, number: int, plan: Plan, meters: list[tuple[int, int]]) -> None:
    for place, (component, measure, period) in enumerate(_slots(plan)):
        slot = tables.slots[number, place : place + 1]
        ladder, team = plan.commission.ladder, plan.commission.team
        slot["component"], slot["measure"], slot["period"] = component, MEASURES[measure], Period[period]
        slot["meter"] = meters.index((MEASURES[measure], int(Period[period])))
        if component is Component.ladder:
            assert ladder
            slot["whole"], slot["ranks"] = ladder.mode == "whole", mask(plan, ladder.ranks)
            steps = [(bracket.from_, bracket.rate) for bracket in ladder.brackets]
        else:
            assert team
            slot["whole"], slot["ranks"] = True, mask(plan, team.ranks)
            steps = [(0, team.rate)]
        slot["brackets"] = len(steps)
        tables.brackets[number, place, : len(steps)] = steps


def _rank_names(tables: Compiled, number: int, plans: Sequence[Plan], names: Names) -> None:
    own = [rank.id for rank in plans[number].ranks]
    for place, name in enumerate(names.ranks):
        tables.rank_named[number, place] = own.index(name) if name in own else NONE
    for other, plan in enumerate(plans):
        theirs = [rank.id for rank in plan.ranks]
        for place, name in enumerate(own):
            tables.rank_moved[number, other, place] = theirs.index(name) if name in theirs else 0


assert PPM == 1_000_000
