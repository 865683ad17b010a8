"""Contests 竞赛: a leaderboard of some days, round by round, whose first places win money, goods or a trip.

A round is a day, a week or a month of the calendar within the contest's days (the first and the last can be shorter),
or all of them (`once`). What counts is counted when it happens: an order when it is paid, for whoever its volume counts
for; a newcomer when they register, for whom they are bound to then. A team is everybody bound to its leader, so its
figure is counted one person further up: `direct_team_volume` is the `promoted_volume` of a team. A refund within the
round takes its part off again. Counting goes by the contest alone, not by the plan in force on the day: a later plan
that has the same contest (id, days, rounds, measure) goes on with the figures.

How a round ends stands in `contest_close`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, Self

import numpy as np
from pydantic import Field, model_validator

from rules.book import Rows
from rules.calendar import calendar_numbers, day_of, period_of
from rules.commission.campaign import DayNumber, check_span, plan_start
from rules.events import DAY, Period, Records, Row
from rules.jit import kernel
from rules.people.attribution import person_above
from rules.people.rank import mask
from rules.plan.compiled import CONTEST, NONE, PRIZE, RACE, Tables
from rules.plan.values import Day, Flag, Id, Section, Title, Whole, Yuan
from rules.readable import Order, Standing, State

if TYPE_CHECKING:
    from rules.plan.model import Plan

Place = Annotated[Whole, Field(ge=1, le=1_000)]
Every = Literal["day", "week", "month", "once"]
ContestMeasure = Literal["promoted_volume", "promoted_orders", "new_members", "direct_team_volume"]
VOLUMES: tuple[ContestMeasure, ...] = ("promoted_volume", "direct_team_volume")
"""Measures in fen; the others are counts."""
_HUNDRED = 100


class Prize(Section):
    """What some places win: money, or goods and trips 实物、旅游 with their value."""

    places: Place | tuple[Place, Place]
    pay: Yuan | None = None
    goods: Title | None = None
    value: Yuan | None = None

    @model_validator(mode="after")
    def _money_or_goods(self) -> Self:
        if self.first > self.last:
            raise ValueError(f"the first place must not be after the last, got [{self.first}, {self.last}]")
        if (self.pay is None) == (self.goods is None):
            raise ValueError("a prize is either pay, or goods with their value")
        if (self.value is None) != (self.goods is None):
            raise ValueError("goods have a value, and only goods do")
        if not (self.pay or self.value):
            raise ValueError("a prize is worth something")
        return self

    @property
    def first(self) -> int:
        """The first place that wins it."""
        return self.places if isinstance(self.places, int) else self.places[0]

    @property
    def last(self) -> int:
        """The last place that wins it."""
        return self.places if isinstance(self.places, int) else self.places[1]


class Contest(Section):
    """A contest 竞赛: when, what is compared between whom, and what the places win. `minimum` is yuan or a number."""

    id: Id
    title: Title | None = None
    days: tuple[DayNumber, DayNumber] | None = None
    dates: tuple[Day, Day] | None = None
    every: Every = "once"
    measure: ContestMeasure
    of: Literal["member", "team"] = "member"
    ranks: list[str] | None = None
    minimum: Yuan = 0
    pk: Flag = False
    prizes: Annotated[list[Prize], Field(min_length=1, max_length=32)]

    @model_validator(mode="after")
    def _when(self) -> Self:
        check_span(self.days, self.dates)
        return self

    @model_validator(mode="after")
    def _what(self) -> Self:
        if self.measure not in VOLUMES and self.minimum % _HUNDRED:
            raise ValueError(f"minimum is a whole number of {self.measure}")
        for before, after in zip(self.prizes, self.prizes[1:], strict=False):
            if after.first <= before.last:
                raise ValueError(f"place {after.first} comes after place {before.last}: places ascend, each once")
        if self.pk and (self.every == "once" or len(self.prizes) > 1 or self.prizes[0].places != 1):
            raise ValueError("pk pairs by the round before, and has one prize, of places: 1; every: day, week or month")
        return self

    @property
    def of_team(self) -> bool:
        """Whether what a team brings is compared."""
        return self.of == "team" or self.measure == "direct_team_volume"

    @property
    def recruits(self) -> bool:
        """Whether it rewards bringing people, by their number."""
        return self.measure == "new_members"

    @property
    def least(self) -> int:
        """The figure that is needed for a place: fen or a count, at least 1."""
        return max(1, self.minimum if self.measure in VOLUMES else self.minimum // _HUNDRED)

    @property
    def places(self) -> int:
        """The last place that wins something."""
        return self.prizes[-1].last


class Race(NamedTuple):
    """What is counted for a contest: contests that are alike in it, of whatever plan, share their figures."""

    id: str
    measure: int
    above: int
    every: Every
    first: int
    last: int


_VOLUME, _ORDERS, _PEOPLE = range(3)
_MEASURES = {
    "promoted_volume": _VOLUME,
    "direct_team_volume": _VOLUME,
    "promoted_orders": _ORDERS,
    "new_members": _PEOPLE,
}
_ONCE = 3


def race_of(contest: Contest, start: int) -> Race:
    """What is counted for a contest; `start` is day 0 of its plan."""
    if contest.days is not None:
        first, last = start + contest.days[0], start + contest.days[1]
    else:
        assert contest.dates is not None
        first, last = day_of(contest.dates[0]), day_of(contest.dates[1])
    return Race(contest.id, _MEASURES[contest.measure], int(contest.of_team), contest.every, first, last)


def races(plans: Sequence[Plan], start_day: int) -> list[Race]:
    """Everything that is counted for contests of some plan, each once."""
    found = [race_of(one, plan_start(plan, start_day)) for plan in plans for one in plan.contests]
    return list(dict.fromkeys(found))


def race_table(plans: Sequence[Plan], start_day: int) -> Records:
    """The races of all plans, `RACE`."""
    rows = [(r.measure, r.above, _every(r.every), r.first, r.last) for r in races(plans, start_day)]
    return np.array(rows, RACE)


def _every(every: Every) -> int:
    return _ONCE if every == "once" else int(Period[every])


def contest_table(plans: Sequence[Plan], start_day: int) -> Records:
    """The contests of all plans, `CONTEST`, (plans, contests)."""
    known = races(plans, start_day)
    table = np.full((len(plans), max(1, *(len(plan.contests) for plan in plans))), 0, CONTEST)
    for number, plan in enumerate(plans):
        for row, contest in zip(table[number], plan.contests, strict=False):
            row["race"] = known.index(race_of(contest, plan_start(plan, start_day)))
            row["ranks"], row["least"] = mask(plan, contest.ranks), contest.least
            row["pk"], row["places"], row["prizes"] = contest.pk, contest.places, len(contest.prizes)
    return table


def prize_table(plans: Sequence[Plan]) -> Records:
    """The prizes of all contests, `PRIZE`, (plans, contests, prizes)."""
    lists = [contest.prizes for plan in plans for contest in plan.contests]
    shape = (len(plans), max(1, *(len(plan.contests) for plan in plans)), max([1, *map(len, lists)]))
    table = np.zeros(shape, PRIZE)
    for number, plan in enumerate(plans):
        for place, contest in enumerate(plan.contests):
            rows = [(one.first, one.last, one.pay or 0, one.value or 0) for one in contest.prizes]
            table[number, place, : len(rows)] = rows
    return table


@kernel
def round_of(race: Row, day: int) -> int:
    """The round of a race that a day lies in: the number of its day, week or month, or 0 for one alone; else NONE."""
    if day < race.first or day > race.last:
        return NONE
    return period_of(day, race.every) if race.every < _ONCE else 0


@kernel
def _raise(book: Rows, plan: Tables, race: int, member: int, by: int, time: int) -> None:
    """Let a member's figure in the running round of a race rise."""
    number = round_of(plan.races[race], time // DAY)
    if number == NONE or member < 0:
        return
    standing = book.standings[race, member]
    if standing.round != number:
        standing.round, standing.figure = number, 0
    standing.figure += by
    standing.reached = time


@kernel
def enter_order(book: Rows, plan: Tables, order: int) -> None:
    """Count an order that is paid now in every race that it counts for."""
    row = book.orders[order]
    for race in range(len(plan.races)):
        measure = plan.races[race].measure
        if measure != _PEOPLE and row.goods > 0:
            member = person_above(book, order, plan.races[race].above)
            _raise(book, plan, race, member, row.goods if measure == _VOLUME else 1, row.paid_at)


@kernel
def leave_order(book: Rows, plan: Tables, order: int, amount: int, time: int) -> None:
    """Take a refund off the races whose running round an order was paid in; one that is gone whole counts no more."""
    row = book.orders[order]
    for race in range(len(plan.races)):
        rule = plan.races[race]
        number = round_of(rule, row.paid_at // DAY)
        if rule.measure == _PEOPLE or number == NONE or number != round_of(rule, time // DAY):
            continue
        member = person_above(book, order, rule.above)
        whole = amount > 0 and row.refunded == row.goods
        if member >= 0:
            book.standings[race, member].figure -= amount if rule.measure == _VOLUME else int(whole)


@kernel
def enter_newcomer(book: Rows, plan: Tables, inviter: int, time: int) -> None:
    """Count somebody who registers now for whom they are bound to, or for the leader of that person."""
    for race in range(len(plan.races)):
        if plan.races[race].measure == _PEOPLE:
            member = inviter if plan.races[race].above == 0 else book.members[inviter].upline
            _raise(book, plan, race, member, 1, time)


def round_on(race: Race, day: int) -> int | None:
    """The round of a race that a day lies in: the readable rule."""
    if not race.first <= day <= race.last:
        return None
    return 0 if race.every == "once" else calendar_numbers(day)[race.every]


def _count(state: State, race: Race, member: int, by: int, time: int) -> None:
    number = round_on(race, time // DAY)
    if number is None:
        return
    of_race = state.standings.setdefault(race, {})
    if member not in of_race or of_race[member].round != number:
        of_race[member] = Standing(number)
    of_race[member].figure += by
    of_race[member].reached = time


def count_sale(state: State, order: Order) -> None:
    """Count an order that is paid now in every race that it counts for: the readable rule."""
    assert order.paid_at is not None
    for race in state.races:
        for member in order.counted[race.above : race.above + 1]:
            if race.measure != _PEOPLE and order.goods:
                _count(state, race, member, order.goods if race.measure == _VOLUME else 1, order.paid_at)


def uncount_sale(state: State, order: Order, amount: int, time: int) -> None:
    """Take a refund off the races whose running round an order was paid in: the readable rule."""
    assert order.paid_at is not None
    for race in state.races:
        then, now = round_on(race, order.paid_at // DAY), round_on(race, time // DAY)
        for member in order.counted[race.above : race.above + 1]:
            if race.measure == _PEOPLE or then is None or then != now or not amount:
                continue
            gone = amount if race.measure == _VOLUME else int(order.refunded == order.goods)
            state.standings[race][member].figure -= gone


def count_newcomer(state: State, inviter: int, time: int) -> None:
    """Count somebody who registers now: the readable rule."""
    for race in state.races:
        member = state.members[inviter].upline if race.above else inviter
        if race.measure == _PEOPLE and member is not None:
            _count(state, race, member, 1, time)
