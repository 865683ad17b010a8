"""Ranks 等级: joined at once by own orders or spend, promoted and demoted by months in a row on or under a target.

Targets are judged at the close of each month, after that month's ladder and team were booked: a new rank never
rewrites what is past.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.book import Rows
from rules.events import Numbers
from rules.jit import kernel
from rules.plan.compiled import Tables
from rules.plan.limits import Measure
from rules.plan.values import Id, Section, Title, Whole, Yuan
from rules.readable import State


class JoinRule(Section):
    """What gives a member this rank at once: own paid orders, or own spend."""

    orders: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = None
    spend: Yuan | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.orders is None and self.spend is None:
            raise ValueError("at least one of orders, spend is needed")
        return self


class TargetRule(Section):
    """Months in a row on (or under) a target; exactly one measure is given."""

    months: Annotated[Whole, Field(ge=1, le=120)]
    promoted_volume: Yuan | None = None
    personal_volume: Yuan | None = None
    direct_team_volume: Yuan | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        names = ("promoted_volume", "personal_volume", "direct_team_volume")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(names)} is needed, got {', '.join(given) or 'none'}")
        return self

    @property
    def target(self) -> tuple[Measure, int]:
        """The measure and its threshold in fen."""
        if self.promoted_volume is not None:
            return "promoted_volume", self.promoted_volume
        if self.personal_volume is not None:
            return "personal_volume", self.personal_volume
        assert self.direct_team_volume is not None
        return "direct_team_volume", self.direct_team_volume


class Rank(Section):
    """One rank 等级, lowest first. `promote` is judged for the rank below, `demote` for its own members."""

    id: Id
    title: Title | None = None
    join: JoinRule | None = None
    promote: TargetRule | None = None
    demote: TargetRule | None = None


@kernel
def join_ranks(book: Rows, plan: Tables, member: int) -> None:
    """Give a member the highest rank whose joining rule they now meet, if it is above their own."""
    person = book.members[member]
    rank = rank_joined(plan, book.clock[0].plan, person.rank, person.orders, person.spent)
    if rank > person.rank:
        set_rank(book, member, rank)


@kernel
def rank_joined(plan: Tables, number: int, rank: int, orders: int, spent: int) -> int:
    """The highest rank above `rank` whose joining rule so many own orders and so much spend meet, else `rank`."""
    found = rank
    for above in range(rank + 1, plan.plans[number].ranks):
        rule = plan.ranks[number, above]
        met = rule.join_orders >= 0 or rule.join_spend >= 0
        if met and rule.join_orders >= 0 and orders < rule.join_orders:
            met = False
        if met and rule.join_spend >= 0 and spent < rule.join_spend:
            met = False
        if met:
            found = above
    return found


@kernel
def set_rank(book: Rows, member: int, rank: int) -> None:
    """Give a member a rank; months in a row start again."""
    person = book.members[member]
    person.rank = rank
    person.months_on_target = 0
    person.months_under = 0


@kernel
def judge_month(book: Rows, plan: Tables) -> None:
    """Judge every registered member's month: promotion first, else demotion."""
    number = book.clock[0].plan
    for member in range(len(book.members)):
        person = book.members[member]
        if person.joined_at >= 0:
            _judge(book, plan, number, member)


@kernel
def _judge(book: Rows, plan: Tables, number: int, member: int) -> None:
    person = book.members[member]
    judged = rank_judged(plan, number, book.volumes, member, person.rank, person.months_on_target, person.months_under)
    person.rank, person.months_on_target, person.months_under = judged


@kernel
def rank_judged(
    plan: Tables, number: int, volumes: Numbers, member: int, rank: int, on_target: int, under: int
) -> tuple[int, int, int]:
    """A member's rank, months on target and months under it after a month with these volumes; a new rank starts at 0.

    Args:
        volumes: fen of the month by meter and member.
        rank, on_target, under: the same three before the month was judged.
    """
    if rank + 1 < plan.plans[number].ranks:
        rule = plan.ranks[number, rank + 1]
        if rule.promote_months > 0:
            on_target = on_target + 1 if volumes[rule.promote_meter, member] >= rule.promote_volume else 0
            if on_target >= rule.promote_months:
                return rank + 1, 0, 0
    rule = plan.ranks[number, rank]
    if rank > 0 and rule.demote_months > 0:
        under = under + 1 if volumes[rule.demote_meter, member] < rule.demote_volume else 0
        if under >= rule.demote_months:
            return rank - 1, 0, 0
    return rank, on_target, under


def join(state: State, member: int) -> None:
    """Give a member the highest rank whose joining rule they meet: the readable rule."""
    person = state.members[member]
    for number, rank in enumerate(state.plan.ranks):
        rule = rank.join
        if number <= person.rank or rule is None or (rule.orders is None and rule.spend is None):
            continue
        if person.orders >= (rule.orders or 0) and person.spent >= (rule.spend or 0):
            give_rank(state, member, number)


def give_rank(state: State, member: int, rank: int) -> None:
    """Give a member a rank: the readable rule."""
    person = state.members[member]
    person.rank, person.months_on_target, person.months_under = rank, 0, 0


def judge(state: State, member: int) -> None:
    """Judge one member's month, promotion first: the readable rule."""
    person, ranks = state.members[member], state.plan.ranks
    promote = ranks[person.rank + 1].promote if person.rank + 1 < len(ranks) else None
    if promote:
        measure, threshold = promote.target
        reached = state.volumes.get((measure, "month", member), 0) >= threshold
        person.months_on_target = person.months_on_target + 1 if reached else 0
        if person.months_on_target >= promote.months:
            give_rank(state, member, person.rank + 1)
            return
    demote = ranks[person.rank].demote if person.rank > 0 else None
    if demote:
        measure, threshold = demote.target
        missed = state.volumes.get((measure, "month", member), 0) < threshold
        person.months_under = person.months_under + 1 if missed else 0
        if person.months_under >= demote.months:
            give_rank(state, member, person.rank - 1)
