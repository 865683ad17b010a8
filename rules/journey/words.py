"""Words that all parts of a journey need: moments, people, ranks, plans, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rules.calendar import date_of
from rules.events import DAY, Names
from rules.plan.limits import Moment
from rules.readable import State, Step
from rules.records import EntryStatus

MOMENT_WORDS: dict[Moment, Step] = {
    "create": Step("下单时", "when it was placed"),
    "pay": Step("付款时", "at payment"),
    "receipt": Step("收货时", "at receipt"),
    "settle": Step("结算时", "at settlement"),
}

PLACES = {
    EntryStatus.pending: Step("待结算", "what is pending"),
    EntryStatus.held: Step("冻结中", "what is held"),
    EntryStatus.available: Step("可提现", "what is available"),
}
"""Where in a wallet an entry's money is."""


Words: TypeAlias = dict[str, Step | str | int]
"""What stands in a sentence for its names in braces."""


def say(zh: str, en: str, **words: Step | str | int) -> Step:
    """A sentence in both languages, with words put in for the names in braces."""
    return Step(
        zh.format(**{name: one.zh if isinstance(one, Step) else one for name, one in words.items()}),
        en.format(**{name: one.en if isinstance(one, Step) else one for name, one in words.items()}),
    )


def joined(parts: list[Step], between: str) -> Step:
    """Words in a row."""
    return Step(between.join(one.zh for one in parts), between.join(one.en for one in parts))


def clock(time: int) -> str:
    """A moment to the minute, or to the second where it has one: `2026-01-05 10:01`."""
    minutes, seconds = divmod(time % DAY, 60)
    text = f"{date_of(time)} {minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


@dataclass(frozen=True)
class Told:
    """What is to be told of, and what stands behind its numbers."""

    state: State
    names: Names

    def who(self, member: int) -> Step:
        """A member by name or number."""
        if member < len(self.names.members):
            return Step(self.names.members[member], self.names.members[member])
        return Step(f"会员 {member}", f"member {member}")

    def order(self, number: int) -> str:
        """An order by name or number."""
        return self.names.order(number)

    def rank(self, plan: int, rank: int) -> Step:
        """A rank of plan number `plan`, by title or id."""
        one = self.state.plans[plan].ranks[rank]
        return Step(one.title.zh, one.title.en) if one.title else Step(one.id, one.id)

    def plan(self, number: int) -> Step:
        """A plan by its name, and by its version where there are several."""
        name = self.state.plans[number].plan
        if len(self.state.plans) == 1:
            return Step(name, name)
        return Step(f"{name}（第 {number + 1} 版）", f"{name} (version {number + 1})")
