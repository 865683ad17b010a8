"""Arms 方案组: groups of people who live under plans of their own in one world, each with its own versions in time.

Whatever is about a person goes by the plan of that person's arm: rank, rewards, caps, points, withdrawals. A binding
goes by the plan of the promoter who holds it, a claim by that of whoever claims, and an order by that of the member its
buyer is bound to when it is paid (else the buyer's own): a plan is an agreement with promoters. Who stands in a chain
but in another arm is paid by the order's plan, at the rank of the same name. Company volume, pools and counts of
products are of an arm; budgets of campaigns, channels and areas belong to the shop, and all arms share them.

A world without arms has one, of everybody.
"""

from __future__ import annotations

from rules.book import Rows
from rules.jit import kernel
from rules.lifecycle import Refusal
from rules.people.since import note_promoter, remember_promoter
from rules.plan.compiled import Tables
from rules.readable import State

DONE = -1
"""The change was made; any other result is a `Refusal`."""

_FIRST_ORDER = 2
_NO_PLAN, _NO_ARM = int(Refusal.unknown_plan), int(Refusal.unknown_arm)


@kernel
def plan_of(book: Rows, member: int) -> int:
    """The plan in force for a member; where everybody is in one arm, the member is not even looked up."""
    return book.arms[book.members[member].arm if len(book.arms) > 1 else 0].plan


@kernel
def seller_of(book: Rows, plan: Tables, buyer: int) -> int:
    """Whose plan an order goes by: whom the buyer is bound to, or would be by this first order; else the buyer."""
    person = book.members[buyer]
    if person.upline >= 0:
        return person.upline
    clicked = person.clicked_by
    if person.orders == 0 and clicked >= 0 and plan.plans[plan_of(book, clicked)].bind_on == _FIRST_ORDER:
        return clicked
    return buyer


@kernel
def arm_of_order(book: Rows, plan: Tables, buyer: int) -> int:
    """The arm that an order which is placed or paid now belongs to."""
    return book.members[seller_of(book, plan, buyer)].arm if len(book.arms) > 1 else 0


@kernel
def change_plan(book: Rows, plan: Tables, number: int, arm: int) -> int:
    """Put a plan in force, for one arm or, with -1, for everybody; ranks keep their names, else become the first."""
    if number < 0 or number >= len(plan.plans):
        return _NO_PLAN
    if arm >= len(book.arms):
        return _NO_ARM
    for member in range(len(book.members)):
        if arm < 0 or book.members[member].arm == arm:
            _move_ranks(book, plan, member, plan_of(book, member), number)
    for place in range(len(book.arms)):
        if arm < 0 or place == arm:
            book.arms[place].plan = number
    return DONE


@kernel
def assign(book: Rows, plan: Tables, member: int, arm: int) -> int:
    """Put a member into an arm: from now on that arm's plan is in force for them."""
    if arm < 0 or arm >= len(book.arms):
        return _NO_ARM
    _move_ranks(book, plan, member, plan_of(book, member), book.arms[arm].plan)
    book.members[member].arm = arm
    return DONE


@kernel
def _move_ranks(book: Rows, plan: Tables, member: int, old: int, new: int) -> None:
    """A member's ranks under one plan as another counts them."""
    person = book.members[member]
    person.rank = plan.rank_moved[old, new, person.rank]
    if person.next_rank >= 0:
        person.next_rank = plan.rank_moved[old, new, person.next_rank]
    note_promoter(book, member)


def seller(state: State, buyer: int) -> int:
    """Whose plan an order goes by: the readable rule."""
    person = state.members[buyer]
    if person.upline is not None:
        return person.upline
    clicked = person.clicked_by
    if clicked is not None and not person.orders and state.plan_of(clicked).attribution.bind_on == "first_order":
        return clicked
    return buyer


def arm_of_sale(state: State, buyer: int) -> int:
    """The arm that an order which is placed or paid now belongs to: the readable rule."""
    return state.members[seller(state, buyer)].arm


def put_in_force(state: State, number: int, arm: int | None) -> Refusal | None:
    """Put a plan in force for one arm or for everybody: the readable rule."""
    if not 0 <= number < len(state.plans):
        return Refusal.unknown_plan
    if arm is not None and arm >= len(state.arms):
        return Refusal.unknown_arm
    changed = [place for place in range(len(state.arms)) if arm in (None, place)]
    for member, person in enumerate(state.members):
        if person.arm in changed:
            _rename_ranks(state, member, number)
    for place in changed:
        state.arms[place].plan = number
        state.arms[place].changes.append((state.now, number))
    return None


def assign_to(state: State, member: int, arm: int) -> Refusal | None:
    """Put a member into an arm: the readable rule."""
    if not 0 <= arm < len(state.arms):
        return Refusal.unknown_arm
    _rename_ranks(state, member, state.arms[arm].plan)
    state.members[member].arm = arm
    return None


def _rename_ranks(state: State, member: int, number: int) -> None:
    person = state.members[member]
    old, new = ([rank.id for rank in plan.ranks] for plan in (state.plan_of(member), state.plans[number]))
    person.rank = new.index(old[person.rank]) if old[person.rank] in new else 0
    if person.next_rank is not None:
        person.next_rank = new.index(old[person.next_rank]) if old[person.next_rank] in new else 0
    remember_promoter(state, member)
