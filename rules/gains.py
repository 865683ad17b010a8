"""Who gains when one plan takes the place of another: the same situations under both, summed up for each role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.plan.model import Plan
from rules.plan.wording import NO_GLOSSARY, Glossary, Words
from rules.plan.wording.words import say
from rules.situations import Figure, Unit, figures, frame_of


@dataclass(frozen=True)
class Effect:
    """One situation under two plans; None where a plan pays nothing because it cannot."""

    situation: str
    role: str
    words: Words
    unit: Unit
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """After less before, in the unit; None where one of them is missing."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def differs(self) -> bool:
        """Whether the two plans are not alike here."""
        return self.before != self.after


@dataclass(frozen=True)
class Summary:
    """What a change of plans means for one role.

    Attributes:
        more, less, same: situations in which the role gets (pays, waits) more, less, the same.
        verdict: that in words.
    """

    role: str
    title: Words
    more: int
    less: int
    same: int
    verdict: Words


def effects(before: Plan, after: Plan, glossary: Glossary = NO_GLOSSARY) -> list[Effect]:
    """Every typical situation under both plans."""
    frame = frame_of((before, after), glossary)
    return [_effect(old, new) for old, new in zip(figures(before, frame), figures(after, frame), strict=True)]


def _effect(old: Figure, new: Figure) -> Effect:
    assert old.situation == new.situation
    return Effect(old.situation, old.role, old.words, old.unit, old.value, new.value)


_TITLES = {
    "promoter": Words("推广员（按月）", "Promoters, by the month"),
    "team_leader": Words("团队长", "Team leaders"),
    "head": Words("分红等级", "Heads of ranks"),
    "area_agent": Words("区域代理", "Area agents"),
    "inviter": Words("邀请人", "Inviters"),
    "newcomer": Words("新人", "Newcomers"),
    "waiting": Words("到账时间", "Waiting for money"),
    "withdrawing": Words("提现", "Withdrawing"),
    "buyer": Words("自购", "Buyers"),
    "platform": Words("平台成本", "The platform's cost"),
}
_MORE_AND_LESS = {
    "waiting": (Words("更晚", "later"), Words("更早", "earlier")),
    "platform": (Words("增加", "costs more"), Words("减少", "costs less")),
}
_GAIN = (Words("多得", "gains"), Words("少得", "loses"))


def summaries(found: Sequence[Effect]) -> list[Summary]:
    """What the effects mean for each role, in the order in which roles appear."""
    return [_summary(role, [one for one in found if one.role == role]) for role in dict.fromkeys(e.role for e in found)]


def _summary(role: str, found: Sequence[Effect]) -> Summary:
    known = [one.difference for one in found if one.difference is not None]
    more, less = sum(one > 0 for one in known), sum(one < 0 for one in known)
    up, down = _MORE_AND_LESS.get(role, _GAIN)
    if more and less:
        verdict = say(
            "有增有减：{more} 种{up}，{less} 种{down}",
            "mixed: {up} in {more}, {down} in {less}",
            more=more,
            up=up,
            less=less,
            down=down,
        )
    elif more or less:
        verdict = up if more else down
    else:
        verdict = Words("不变", "no change") if known else Words("无法比较", "cannot be compared")
    return Summary(role, _title(role), more, less, len(known) - more - less, verdict)


def _title(role: str) -> Words:
    if role in _TITLES:
        return _TITLES[role]
    return say("第 {n} 级", "Level {n}", n=role.removeprefix("level_"))
