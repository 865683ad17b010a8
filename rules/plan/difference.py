"""What changed between two plans, in words: every key that differs, with what the rule sheet said before and says now.

Plans are compared as they were read: 8% equals 0.08, the order of keys does not matter, a key left out has its default,
a list of all ranks is the same as none. A new name or title is told as such and changes no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from rules.plan.limits import MAX_LEVELS, MOMENTS
from rules.plan.model import Plan
from rules.plan.semantics import Divided, Semantics
from rules.plan.wording import NO_GLOSSARY, Glossary, Path, Sentence, Words, sentences
from rules.plan.wording.words import listed, printable, say

Tree = Mapping[str, "Tree"] | Sequence[str] | str | int | bool | None
"""A plan as nested mappings with a name for every part; leaves as they are written in a file."""

_DIVIDED: tuple[Divided, ...] = get_args(Divided)
_UNORDERED = frozenset({"ranks", "categories", "skus", "channels", "activities", "defects"})
"""Lists of names whose order means nothing."""
_ITEM_KEYS = ("id", "level")
"""What an item of a list is called by; others are numbered from 1."""


@dataclass(frozen=True)
class Change:
    """One difference between two plans.

    Attributes:
        kind: a `name` changes no rule.
        before: as it is written in a file, with everything under it; None = not there.
    """

    kind: Literal["rule", "name"]
    path: Path
    before: Tree
    after: Tree
    words: Words

    @property
    def place(self) -> str:
        """Where it stands, as `commission.base.levels.1.rates.fmcg`."""
        return ".".join(self.path)


def difference(before: Plan, after: Plan, glossary: Glossary = NO_GLOSSARY) -> list[Change]:
    """Every difference between two plans, in the order of the plan file."""
    said = (sentences(before, glossary), sentences(after, glossary))
    found = [
        Change(_kind(path), path, old, new, _words(path, old, new, said))
        for path, old, new in _differences((), plan_tree(before), plan_tree(after))
    ]
    found += _rank_order(before, after, said)
    sections = list(Plan.model_fields)
    return sorted(found, key=lambda one: sections.index(one.path[0]))


def plan_tree(plan: Plan) -> Mapping[str, Tree]:
    """A plan as nested mappings in which equal rules look equal."""
    data: dict[str, object] = plan.model_dump(mode="json", by_alias=True)
    tree = _mapping(_tree(data, sorted(rank.id for rank in plan.ranks)))
    return {**tree, "semantics": {**_mapping(tree["semantics"]), **_knobs(plan.semantics)}}


def _knobs(rule: Semantics) -> dict[str, Tree]:
    """The knobs that can be written in several ways, each in one."""
    levels = range(1, MAX_LEVELS + 1)
    rounding = {str(level): rule.rounding_of(level) for level in levels if rule.rounding_of(level) != "floor"}
    upline = {"1": rule.upline_at(1), "2": rule.upline_at(2)}
    split: dict[str, Tree] = {name: rule.split_of(name) for name in _DIVIDED}
    if isinstance(rule.discount_split, str) or len(set(split.values())) == 1:
        alike: Tree = split["coupon"]
    else:
        alike = split
    return {
        "rounding": rule.rounding if isinstance(rule.rounding, str) else rounding or "floor",
        "upline_snapshot": upline["1"] if len(set(upline.values())) == 1 else upline,
        "eligible_at": rule.checks[0] if len(set(rule.checks)) == 1 else sorted(set(rule.checks), key=MOMENTS.index),
        "discount_split": alike,
    }


def _mapping(tree: Tree) -> Mapping[str, Tree]:
    assert isinstance(tree, Mapping)
    return tree


def _tree(data: object, ranks: list[str]) -> Tree:
    """Plain data with items of lists by name, without what is not given."""
    if isinstance(data, dict):
        if len(data) == 1 and set(data) <= {"rate", "fixed"}:
            ((kind, value),) = data.items()
            return str(value) if kind == "rate" else f"fixed {value}"
        return {str(key): _child(str(key), one, ranks) for key, one in data.items() if _given(key, one, ranks)}
    if isinstance(data, list):
        return {_called(one, number): _tree(one, ranks) for number, one in enumerate(data, 1)}
    assert data is None or isinstance(data, str | int)
    return data


def _child(key: str, data: object, ranks: list[str]) -> Tree:
    if isinstance(data, list) and not any(isinstance(one, dict) for one in data):
        names = [str(one) for one in data]
        return sorted(set(names)) if key in _UNORDERED else names
    return _tree(data, ranks)


def _given(key: object, data: object, ranks: list[str]) -> bool:
    """Whether there is something to compare: a list of all ranks says no more than none."""
    everybody = key == "ranks" and isinstance(data, list) and sorted(map(str, data)) == ranks
    return data is not None and data not in ({}, []) and not everybody


def _called(item: object, number: int) -> str:
    assert isinstance(item, dict)
    return next((str(item[key]) for key in _ITEM_KEYS if key in item), str(number))


def _differences(path: Path, before: Tree, after: Tree) -> Iterator[tuple[Path, Tree, Tree]]:
    """The highest places at which two trees differ and one of them ends, or both are leaves."""
    if before == after:
        return
    if path[-1:] == ("title",) or not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        yield path, before, after
        return
    for key in dict.fromkeys([*before, *after]):
        yield from _differences((*path, key), before.get(key), after.get(key))


def _rank_order(before: Plan, after: Plan, said: tuple[list[Sentence], list[Sentence]]) -> Iterator[Change]:
    """Ranks that both plans have, in another order."""
    old, new = ([rank.id for rank in plan.ranks] for plan in (before, after))
    if [rank for rank in old if rank in new] != [rank for rank in new if rank in old]:
        path: Path = ("ranks",)
        exact = tuple([one for one in each if path in one.about] for each in said)
        yield Change("rule", path, old, new, _before_and_now(*map(_joined, exact)))


def _kind(path: Path) -> Literal["rule", "name"]:
    own = len(path) == 1 and path[0] in _OWN_NAMES
    return "name" if own or (path[0] == "ranks" and path[-1] == "title") else "rule"


def _words(path: Path, old: Tree, new: Tree, said: tuple[list[Sentence], list[Sentence]]) -> Words:
    """A difference in words: what the rule sheet said of it, and says now."""
    if _kind(path) == "name":
        return _renamed(path, old, new)
    below = [[one for one in each if _under(path, one)] for each in said]
    if not any(below):
        below = [_around(path, each) for each in said]
    before, now = map(_joined, below)
    if before == now:
        return say(
            "{path}：{old} → {new}（会员规则说明不受影响）。",
            "{path}: {old} → {new} (the rule sheet reads the same).",
            path=".".join(path),
            old=_short(old),
            new=_short(new),
        )
    return _before_and_now(before, now)


def _renamed(path: Path, old: Tree, new: Tree) -> Words:
    what = (
        say("等级 {id} 的名称", "The title of rank {id}", id=printable(path[-2]))
        if len(path) > 1
        else _OWN_NAMES[path[0]]
    )
    return say(
        "{what}：{old} → {new}（只是名称，不是规则）。",
        "{what}: {old} → {new} (a name, not a rule).",
        what=what,
        old=_short(old),
        new=_short(new),
    )


_OWN_NAMES = {
    "plan": Words("方案名", "The plan's name"),
    "title": Words("方案标题", "The plan's title"),
    "platform": Words("平台（其默认值已逐项比较）", "The platform (what it fills in is compared key by key)"),
}


def _under(path: Path, sentence: Sentence) -> bool:
    return any(about[: len(path)] == path for about in sentence.about)


def _around(path: Path, said: Iterable[Sentence]) -> list[Sentence]:
    """The sentences that speak of the smallest thing around a place."""
    lengths = [(len(about), one) for one in said for about in one.about if path[: len(about)] == about]
    longest = max((length for length, _ in lengths), default=0)
    return [one for length, one in lengths if length == longest]


def _joined(said: Iterable[Sentence]) -> Words | None:
    words = list(dict.fromkeys(one.words for one in said))
    return listed(words, "", " ") if words else None


def _before_and_now(before: Words | None, now: Words | None) -> Words:
    if before is None:
        return say("新增：{now}", "New: {now}", now=now or "")
    if now is None:
        return say("取消：{before}", "Removed: {before}", before=before)
    return say("原：{before}现：{now}", "Before: {before} Now: {now}", before=before, now=now)


def _short(tree: Tree) -> Words:
    """A value of a file in a sentence."""
    if tree is None:
        return Words("无", "nothing")
    if isinstance(tree, Mapping) and set(tree) == {"zh", "en"}:
        return Words(printable(str(tree["zh"])), printable(str(tree["en"])))
    if isinstance(tree, Mapping):
        return listed((say("{key} {value}", "{key} {value}", key=key, value=_short(one)) for key, one in tree.items()))
    if isinstance(tree, bool):
        return Words("是", "yes") if tree else Words("否", "no")
    if isinstance(tree, str | int):
        return Words(printable(str(tree)), printable(str(tree)))
    return listed(map(_short, tree))
