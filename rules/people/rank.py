"""Ranks 等级: joined by what a member has done so far, promoted and demoted by monthly targets.

A joined rank is in effect at once, or from the next month on. No change of rank rewrites what is past: entries keep the
rates of their moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator

from rules.book import Rows
from rules.events import Records, Row
from rules.jit import kernel
from rules.people.arms import plan_of
from rules.people.since import note_promoter, remember_promoter
from rules.people.target import DEMOTE, PROMOTE, Count, TargetRule, fill_target, is_on_target, on_target
from rules.plan.compiled import NONE, Tables
from rules.plan.values import Id, Section, Title, Yuan
from rules.readable import Member, State

if TYPE_CHECKING:
    from rules.plan.model import Plan

MEASURES = ("orders", "spend", "single_order", "direct_team", "promoted_orders", "promoted_volume", "earned")
"""What a member can have done to join a rank."""

ORDERS, SPEND, SINGLE_ORDER, DIRECT_TEAM, PROMOTED_ORDERS, PROMOTED_VOLUME, EARNED = range(len(MEASURES))
_MEASURES = len(MEASURES)


class JoinRule(Section):
    """What gives a member this rank: all of it, or any. Only `promoted_volume` and `earned` are net of refunds."""

    orders: Count | None = None
    spend: Yuan | None = None
    single_order: Yuan | None = None
    direct_team: Count | None = None
    promoted_orders: Count | None = None
    promoted_volume: Yuan | None = None
    earned: Yuan | None = None
    need: Literal["all", "any"] = "all"

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.thresholds:
            raise ValueError(f"at least one of {', '.join(MEASURES)} is needed")
        return self

    @property
    def thresholds(self) -> dict[str, int]:
        """The measures that are stated, in fen, orders or people."""
        given = {name: getattr(self, name) for name in MEASURES}
        return {name: threshold for name, threshold in given.items() if threshold is not None}


class Rank(Section):
    """One rank 等级, lowest first. `promote` is judged for the rank below, `demote` for its own members."""

    id: Id
    title: Title | None = None
    join: JoinRule | None = None
    effective: Literal["at_once", "next_month"] = "at_once"
    promote: TargetRule | None = None
    demote: TargetRule | None = None


def mask(plan: Plan, ranks: list[str] | None) -> int:
    """The ranks of a list as bits; None is every rank."""
    order = [rank.id for rank in plan.ranks]
    return (1 << len(order)) - 1 if ranks is None else sum(1 << order.index(rank) for rank in ranks)


def fill_rank(row: Records, rank: Rank, levels: int, meter_of: Callable[[str], int]) -> None:
    """Compile a rank; `levels` are the bits of the levels at which it is paid."""
    row["levels"], row["next_month"] = levels, rank.effective == "next_month"
    if rank.join:
        row["join_any"] = rank.join.need == "any"
        for name, threshold in rank.join.thresholds.items():
            row["join"][0, MEASURES.index(name)] = threshold
    fill_target(row, PROMOTE, rank.promote, meter_of)
    fill_target(row, DEMOTE, rank.demote, meter_of)


def joins(ranks: list[Rank]) -> int:
    """The measures that some rank is joined by, as bits."""
    used = {name for rank in ranks if rank.join for name in rank.join.thresholds}
    return sum(1 << MEASURES.index(name) for name in used)


@kernel
def join_by(book: Rows, plan: Tables, member: int, measure: int) -> None:
    """Let a member whose `measure` has grown join the ranks that ask for it."""
    if (plan.plans[plan_of(book, member)].joins >> measure) & 1 == 1:
        join_ranks(book, plan, member)


@kernel
def join_ranks(book: Rows, plan: Tables, member: int) -> None:
    """Give a member the highest rank whose joining rule they now meet, if it is above their own."""
    person = book.members[member]
    number = plan_of(book, member)
    for rank in range(person.rank + 1, plan.plans[number].ranks):
        rule = plan.ranks[number, rank]
        if _met(rule, person):
            if rule.next_month == 1:
                person.next_rank = max(person.next_rank, rank)
            else:
                set_rank(book, member, rank)


@kernel
def _met(rule: Row, person: Row) -> bool:
    met = False
    for measure in range(_MEASURES):
        wanted = rule.join[measure]
        if wanted == NONE:
            continue
        met = _reached(person, measure) >= wanted
        if met == (rule.join_any == 1):
            break
    return met


@kernel
def _reached(person: Row, measure: int) -> int:
    if measure == ORDERS:
        return person.orders
    if measure == SPEND:
        return person.spent
    if measure == SINGLE_ORDER:
        return person.largest_order
    if measure == DIRECT_TEAM:
        return person.team
    if measure == PROMOTED_ORDERS:
        return person.promoted_orders
    if measure == PROMOTED_VOLUME:
        return person.promoted
    return person.available + person.withdrawing + person.withdrawn


@kernel
def set_rank(book: Rows, member: int, rank: int) -> None:
    """Give a member a rank; months in a row start again."""
    person = book.members[member]
    person.rank = rank
    person.months_on_target = 0
    person.months_under = 0
    note_promoter(book, member)


@kernel
def judge_month(book: Rows, plan: Tables) -> None:
    """Judge every registered member's month, promotion first, else demotion; then joined ranks take effect."""
    for member in range(len(book.members)):
        person = book.members[member]
        if person.joined_at >= 0:
            _judge(book, plan, plan_of(book, member), member)
        if person.next_rank > person.rank:
            set_rank(book, member, person.next_rank)
        person.next_rank = NONE


@kernel
def _judge(book: Rows, plan: Tables, number: int, member: int) -> None:
    person = book.members[member]
    judged = rank_judged(book, plan, number, member, person.rank, person.months_on_target, person.months_under)
    person.months_on_target, person.months_under = judged[1], judged[2]
    if judged[0] != person.rank:
        set_rank(book, member, judged[0])


@kernel
def rank_judged(
    book: Rows, plan: Tables, number: int, member: int, rank: int, months_on_target: int, months_under: int
) -> tuple[int, int, int]:
    """A member's rank, months on target and months under it after the month that ends; before it they were these."""
    if rank + 1 < plan.plans[number].ranks:
        months = plan.ranks[number, rank + 1].target_months[PROMOTE]
        if months > 0:
            reached = on_target(book, plan, number, rank + 1, PROMOTE, member)
            months_on_target = months_on_target + 1 if reached else 0
            if months_on_target >= months:
                return rank + 1, 0, 0
    months = plan.ranks[number, rank].target_months[DEMOTE]
    if rank > 0 and months > 0:
        under = not on_target(book, plan, number, rank, DEMOTE, member)
        months_under = months_under + 1 if under else 0
        if months_under >= months:
            return rank - 1, 0, 0
    return rank, months_on_target, months_under


def join(state: State, member: int, because: str | None = None) -> None:
    """Give a member the highest rank whose joining rule they meet: the readable rule.

    With `because` only if some rank is joined by that measure.
    """
    person = state.members[member]
    ranks = state.plan_of(member).ranks
    rules = [rank.join for rank in ranks if rank.join]
    if because is not None and not any(because in rule.thresholds for rule in rules):
        return
    for number, rank in enumerate(ranks):
        if rank.join is None or number <= person.rank:
            continue
        reached = [so_far(person, name) >= threshold for name, threshold in rank.join.thresholds.items()]
        if not (any(reached) if rank.join.need == "any" else all(reached)):
            continue
        if rank.effective == "next_month":
            person.next_rank = max(number, person.next_rank or 0)
        else:
            give_rank(state, member, number)


def so_far(person: Member, measure: str) -> int:
    """What a member has done so far of one of `MEASURES`: the readable rule."""
    return {
        "orders": person.orders,
        "spend": person.spent,
        "single_order": person.largest_order,
        "direct_team": len(person.team),
        "promoted_orders": person.promoted_orders,
        "promoted_volume": person.promoted,
        "earned": person.available + person.withdrawing + person.withdrawn,
    }[measure]


def give_rank(state: State, member: int, rank: int) -> None:
    """Give a member a rank: the readable rule."""
    person = state.members[member]
    person.rank, person.months_on_target, person.months_under = rank, 0, 0
    remember_promoter(state, member)


def judge(state: State, member: int) -> None:
    """Judge one member's month, promotion first, and let a joined rank take effect: the readable rule."""
    person = state.members[member]
    if person.joined_at is not None:
        _promote_or_demote(state, member)
    if person.next_rank is not None and person.next_rank > person.rank:
        give_rank(state, member, person.next_rank)
    person.next_rank = None


def _promote_or_demote(state: State, member: int) -> None:
    person, ranks = state.members[member], state.plan_of(member).ranks
    promote = ranks[person.rank + 1].promote if person.rank + 1 < len(ranks) else None
    if promote:
        person.months_on_target = person.months_on_target + 1 if is_on_target(state, promote, member) else 0
        if person.months_on_target >= promote.months:
            give_rank(state, member, person.rank + 1)
            return
    demote = ranks[person.rank].demote if person.rank > 0 else None
    if demote:
        person.months_under = 0 if is_on_target(state, demote, member) else person.months_under + 1
        if person.months_under >= demote.months:
            give_rank(state, member, person.rank - 1)
