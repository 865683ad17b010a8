"""The member centre 会员中心: what one member sees of her own account, as the shop would show it on her phone."""

from __future__ import annotations

from dataclasses import dataclass

from rules.calendar import month_of
from rules.events import DAY, Period
from rules.payout.statement import EntryLine, PayoutLine, Statement, statement_of
from rules.people.rank import so_far
from rules.plan.values import Title
from rules.readable import Member, State
from sim.history.lived import Lived

LEVELS = 3
"""Levels of her team that she sees."""


@dataclass(frozen=True)
class Level:
    """A level of a team: people, and how many of them have paid an order."""

    level: int
    people: int
    buyers: int


@dataclass(frozen=True)
class Goal:
    """What the next rank asks for, and how far she is: fen where it is money."""

    measure: str
    have: int
    need: int

    @property
    def is_money(self) -> bool:
        """Whether it is counted in fen."""
        return self.measure in ("spend", "single_order", "earned") or self.measure.endswith("volume")


@dataclass(frozen=True)
class Centre:
    """A member's account. Amounts are fen.

    Attributes:
        rank, next_rank: titles; None = there is none above. goals: of the next rank.
        months: months in a row on target, and how many it takes; None = the next rank is joined at once.
        balances: by pocket: `pending`, `held`, `available`, `withdrawing`, `withdrawn`.
        inviter: who invited her; None = nobody.
        team: by level.
        month: the statement of the month; latest: what last moved in her wallet, the newest first.
    """

    member: int
    rank: Title
    next_rank: Title | None
    goals: tuple[Goal, ...]
    months: tuple[int, int] | None
    balances: dict[str, int]
    inviter: int | None
    team: tuple[Level, ...]
    month: Statement
    latest: tuple[EntryLine | PayoutLine, ...]


def centre_of(lived: Lived, member: int, day: int | None = None) -> Centre:
    """The account of a member as it stands at the end; `day` is one of the month to be told of (None: the last)."""
    person, plan = lived.state.members[member], lived.state.plan_of(member)
    number = month_of(last_day(lived) if day is None else day)
    names = lived.past.log.names
    titles = [one.title or Title(zh=one.id, en=one.id) for one in plan.ranks]
    above = person.rank + 1
    first = month_of(int(lived.past.log.events["time"][0]) // DAY)
    months = [statement_of(lived.book, member, Period.month, one, names) for one in range(first, number + 1)]
    goals, row = _goals(lived.state, member)
    return Centre(
        member=member,
        rank=titles[person.rank],
        next_rank=titles[above] if above < len(titles) else None,
        goals=goals,
        months=row,
        balances={name: getattr(person, name) for name in POCKETS},
        inviter=person.upline,
        team=_team(lived.state, member),
        month=months[-1],
        latest=tuple(line for month in reversed(months) for line in reversed(month.lines))[:12],
    )


POCKETS = ("pending", "held", "available", "withdrawing", "withdrawn")


def last_day(lived: Lived) -> int:
    """The last day on which anything happened that earns somebody money: the last event's."""
    return int(lived.past.log.events["time"][-1]) // DAY


def promoters(lived: Lived) -> list[int]:
    """Members with a story: whoever earned anything, those who earned most first, then those with a team."""
    people = lived.state.members
    known = [n for n, one in enumerate(people) if one.earned or one.team or one.withdrawn]
    return sorted(known, key=lambda number: (-people[number].earned, -len(people[number].team), number))


def _team(state: State, member: int) -> tuple[Level, ...]:
    found, seen, people = [], {member}, [member]
    for level in range(1, LEVELS + 1):
        people = sorted({below for one in people for below in state.members[one].team} - seen)
        seen |= set(people)
        buyers = sum(state.members[one].orders > 0 for one in people)
        if people or level == 1:
            found.append(Level(level, len(people), buyers))
    return tuple(found)


def _goals(state: State, member: int) -> tuple[tuple[Goal, ...], tuple[int, int] | None]:
    """What the next rank asks for: to be joined at once, or so many months on target."""
    person, ranks = state.members[member], state.plan_of(member).ranks
    if person.rank + 1 >= len(ranks):
        return (), None
    above = ranks[person.rank + 1]
    if above.join:
        return tuple(Goal(name, so_far(person, name), need) for name, need in above.join.thresholds.items()), None
    if above.promote is None:
        return (), None
    goals = tuple(Goal(name, _this_month(state, person, member, name), need) for name, need in above.promote.targets)
    return goals, (person.months_on_target, above.promote.months)


def _this_month(state: State, person: Member, member: int, measure: str) -> int:
    if measure == "direct_team":
        return len(person.team)
    return state.volumes.get((measure, "month", member), 0)
