"""Binding 绑定: whom a member belongs to, from when, and what a second promoter can change.

One pointer per member, `upline`; the chain of pointers is the referral forest. Nobody is bound to themselves, to
somebody unregistered, or into their own downline. An operator's `rebind` takes effect whatever the policy says, but
cannot make a cycle either.
"""

from __future__ import annotations

from rules.book import Rows
from rules.events import DAY
from rules.jit import kernel
from rules.lifecycle import Refusal
from rules.plan.compiled import Tables
from rules.readable import State

BOUND = -1
"""`bind` succeeded, or there was nothing to do; any other result is a `Refusal`."""

_SELF, _STRANGER, _CYCLE = (
    int(Refusal.self_referral),
    int(Refusal.inviter_not_registered),
    int(Refusal.inviter_cycle),
)


@kernel
def valid_upline(book: Rows, plan: Tables, number: int, member: int, time: int) -> int:
    """Whom a member is bound to at `time`, or -1: a binding that has run out counts as none."""
    person = book.members[member]
    keep = plan.plans[number].keep_seconds
    if person.upline >= 0 and keep >= 0 and time - person.bound_at >= keep:
        return -1
    return person.upline


@kernel
def bind(book: Rows, member: int, inviter: int, time: int) -> int:
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
    book.members[member].upline = inviter
    book.members[member].bound_at = time
    return BOUND


@kernel
def claim(book: Rows, plan: Tables, member: int, sharer: int, time: int) -> int:
    """A sharer claims a member: bound if free, else what the policy on conflicts says."""
    rule = plan.plans[book.clock[0].plan]
    current = valid_upline(book, plan, book.clock[0].plan, member, time)
    if current == sharer:
        return BOUND
    if current >= 0 and not rule.last_click:
        if rule.conflict == 0:
            return BOUND
        if rule.conflict == 2 and time - book.members[member].bound_at < rule.protect_seconds:
            return BOUND
    return bind(book, member, sharer, time)


def valid_inviter(state: State, member: int, time: int) -> int | None:
    """Whom a member is bound to at `time`: the readable rule."""
    person = state.members[member]
    mode, days = state.plan.attribution.keep
    if person.upline is not None and mode == "days" and time - person.bound_at >= days * DAY:
        return None
    return person.upline


def bind_to(state: State, member: int, inviter: int, time: int) -> Refusal | None:
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
    state.members[member].upline, state.members[member].bound_at = inviter, time
    return None


def claim_for(state: State, member: int, sharer: int, time: int) -> Refusal | None:
    """A sharer claims a member: the readable rule."""
    policy, days = state.plan.attribution.on_conflict
    current = valid_inviter(state, member, time)
    if current == sharer:
        return None
    if current is not None and state.plan.attribution.keep[0] != "last_click":
        protected = policy == "protect" and time - state.members[member].bound_at < days * DAY
        if policy == "keep" or protected:
            return None
    return bind_to(state, member, sharer, time)
