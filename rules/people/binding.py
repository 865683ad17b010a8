"""Binding 绑定: whom a member belongs to, from when, and what a second promoter can change.

One pointer per member, `upline`; the chain of pointers is the referral forest. Nobody is bound to themselves, to
somebody unregistered, or into their own downline. An operator's `rebind` takes effect whatever the policy says, but
cannot make a cycle either. Code, link and QR lead to the same binding, which keeps by which of them it came.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from rules.book import Rows
from rules.commission.direct_team import pay_team, reward_team
from rules.errors import shown
from rules.events import DAY, Mark
from rules.jit import kernel
from rules.journey.facts import Binding, How
from rules.lifecycle import Refusal
from rules.people.arms import plan_of
from rules.people.rank import DIRECT_TEAM, join, join_by
from rules.plan.compiled import Tables
from rules.plan.values import Section
from rules.readable import State


def _days_mode(given: object, modes: tuple[str, ...], counted: str) -> tuple[str, int]:
    if isinstance(given, tuple | list) and len(given) == 2:
        given = given[0] if given[0] in modes else f"{given[0]}:{given[1]}"
    if isinstance(given, str) and given in modes:
        return given, 0
    found = re.fullmatch(rf"{counted}:([0-9]{{1,5}})", given) if isinstance(given, str) else None
    if not found:
        raise ValueError(f"{shown(given)} is not known here")
    return counted, int(found[1])


def _keep(given: object) -> tuple[str, int]:
    return _days_mode(given, ("permanent", "last_click"), "days")


def _on_conflict(given: object) -> tuple[str, int]:
    return _days_mode(given, ("keep", "override"), "protect")


def _mode_schema(modes: str, counted: str) -> WithJsonSchema:
    allowed = f"{modes.replace('|', ', ')}, {counted}:N with N in days, such as {counted}:30"
    return WithJsonSchema({"type": "string", "pattern": f"^({modes}|{counted}:[0-9]{{1,5}})$", "description": allowed})


def _mode_text(mode: tuple[str, int]) -> str:
    return f"{mode[0]}:{mode[1]}" if mode[1] else mode[0]


_written = PlainSerializer(_mode_text, return_type=str, when_used="json")


class Attribution(Section):
    """Who an order belongs to: who is bound to a promoter, when, how long, and what a second one can."""

    who: Literal["all", "new"] = "all"
    bind_on: Literal["register", "first_click", "first_order", "invite_code"] = "register"
    keep: Annotated[tuple[str, int], BeforeValidator(_keep), _written, _mode_schema("permanent|last_click", "days")] = (
        "permanent",
        0,
    )
    on_conflict: Annotated[
        tuple[str, int], BeforeValidator(_on_conflict), _written, _mode_schema("keep|override", "protect")
    ] = (
        "keep",
        0,
    )


BOUND = -1
"""`bind` succeeded, or there was nothing to do; any other result is a `Refusal`."""

_SELF, _STRANGER, _CYCLE = (
    int(Refusal.self_referral),
    int(Refusal.inviter_not_registered),
    int(Refusal.inviter_cycle),
)


@kernel
def valid_upline(book: Rows, plan: Tables, member: int, time: int) -> int:
    """Whom a member is bound to at `time`, or -1: a binding that has run out counts as none."""
    person = book.members[member]
    if person.upline >= 0:
        keep = plan.plans[plan_of(book, person.upline)].keep_seconds
        if keep >= 0 and time - person.bound_at >= keep:
            return -1
    return person.upline


@kernel
def bind(book: Rows, plan: Tables, member: int, inviter: int, time: int, via: int) -> int:
    """Bind a member to an inviter, or say why not."""
    if member == inviter:
        return _SELF
    if book.members[inviter].joined_at < 0:
        return _STRANGER
    above = book.members[inviter].upline
    while above >= 0:
        if above == member:
            return _CYCLE
        above = book.members[above].upline
    person = book.members[member]
    unbind(book, member)
    person.upline, person.bound_at, person.bound_via = inviter, time, via
    if person.joined_at >= 0:
        book.members[inviter].team += 1
        join_by(book, plan, inviter, DIRECT_TEAM)
        reward_team(book, plan, inviter, time)
    return BOUND


@kernel
def unbind(book: Rows, member: int) -> None:
    """Take a member out of the downline they are in."""
    person = book.members[member]
    if person.upline >= 0 and person.joined_at >= 0:
        book.members[person.upline].team -= 1
    person.upline = -1


@kernel
def claim(book: Rows, plan: Tables, member: int, sharer: int, time: int, via: int) -> int:
    """A sharer claims a member who clicks or buys: where only new users can be bound, not one who is registered."""
    if plan.plans[plan_of(book, sharer)].new_only == 1 and book.members[member].joined_at >= 0:
        return BOUND
    return claim_joining(book, plan, member, sharer, time, via)


@kernel
def claim_joining(book: Rows, plan: Tables, member: int, sharer: int, time: int, via: int) -> int:
    """A sharer claims a member, perhaps as they register: bound if free, else what the policy on conflicts says."""
    current = valid_upline(book, plan, member, time)
    if current == sharer:
        return BOUND
    if current >= 0:
        rule = plan.plans[plan_of(book, current)]
        if not rule.last_click and rule.conflict == 0:
            return BOUND
        if not rule.last_click and rule.conflict == 2 and time - book.members[member].bound_at < rule.protect_seconds:
            return BOUND
    return bind(book, plan, member, sharer, time, via)


def valid_inviter(state: State, member: int, time: int) -> int | None:
    """Whom a member is bound to at `time`: the readable rule."""
    person = state.members[member]
    if person.upline is not None:
        mode, days = state.plan_of(person.upline).attribution.keep
        if mode == "days" and time - person.bound_at >= days * DAY:
            return None
    return person.upline


def bind_to(
    state: State, member: int, inviter: int, time: int, via: Mark = Mark.unknown, how: How = "rebind"
) -> Refusal | None:
    """Bind a member to an inviter, or say why not: the readable rule."""
    if member == inviter:
        return Refusal.self_referral
    if state.members[inviter].joined_at is None:
        return Refusal.inviter_not_registered
    above = state.members[inviter].upline
    while above is not None:
        if above == member:
            return Refusal.inviter_cycle
        above = state.members[above].upline
    person = state.members[member]
    clicked_at = person.clicked_at if person.clicked_by == inviter else None
    person.bindings.append(Binding(time, inviter, how, via, person.upline, clicked_at))
    leave(state, member)
    person.upline, person.bound_at, person.bound_via = inviter, time, via
    if person.joined_at is not None:
        state.members[inviter].team.add(member)
        join(state, inviter, "direct_team")
        pay_team(state, inviter, time)
    return None


def leave(state: State, member: int) -> None:
    """Take a member out of the downline they are in: the readable rule."""
    person = state.members[member]
    if person.upline is not None:
        state.members[person.upline].team.discard(member)
    person.upline = None


def claim_for(
    state: State, member: int, sharer: int, time: int, via: Mark = Mark.unknown, how: How = "click"
) -> Refusal | None:
    """A sharer claims a member who clicks or buys: the readable rule."""
    if state.plan_of(sharer).attribution.who == "new" and state.members[member].joined_at is not None:
        return None
    return claim_newcomer(state, member, sharer, time, via, how)


def claim_newcomer(
    state: State, member: int, sharer: int, time: int, via: Mark, how: How = "register"
) -> Refusal | None:
    """A sharer claims a member, perhaps as they register: the readable rule."""
    current = valid_inviter(state, member, time)
    if current == sharer:
        return None
    if current is not None and state.plan_of(current).attribution.keep[0] != "last_click":
        policy, days = state.plan_of(current).attribution.on_conflict
        protected = policy == "protect" and time - state.members[member].bound_at < days * DAY
        if policy == "keep" or protected:
            return None
    return bind_to(state, member, sharer, time, via, how)
