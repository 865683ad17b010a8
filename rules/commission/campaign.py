"""Campaigns 活动: multipliers on base rates for some days, by filter, and, where they have one, within a budget.

Between two days on which a campaign begins or ends nothing changes: such a stretch is a regime, one for every kind of
channel that campaigns tell apart. Multipliers of all campaigns of a regime are folded into one exact rate when the plan
is compiled, so an order needs one look-up.

A budget 预算 pays for what a campaign adds: the amount of an entry with its multiplier less the amount without, both
before caps. It is spent in the order of payments. The entry that crosses it gets what is left; from then on the
campaign multiplies nothing. A refund does not refill it: a campaign that was declared over stays over, and what it has
promised never exceeds the budget. At most one campaign with a budget may apply to the same goods at the same time, so
that what it adds is one number. A campaign that keeps its id in a later plan keeps what it has spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from rules.book import Rows
from rules.calendar import day_of
from rules.errors import InputError
from rules.jit import kernel
from rules.money import PPM, percent
from rules.plan.compiled import Compiled, Tables
from rules.plan.semantics import Semantics
from rules.plan.values import Day, Id, Multiplier, Section, Whole, Yuan

if TYPE_CHECKING:
    from rules.events import Names
    from rules.plan.model import Plan
    from rules.readable import State


class Multiply(Section):
    """What a campaign multiplies."""

    base: Multiplier


DayNumber = Annotated[Whole, Field(ge=0, le=36_500)]
"""Days since the start of plan or scenario, which is day 0; or the age of a product."""


def check_span(days: tuple[int, int] | None, dates: tuple[Day, Day] | None) -> None:
    """Refuse what is not one span of days or dates, forwards."""
    if (days is None) == (dates is None):
        raise ValueError("exactly one of days, dates is needed")
    first, last = days or dates  # type: ignore[misc]
    if first > last:  # type: ignore[operator]
        raise ValueError(f"the first day must not be after the last, got [{first}, {last}]")


class Campaign(Section):
    """A campaign 活动: a multiplier on base rates for some days, by filter, within a budget if it has one."""

    id: Id
    days: tuple[DayNumber, DayNumber] | None = None
    dates: tuple[Day, Day] | None = None
    categories: list[str] | None = None
    skus: list[str] | None = None
    ranks: list[str] | None = None
    channels: list[str] | None = None
    multiply: Multiply
    budget: Yuan | None = None

    @model_validator(mode="after")
    def _when(self) -> Self:
        check_span(self.days, self.dates)
        if self.budget is not None and self.multiply.base <= PPM:
            raise ValueError("a budget is for a campaign that multiplies by more than 1")
        return self


@dataclass(frozen=True)
class Regime:
    """A stretch of days with the same campaigns on.

    Attributes:
        first_day: days since 1970-01-01; the first regime begins before all time.
        campaigns: those that are on, in the order of the plan.
        last_day: the last regime ends after all time.
    """

    first_day: int
    campaigns: tuple[Campaign, ...]
    last_day: int = 10**9


class Factor(NamedTuple):
    """Something that multiplies a rate: its name in both languages, and by how many millionths."""

    zh: str
    en: str
    by: int


BEFORE_TIME = -(10**9)


def days_of(campaign: Campaign, start_day: int) -> tuple[int, int]:
    """First and last day of a campaign, in days since 1970-01-01."""
    if campaign.days is not None:
        return start_day + campaign.days[0], start_day + campaign.days[1]
    assert campaign.dates is not None
    return day_of(campaign.dates[0]), day_of(campaign.dates[1])


def regimes(plan: Plan, start_day: int, channel: str | None = None) -> list[Regime]:
    """The stretches of a plan's time for orders of one channel, earliest first; at least one.

    Args:
        plan: as written.
        start_day: day 0 of its campaigns.
        channel: None is a channel that no campaign names.
    """
    spans = [days_of(campaign, start_day) for campaign in plan.campaigns]
    begins = sorted({BEFORE_TIME} | {first for first, _ in spans} | {last + 1 for _, last in spans})
    ends = [day - 1 for day in begins[1:]] + [10**9]
    return [
        Regime(
            day,
            tuple(
                c
                for c, (first, last) in zip(plan.campaigns, spans, strict=True)
                if first <= day <= last and (c.channels is None or channel in c.channels)
            ),
            end,
        )
        for day, end in zip(begins, ends, strict=True)
    ]


def channel_kinds(plan: Plan, channels: Sequence[str]) -> tuple[list[str | None], list[int]]:
    """A channel of each kind that campaigns tell apart, first (None) one that none names; and each channel's kind."""

    def named(channel: str | None) -> tuple[bool, ...]:
        return tuple(channel in campaign.channels for campaign in plan.campaigns if campaign.channels is not None)

    kinds: dict[tuple[bool, ...], str | None] = {named(None): None}
    for channel in channels:
        kinds.setdefault(named(channel), channel)
    order = list(kinds)
    return list(kinds.values()), [order.index(named(channel)) for channel in channels]


def applies(campaign: Campaign, category: str | None, sku: str | None, rank: str) -> bool:
    """Whether a campaign's filters let goods and a payee's rank through."""
    return (
        (campaign.categories is None or category in campaign.categories)
        and (campaign.skus is None or sku in campaign.skus)
        and (campaign.ranks is None or rank in campaign.ranks)
    )


def counting(
    campaigns: Iterable[Campaign], category: str | None, sku: str | None, rank: str, semantics: Semantics
) -> list[Campaign]:
    """The campaigns that multiply a rate: all that apply, or the highest of them (`stack`)."""
    on = [campaign for campaign in campaigns if applies(campaign, category, sku, rank)]
    return on if semantics.stack == "add" else sorted(on, key=lambda campaign: campaign.multiply.base)[-1:]


def campaign_factors(campaigns: Iterable[Campaign]) -> list[Factor]:
    """What campaigns multiply a rate by."""
    return [Factor(f"活动 {one.id}", f"campaign {one.id}", one.multiply.base) for one in campaigns]


def folded(rate: int, factors: Sequence[Factor]) -> int:
    """A rate times all factors, in parts per million.

    Raises:
        InputError: the product is not a whole number of parts per million, or over 100 %.
    """
    product, scale = rate, 1
    for factor in factors:
        product, scale = product * factor.by, scale * PPM
    whole, rest = divmod(product, scale)
    if rest or whole > PPM:
        what = "over 100%" if whole > PPM else "not a whole number of parts per million"
        raise InputError(
            f"{' and '.join(factor.en for factor in factors)} on a rate of {percent(rate)} gives a rate that is {what}",
            allowed="products of at most 100% with at most four decimals of a percent",
        )
    return whole


def multiplied(
    rate: int, regime: Regime, category: str | None, sku: str | None, rank: str, semantics: Semantics
) -> int:
    """A rate times the multipliers of the campaigns that count, in parts per million; see `folded`."""
    return folded(rate, campaign_factors(counting(regime.campaigns, category, sku, rank, semantics)))


def plan_start(plan: Plan, start_day: int) -> int:
    """Day 0 of a plan's campaigns: its own start, or that of the scenario (days since 1970-01-01)."""
    return start_day if plan.start is None else day_of(plan.start)


def regime_on(plan: Plan, start_day: int, day: int, channel: str | None) -> Regime:
    """The regime that an order of a day and channel lies in: the readable rule."""
    return [regime for regime in regimes(plan, start_day, channel) if regime.first_day <= day][-1]


@kernel
def regime_of(plan: Tables, number: int, day: int, channel: int) -> int:
    """Which regime of plan `number` an order of a day and channel lies in."""
    found = 0
    rule = plan.plans[number]
    for index in range(1, rule.stretches):
        if plan.regime_from[number, index] <= day:
            found = index
    if rule.channel_kinds > 1:
        known = channel < plan.channel_kind.shape[1]
        return found * rule.channel_kinds + (plan.channel_kind[number, channel] if known else 0)
    return found


def budget_ids(plans: Sequence[Plan]) -> list[str]:
    """The campaigns that have a budget, each id once: their places are the accounts of `Book.budgets`."""
    return list(dict.fromkeys(one.id for plan in plans for one in plan.campaigns if one.budget is not None))


def budget_clashes(plan: Plan) -> Iterator[tuple[int, int]]:
    """Pairs of campaigns with a budget each that may apply to the same goods on the same day, by number."""
    budgeted = [(number, one) for number, one in enumerate(plan.campaigns) if one.budget is not None]
    for place, (second, later) in enumerate(budgeted):
        for first, earlier in budgeted[:place]:
            if _same_time(plan, earlier, later) and not _set_apart(earlier, later):
                yield first, second


APART = "one budget for the same goods on the same day: other days, categories, skus, ranks or channels"


def clash_message(plan: Plan, first: int, second: int) -> str:
    """What is wrong with two campaigns with a budget each."""
    one, other = plan.campaigns[first].id, plan.campaigns[second].id
    return f"campaigns {one!r} and {other!r} both spend a budget on the same goods"


def _same_time(plan: Plan, one: Campaign, other: Campaign) -> bool:
    """Whether two campaigns have a day in common; days and dates compare only where the plan says what day 0 is."""
    if (one.days is None) != (other.days is None) and plan.start is None:
        return True
    first, second = (days_of(campaign, plan_start(plan, 0)) for campaign in (one, other))
    return first[0] <= second[1] and second[0] <= first[1]


def _set_apart(one: Campaign, other: Campaign) -> bool:
    """Whether some filter of two campaigns lets nothing through that both take."""
    for name in ("categories", "skus", "ranks", "channels"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None and not set(mine) & set(theirs):
            return True
    return False


def fill_campaigns(tables: Compiled, number: int, plan: Plan, plans: Sequence[Plan], names: Names) -> None:
    """Write budgets and kinds of channels into the tables of plan `number`."""
    kinds, kind_of = channel_kinds(plan, names.channels)
    tables.plans[number]["channel_kinds"] = len(kinds)
    tables.channel_kind[number, : len(kind_of)] = kind_of
    accounts = budget_ids(plans)
    for first, second in budget_clashes(plan):
        raise InputError(clash_message(plan, first, second), allowed=APART)
    for place, campaign in enumerate(plan.campaigns):
        if campaign.budget is not None:
            tables.plans[number]["budgets"] = 1
            tables.campaigns[number, place] = (campaign.budget, accounts.index(campaign.id))


@kernel
def spend(book: Rows, plan: Tables, number: int, campaign: int, extra: int) -> int:
    """Take what a campaign adds to an entry out of its budget; returns what there was."""
    rule = plan.campaigns[number, campaign]
    granted = max(0, min(extra, rule.budget - book.budgets[rule.account]))
    book.budgets[rule.account] += granted
    return granted


def spend_budget(state: State, campaign: Campaign, extra: int) -> int:
    """Take what a campaign adds to an entry out of its budget: the readable rule. Returns what there was."""
    assert campaign.budget is not None
    spent = state.budgets.get(campaign.id, 0)
    granted = min(extra, campaign.budget - spent) if spent < campaign.budget else 0
    state.budgets[campaign.id] = spent + granted
    return granted
