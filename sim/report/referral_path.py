"""The propagation path 传播路径 of a buyer by binding: from whoever nobody had brought down to the buyer.

An order keeps the people above its buyer, and how each of them was bound, as it was when they were fixed; the path is
read from there, so that what happens later changes nothing. The path by shares is another: `sim.spread.paths`.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.events import DAY, MARK_ZH
from rules.journey.facts import How
from rules.journey.words import MOMENT_WORDS, Told, Words, clock, say
from rules.readable import Order, Step

MOST = 8
"""People who are shown of a longer path."""
_FROM_THE_TOP = 3

_BOUND: dict[How, Step] = {
    "opening": Step("期初绑定", "bound at the opening"),
    "register": Step("注册时填写邀请人", "named the inviter at registration"),
    "last_click": Step("点击分享后注册", "registered after a click"),
    "click": Step("点击分享", "clicked a share"),
    "first_order": Step("点击分享后下首单", "first order after a click"),
    "rebind": Step("运营改绑", "bound by an operator"),
}


@dataclass(frozen=True)
class Person:
    """Somebody on a path.

    Attributes:
        how: by what they were bound to the one above them, or how they came if nobody is; `time`: when, None = never.
        earned: fen that the order pays them, less what was taken back; None if nothing was ever booked.
    """

    member: int
    name: Step
    how: Step
    time: int | None
    earned: int | None


@dataclass(frozen=True)
class ReferralPath:
    """A path, the root first and the buyer last.

    Attributes:
        fixed: when whom the order belongs to was fixed, in words.
        elsewhere: people whom the order pays and who are not on the path, such as agents of areas
    """

    people: tuple[Person, ...]
    fixed: Step
    elsewhere: int

    def shortened(self, most: int = MOST) -> tuple[tuple[Person, ...], tuple[Person, ...], tuple[Person, ...]]:
        """The first ones, those left out, and the last ones, who are the nearest to the buyer."""
        if len(self.people) <= most:
            return (), (), self.people
        last = len(self.people) - (most - _FROM_THE_TOP)
        return self.people[:_FROM_THE_TOP], self.people[_FROM_THE_TOP:last], self.people[last:]


def referral_path(told: Told, number: int) -> ReferralPath:
    """The path of the buyer of order `number`, and who of it is paid by that order."""
    order = told.state.orders[number]
    chain = [order.buyer, *(one for one in (*order.people, *order.beyond) if one != order.buyer)]
    earned = _earned(told, number)
    people = []
    for member, above in zip(chain, [*chain[1:], None], strict=True):
        how, time = _came(told, order, member) if above is None else _bound(order, member)
        people.append(Person(member, told.who(member), how, time, earned.get(member)))
    elsewhere = sum(bool(fen) and member not in chain for member, fen in earned.items())
    return ReferralPath(tuple(reversed(people)), _fixed(order), elsewhere)


def _earned(told: Told, number: int) -> dict[int, int]:
    """Fen by payee, of those for whom anything but nothing was booked."""
    found: dict[int, int] = {}
    for entry in told.state.entries:
        if entry.order == number and entry.amount:
            found[entry.member] = found.get(entry.member, 0) + entry.amount
    return found


def _as_of(order: Order, member: int) -> int:
    """When it was last looked up whom somebody belongs to; of the buyer, that may be before the others."""
    at = order.fixed.people
    if member == order.buyer and order.people[:1] != [member]:
        at = order.fixed.first
    return order.placed_at if at is None else at[0]


def _bound(order: Order, member: int) -> tuple[Step, int]:
    """By what somebody was bound to the one above, and when."""
    found = order.fixed.bindings[member]
    how = _BOUND[found.how]
    if found.via:
        how = say("{how}（{mark}）", "{how} ({mark})", how=how, mark=Step(MARK_ZH[found.via], found.via.name))
    return how, found.time


def _came(told: Told, order: Order, member: int) -> tuple[Step, int | None]:
    """How somebody came whom nobody is above, and when."""
    ended, joined = order.fixed.bindings.get(member), told.state.members[member].joined_at
    if ended is not None and ended.inviter is None:
        return Step("运营解除绑定", "released by an operator"), ended.time
    if ended is not None and ended.inviter == order.buyer:
        return Step("其上是买家本人，到此为止", "below the buyer: the path ends here"), ended.time
    if ended is not None and ended.inviter is not None:
        words: Words = {"who": told.who(ended.inviter)}
        return say("与 {who} 的绑定已到期", "the binding to {who} has run out", **words), ended.time
    if joined is None or joined > _as_of(order, member):
        return Step("自己来，尚未注册", "came alone, not yet a member"), None
    if joined <= told.state.start_day * DAY:
        return Step("种子：开业时已在", "seed: there from the opening"), joined
    return Step("自己来，没有邀请人", "came alone, invited by nobody"), joined


def _fixed(order: Order) -> Step:
    fixed = order.fixed
    if fixed.first is None or fixed.people is None:
        return say("按下单时（{at}）的绑定", "as bound when it was placed ({at})", at=clock(order.placed_at))
    first: Words = {"at": clock(fixed.first[0]), "moment": MOMENT_WORDS[fixed.first[1]]}
    if fixed.first == fixed.people:
        return say("按{moment}（{at}）的绑定", "as bound {moment} ({at})", **first)
    rest: Words = {"later": clock(fixed.people[0]), "other": MOMENT_WORDS[fixed.people[1]]}
    return say(
        "第 1 级按{moment}（{at}）、其上按{other}（{later}）的绑定",
        "as level 1 was bound {moment} ({at}), and those above {other} ({later})",
        **first,
        **rest,
    )
