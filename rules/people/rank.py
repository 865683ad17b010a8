"""Ranks 等级: joined at once by own orders or spend, promoted and demoted by months in a row on or under a target.

Targets are judged at the close of each month, after that month's ladder and team were booked: a new rank never
rewrites what is past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from rules.book import NEVER, Rows
from rules.jit import kernel
from rules.plan.compiled import Tables
from rules.plan.limits import Measure
from rules.plan.values import Id, Section, Title, Whole, Yuan
from rules.readable import State

if TYPE_CHECKING:
    from rules.plan.model import Plan


class JoinRule(Section):
    """What gives a member this rank at once: own paid orders, or own spend."""

    orders: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = None
    spend: Yuan | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.orders is None and self.spend is None:
            raise ValueError("at least one of orders, spend is needed")
        return self


_MEASURES: tuple[Measure, ...] = ("promoted_volume", "personal_volume", "direct_team_volume", "team_volume")


class TargetRule(Section):
    """Months in a row on (or under) a target; exactly one measure is given."""

    months: Annotated[Whole, Field(ge=1, le=120)]
    promoted_volume: Yuan | None = None
    personal_volume: Yuan | None = None
    direct_team_volume: Yuan | None = None
    team_volume: Yuan | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        given = [name for name in _MEASURES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(_MEASURES)} is needed, got {', '.join(given) or 'none'}")
        return self

    @property
    def target(self) -> tuple[Measure, int]:
        """The measure and its threshold in fen."""
        measure = next(name for name in _MEASURES if getattr(self, name) is not None)
        return measure, int(getattr(self, measure))


class Rank(Section):
    """One rank 等级, lowest first. `promote` is judged for the rank below, `demote` for its own members."""

    id: Id
    title: Title | None = None
    join: JoinRule | None = None
    promote: TargetRule | None = None
    demote: TargetRule | None = None


def mask(plan: Plan, ranks: list[str] | None) -> int:
    """The ranks of a list as bits; None is every rank."""
    order = [rank.id for rank in plan.ranks]
    return (1 << len(order)) - 1 if ranks is None else sum(1 << order.index(rank) for rank in ranks)


@kernel
def join_ranks(book: Rows, plan: Tables, member: int) -> None:
    """Give a member the highest rank whose joining rule they now meet, if it is above their own."""
    person = book.members[member]
    number = book.clock[0].plan
    for rank in range(person.rank + 1, plan.plans[number].ranks):
        rule = plan.ranks[number, rank]
        met = rule.join_orders >= 0 or rule.join_spend >= 0
        if met and rule.join_orders >= 0 and person.orders < rule.join_orders:
            met = False
        if met and rule.join_spend >= 0 and person.spent < rule.join_spend:
            met = False
        if met:
            set_rank(book, member, rank)


@kernel
def set_rank(book: Rows, member: int, rank: int) -> None:
    """Give a member a rank; months in a row start again."""
    person = book.members[member]
    person.rank = rank
    person.months_on_target = 0
    person.months_under = 0
    note_promoter(book, member)


@kernel
def note_promoter(book: Rows, member: int) -> None:
    """Note when a member first stands above the lowest rank."""
    person = book.members[member]
    if person.rank > 0 and person.promoter_since == NEVER:
        person.promoter_since = book.clock[0].now


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
    rank = person.rank
    if rank + 1 < plan.plans[number].ranks:
        rule = plan.ranks[number, rank + 1]
        if rule.promote_months > 0:
            on_target = book.volumes[rule.promote_meter, member] >= rule.promote_volume
            person.months_on_target = person.months_on_target + 1 if on_target else 0
            if person.months_on_target >= rule.promote_months:
                set_rank(book, member, rank + 1)
                return
    rule = plan.ranks[number, rank]
    if rank > 0 and rule.demote_months > 0:
        under = book.volumes[rule.demote_meter, member] < rule.demote_volume
        person.months_under = person.months_under + 1 if under else 0
        if person.months_under >= rule.demote_months:
            set_rank(book, member, rank - 1)


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
    is_promoter(state, member)


def is_promoter(state: State, member: int) -> None:
    """Note when a member first stands above the lowest rank: the readable rule."""
    person = state.members[member]
    if person.rank > 0 and person.promoter_since is None:
        person.promoter_since = state.now


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
