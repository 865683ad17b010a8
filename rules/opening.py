"""What a member has behind it when a book is opened: from a case file, or from an operator's own data."""

from __future__ import annotations

from dataclasses import dataclass

from rules.plan.limits import FULL_CREDIT


@dataclass(frozen=True)
class Opening:
    """A member who is there before the first event.

    Attributes:
        rank: rank id of the plan in force for them; None = the first rank.
        inviter: whom the member is bound to; None = nobody.
        joined_at: seconds, local clock; also when the binding was made. -1 = not registered yet, nor bound.
        volume: fen promoted so far in the running periods.
        balance: fen available.
        orders: own paid orders.
        promoter: already one, where promoters are appointed or qualify by an order.
        points: to spend.
        clicks: of others, on this member's shares.
        arm: number of the arm the member is in.
        streak: days in a row with a promotion record, up to the day before `joined_at`'s book opens.
        area: number of the area the member is an agent of; -1 = of none.
        credit: the credit score, 0 to 100.
    """

    rank: str | None = None
    inviter: int | None = None
    joined_at: int = 0
    frozen: bool = False
    real_name: bool = False
    tax_registered: bool = False
    e_signed: bool = False
    promoter: bool = False
    volume: int = 0
    balance: int = 0
    orders: int = 0
    streak: int = 0
    area: int = -1
    points: int = 0
    clicks: int = 0
    arm: int = 0
    credit: int = FULL_CREDIT
