"""What a decider says of one measure of a plan: the worst that can happen, or that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from rules.plan.values import Title
from rules.plan.yaml import Data

NONE = Title(zh="", en="")


@dataclass(frozen=True)
class Assumptions:
    """What a shop lets happen beside what its plan says; a search is complete within these.

    Attributes:
        discount: the largest share of the prices of a line that reductions outside the plan take off, in parts per
            million. Coupons and points of the plan come on top.
        lines: lines of an order at the most. quantity: pieces of a line at the most. price: fen a piece at the most.
    """

    discount: int = 0
    lines: int = 1_000
    quantity: int = 1_000_000
    price: int = 10_000_000_000


USUAL = Assumptions()


@dataclass(frozen=True)
class Decision:
    """The worst case of a measure, in its unit: levels, persons, parts per million or fen.

    Attributes:
        worst: the worst that can happen; None = without bound.
        broken: whether the limit can be broken; None = could not be decided.
        evidence: what happens in the worst case, in words.
        case: a case that shows it, in the format of case files: the cheapest one where the measure has orders.
        why: why nothing worse can happen, or why nobody knows.
    """

    worst: int | None
    broken: bool | None
    evidence: Title = NONE
    why: Title = NONE
    case: dict[str, Data] | None = None

    def beside(self, more: int, why: Title) -> Decision:
        """The same decision of an order where up to `more` parts per million come on top, paid for a period.

        What breaks the limit left to the order need not break the whole one: then nobody knows.
        """
        worst = None if self.worst is None else self.worst + more
        broken = self.broken if more == 0 or not self.broken else None
        return Decision(worst, broken, self.evidence, why, self.case)
