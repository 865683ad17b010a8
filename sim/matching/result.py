"""What a match comes to: every record and every entry once, equal or in a group of differences by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiments.metric_names import Text

UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Difference:
    """One place at which the sides differ; amounts are fen.

    Attributes:
        order, member: names; empty where there is none. line, level: 0 where added up, or unknown.
        part: `orders`, or the component. cause: key of its group.
    """

    order: str
    line: int
    member: str
    level: int
    part: str
    recorded: int
    replayed: int
    cause: str

    @property
    def difference(self) -> int:
        """Fen recorded more than the replay says."""
        return self.recorded - self.replayed


@dataclass(frozen=True)
class Example:
    """A difference with its arithmetic."""

    about: Difference
    said: Text


@dataclass(frozen=True)
class Group:
    """Differences of one cause.

    Attributes:
        key: of the cause. title: of the cause. said: what it means, where there are words for it.
        alternatives: keys of all causes that these data cannot tell apart; one where it is clear.
        dials: the settings that have to be turned together.
        count: places. over, under: fen recorded above and below the replay, both positive.
        first, last: when the orders were placed, days as 2026-01-05; None where there are none.
        against: places that agree now, and would not under this cause.
    """

    key: str
    title: Text
    said: Sequence[Text]
    alternatives: Sequence[str]
    dials: Sequence[str]
    count: int
    over: int
    under: int
    first: str | None
    last: str | None
    against: int
    examples: Sequence[Example]

    def to_dict(self) -> dict[str, Any]:
        """For JSON, in yuan."""
        return {
            "cause": self.key,
            "title": vars(self.title),
            "said": [vars(one) for one in self.said],
            "alternatives": list(self.alternatives),
            "settings": list(self.dials),
            "count": self.count,
            "over": self.over / 100,
            "under": self.under / 100,
            "difference": (self.over - self.under) / 100,
            "first": self.first,
            "last": self.last,
            "against": self.against,
            "examples": [
                {
                    "order": one.about.order,
                    "line": one.about.line,
                    "member": one.about.member,
                    "level": one.about.level,
                    "part": one.about.part,
                    "recorded": one.about.recorded / 100,
                    "replayed": one.about.replayed / 100,
                    "said": vars(one.said),
                }
                for one in self.examples
            ],
        }


@dataclass(frozen=True)
class Matched:
    """A plan held against what was recorded; amounts are fen, net of what was taken back and cancelled.

    Attributes:
        plan: its name. rows: records. statuses: the same by status.
        recorded, replayed: all of each side.
        agreed: places at which both sides say the same, and `agreed_amount` what they say.
        groups: differences by cause, what is unexplained first, then the largest.
        differences: all of them. tried: replays that were made to find causes. notes: what was not looked at.
    """

    plan: str
    rows: int
    statuses: Mapping[str, int]
    recorded: int
    replayed: int
    agreed: int
    agreed_amount: int
    groups: Sequence[Group]
    differences: Sequence[Difference]
    tried: int
    notes: Sequence[Text]

    @property
    def difference(self) -> int:
        """Fen recorded more than the replay says."""
        return self.recorded - self.replayed

    @property
    def unexplained(self) -> int:
        """Places without a cause."""
        return sum(group.count for group in self.groups if group.key == UNEXPLAINED)

    def adds_up(self) -> bool:
        """Whether equal amounts and differences are all that either side has."""
        sides = [sum(getattr(one, side) for one in self.differences) for side in ("recorded", "replayed")]
        grouped = sum(group.over - group.under for group in self.groups)
        return (
            [self.agreed_amount + side for side in sides] == [self.recorded, self.replayed]
            and grouped == self.difference
            and sum(group.count for group in self.groups) == len(self.differences)
        )

    def to_dict(self) -> dict[str, Any]:
        """For JSON, in yuan."""
        return {
            "plan": self.plan,
            "records": self.rows,
            "statuses": dict(self.statuses),
            "recorded": self.recorded / 100,
            "replayed": self.replayed / 100,
            "difference": self.difference / 100,
            "agreed": self.agreed,
            "agreed_amount": self.agreed_amount / 100,
            "differing": len(self.differences),
            "unexplained": self.unexplained,
            "causes": [group.to_dict() for group in self.groups],
            "replays": self.tried,
            "notes": [vars(one) for one in self.notes],
        }
