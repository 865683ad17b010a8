"""Credit score 信用分: how far a member is trusted, from 0 to 100, as an operator's risk control says by an event.

The rules only remember the score. A plan may let it set two things: a payee of low credit is held for more days
(`settlement.credit_holds`), and a person looks at every withdrawal of theirs (`withdrawal.review_credit_below`).

What counts for a hold is the score at the tick at which an entry would be let go. If it asks for a longer hold than has
passed since the hold began, the entry waits, and is looked at again at every tick of the cycle: so it goes at the first
tick at which the days that the score asks for then are over. A score that recovers lets it go earlier, one that falls
later. Nobody else's entries of the order wait with it. The longer hold begins when the hold began: for what settles
with an order, deferred parts of it included, with the order's; for anything else when it was booked. It goes by the
plan whose hold days are those of the entry. What is taken back is taken back at once; nothing is left to wait of an
entry that was taken back entirely, and an adjustment of an order that has settled is an operator's own word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from rules.book import Rows
from rules.events import DAY, Records, Row
from rules.jit import kernel
from rules.journey.facts import LongerHold
from rules.lifecycle import ACCEPTED, Refusal
from rules.plan.compiled import Tables
from rules.plan.limits import FULL_CREDIT
from rules.plan.values import Section, Whole
from rules.readable import Entry, State, Step

if TYPE_CHECKING:
    from rules.plan.model import Plan

Score = Annotated[Whole, Field(ge=0, le=FULL_CREDIT)]
"""A credit score; who was never given one has the highest."""
Threshold = Annotated[Whole, Field(ge=1, le=FULL_CREDIT)]


class CreditHold(Section):
    """A payee whose credit is below a score is held for so many days; of several that apply the longest counts."""

    below: Threshold
    days: Annotated[Whole, Field(ge=0, le=3650)]


_NO_SCORE = int(Refusal.credit_score)


def fill_credit(row: Records, plan: Plan) -> None:
    """Compile how long each score is held, and which requests it brings to review."""
    holds = plan.settlement.credit_holds
    days = [max((one.days for one in holds if score < one.below), default=0) for score in range(FULL_CREDIT + 1)]
    row["credit_holds"], row["credit_hold"][0] = len(holds) > 0, [one * DAY for one in days]
    row["withdraw_credit_below"] = plan.withdrawal.review_credit_below or 0


@kernel
def give_credit(book: Rows, event: Row) -> int:
    """Remember the score that an event gives; returns ACCEPTED or a `Refusal`."""
    if event.rank < 0 or event.rank > FULL_CREDIT:
        return _NO_SCORE
    book.members[event.member].credit = event.rank
    return ACCEPTED


@kernel
def credit_waits(book: Rows, plan: Tables, number: int, place: int, since: int, time: int) -> bool:
    """Whether an entry that is held since `since`, by plan `number`, has to stay for its member's credit."""
    rule = plan.plans[number]
    if rule.credit_holds == 0:
        return False
    longer = rule.credit_hold[book.members[book.entries[place].member].credit]
    return bool(longer > 0 and time < since + longer + rule.hold_after)


def give_score(state: State, member: int, score: int) -> Refusal | None:
    """Remember the score that an event gives: the readable rule."""
    if not 0 <= score <= FULL_CREDIT:
        return Refusal.credit_score
    state.members[member].credit = score
    return None


def longer_hold(plan: Plan, score: int) -> LongerHold | None:
    """The hold that a plan has for a score, the longest that applies; None = the ordinary one."""
    found = [LongerHold(one.below, one.days) for one in plan.settlement.credit_holds if score < one.below]
    return max(found, key=lambda one: one.days, default=None)


def still_held(state: State, number: int, entry: Entry, since: int) -> LongerHold | None:
    """The longer hold that an entry held since `since`, by plan `number`, has to wait for: the readable rule."""
    plan = state.plans[number]
    hold = longer_hold(plan, state.members[entry.member].credit)
    if hold is None:
        return None
    over = since + hold.days * DAY
    passed = state.now > over if plan.semantics.hold_boundary == "after" else state.now >= over
    return None if passed else hold


def reviewed_for_credit(plan: Plan, score: int) -> list[Step]:
    """Why a person looks at a request whatever its amount, if that is so: the readable rule."""
    below = plan.withdrawal.review_credit_below
    if below is None or score >= below:
        return []
    return [Step(f"信用分 {score} 低于 {below}，人工审核后付款", f"credit {score} is below {below}: reviewed first")]
