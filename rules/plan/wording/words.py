"""What a rule sheet is made of: the same thing said in Chinese and in English, and what of the plan it speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.calendar import date_of, day_of
from rules.events import DAY
from rules.money import factor, percent, yuan
from rules.payout import statement
from rules.plan.model import Plan
from rules.plan.values import Title

Path = tuple[str, ...]
"""Where something stands in a plan: keys, ids of ranks, bonuses and campaigns, numbers of levels and steps."""


@dataclass(frozen=True)
class Words:
    """The same thing said in Chinese and in English."""

    zh: str
    en: str


def say(zh: str, en: str, **values: Words | str | int) -> Words:
    """A text in both languages with `{name}` filled in; a value in both languages is filled in in each."""
    chinese = {name: one.zh if isinstance(one, Words) else one for name, one in values.items()}
    english = {name: one.en if isinstance(one, Words) else one for name, one in values.items()}
    return Words(zh.format_map(chinese), en.format_map(english))


def capital(words: Words) -> Words:
    """The same words where an English sentence or column begins with them."""
    return Words(words.zh, words.en[:1].upper() + words.en[1:])


def both(text: str) -> Words:
    """A text that is the same in both languages: a figure, a name."""
    return Words(text, text)


def listed(items: Iterable[Words], zh: str = "、", en: str = ", ") -> Words:
    """Several things in a row."""
    items = list(items)
    return Words(zh.join(one.zh for one in items), en.join(one.en for one in items))


def money(fen: int) -> Words:
    """An amount of fen as members read it."""
    return Words(f"{yuan(fen)} 元", f"{yuan(fen)} yuan")


def rate(ppm: int) -> Words:
    """Parts per million as a percentage."""
    return both(percent(ppm))


def times(millionths: int) -> Words:
    """Millionths as a factor."""
    return both(factor(millionths))


def printable(text: str) -> str:
    """A text of the plan's author on one line, without characters that steer a terminal."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the places of the plan that it speaks of: it changes when they do."""

    words: Words
    about: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Table:
    """Figures side by side.

    Attributes:
        sentences: the same said one by one, for whoever compares plans.
    """

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    sentences: tuple[Sentence, ...]


Part = Sentence | Table


@dataclass(frozen=True)
class Glossary:
    """What a plan does not know itself: titles of categories, and the day that campaigns count from."""

    categories: Mapping[str, Title] = field(default_factory=dict)
    start: dt.date | None = None


@dataclass(frozen=True)
class Terms:
    """A plan, and what its ids are called."""

    plan: Plan
    glossary: Glossary = Glossary()

    @property
    def title(self) -> Words:
        """What the plan is called."""
        return titled(self.plan.title, self.plan.plan)

    @property
    def start(self) -> dt.date | None:
        """Day 0 of campaigns, where it is known."""
        return self.plan.start or self.glossary.start

    @property
    def by_period(self) -> Words | None:
        """The components of the plan that are worked out once a period, if it has any."""
        stated = self.plan.commission
        names = [name for name in ("ladder", "team", "dividend") if getattr(stated, name) is not None]
        return listed(COMPONENTS[name] for name in names) if names else None

    def rank(self, name: str) -> Words:
        """What a rank is called."""
        found = next((one.title for one in self.plan.ranks if one.id == name), None)
        return titled(found, name)

    def ranks(self, names: Sequence[str] | None) -> Words:
        """Who is meant by a list of ranks, lowest first; None is everybody."""
        order = [rank.id for rank in self.plan.ranks]
        if names is None or set(names) >= set(order):
            return Words("所有等级", "all ranks")
        return listed(self.rank(name) for name in sorted(set(names), key=order.index))

    def category(self, name: str) -> Words:
        """What a category is called."""
        if name == "default" and name not in self.glossary.categories:
            return Words("其他商品", "Other goods")
        return titled(self.glossary.categories.get(name), name)

    def date(self, day: int) -> str | None:
        """Day `day` of a campaign as a date, where it is known what day 0 is."""
        if self.start is None:
            return None
        return date_of((day_of(self.start) + day) * DAY).isoformat()


def titled(title: Title | None, name: str) -> Words:
    """A title as its author wrote it, or else a name."""
    if title is None:
        return both(printable(name))
    return Words(printable(title.zh) or printable(name), printable(title.en) or printable(name))


MEASURES = {
    "personal_volume": Words("本人消费额", "own purchases"),
    "promoted_volume": Words("推广额", "promoted volume"),
    "direct_team_volume": Words("直属团队推广额", "volume of the direct team"),
    "team_volume": Words("全部下级推广额", "volume of the whole downline"),
}
"""What volumes are called."""

COMPONENTS = {component.name: Words(title.zh, title.en) for component, title in statement.COMPONENTS.items()}
"""What the kinds of entries are called."""

EVERY = {
    "day": Words("每天", "every day"),
    "week": Words("每周", "every week"),
    "month": Words("每月", "every month"),
}
PERIOD = {"day": Words("日", "day"), "week": Words("周", "week"), "month": Words("月", "month")}
WEEKDAYS = {
    "monday": Words("周一", "Monday"),
    "tuesday": Words("周二", "Tuesday"),
    "wednesday": Words("周三", "Wednesday"),
    "thursday": Words("周四", "Thursday"),
    "friday": Words("周五", "Friday"),
    "saturday": Words("周六", "Saturday"),
    "sunday": Words("周日", "Sunday"),
}


def clock(seconds: int) -> str:
    """A second of the day as 02:00."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
