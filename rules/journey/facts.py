"""What the readable engine notes for the sake of explanations alone: bindings, what was fixed when, waits, disputes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from rules.events import Mark
from rules.plan.limits import Moment

How = Literal["opening", "register", "last_click", "click", "first_order", "rebind"]
"""By what a member was bound: `last_click` as they registered and named nobody, `rebind` by an operator."""


class LongerHold(NamedTuple):
    """That a payee's credit is below a score, and held for so many days instead of the plan's ordinary ones."""

    below: int
    days: int


Why = Literal["frozen", "refund_open", "dispute"] | LongerHold
"""Why what was due to settle waited for the next tick."""


@dataclass(frozen=True)
class Binding:
    """That a member came to belong to an inviter (None: to nobody), at `time`, and to whom before.

    Attributes:
        clicked_at: when the member had clicked on that inviter's share, if that was their last click.
    """

    time: int
    inviter: int | None
    how: How
    via: Mark = Mark.unknown
    before: int | None = None
    clicked_at: int | None = None


@dataclass
class Terms:
    """When and how what an order's entries rest on was fixed; None = not yet.

    Attributes:
        rates, first, people: when rates, the level-1 person and those further up were fixed.
        binding: that of the buyer, none for an own purchase; `keep`: how long bindings counted then.
        bindings: the last ones of buyer and people above when they were looked up, by member; none of who had none.
        ranks: of the order's people then, by number of the order's plan.
        frozen: who of them was frozen when it was checked who may be paid.
    """

    rates: tuple[int, Moment] | None = None
    first: tuple[int, Moment] | None = None
    people: tuple[int, Moment] | None = None
    binding: Binding | None = None
    keep: tuple[str, int] = ("permanent", 0)
    bindings: dict[int, Binding] = field(default_factory=dict)
    ranks: list[int] = field(default_factory=list)
    frozen: set[int] = field(default_factory=set)


@dataclass
class Dispute:
    """A dispute of an order (line 0) or a line; `upheld` is None while it is open."""

    by: int
    line: int
    opened: int
    closed: int | None = None
    upheld: bool | None = None
