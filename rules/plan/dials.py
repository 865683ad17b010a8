"""The numbers of a plan file that operators turn most: where each stands, what it is called, in which unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.plan.edit import edited
from rules.plan.values import as_yuan
from rules.plan.wording import NO_GLOSSARY, Glossary, Words
from rules.plan.wording.words import both, printable, say
from rules.plan.yaml import Data, Document, Path, Step

Unit = Literal["percent", "yuan", "days", "times", "count"]

_RATES = Words("佣金比例", "Commission rates")
_PERIOD = Words("阶梯与团队", "Ladder and team")
_REWARDS = Words("奖励与活动", "Rewards and campaigns")
_CAPS = Words("封顶", "Caps")
_SETTLING = Words("结算与归因", "Settlement and binding")
_WITHDRAWING = Words("提现", "Withdrawal")


@dataclass(frozen=True)
class _Known:
    """A kind of dial: keys with `*` for any, its unit, and its name, in which {0}, {1} are what the `*` stood for."""

    keys: str
    unit: Unit
    group: Words
    zh: str
    en: str


_KNOWN = (
    _Known("commission.base.levels.*.rates.*", "percent", _RATES, "{0} · {1}", "{0} · {1}"),
    _Known("commission.base.levels.*.rates.*.fixed", "yuan", _RATES, "{0} · {1}，每件", "{0} · {1}, each"),
    _Known("commission.base.levels.*.by_rank.*.*", "percent", _RATES, "{0} · {1} · {2}", "{0} · {1} · {2}"),
    _Known("commission.differential.rates.*", "percent", _RATES, "级差 · {0}", "Differential · {0}"),
    _Known("commission.peer.rate", "percent", _RATES, "平级奖", "Peer bonus"),
    _Known("commission.area.rates.*", "percent", _RATES, "区域 · {0}", "Area · {0}"),
    _Known("commission.group_head", "percent", _RATES, "团长佣金", "Group head"),
    _Known("commission.ladder.brackets.*.from", "yuan", _PERIOD, "阶梯{0}起点", "Ladder {0} from"),
    _Known("commission.ladder.brackets.*.rate", "percent", _PERIOD, "阶梯{0}比例", "Ladder {0} rate"),
    _Known("commission.team.rate", "percent", _PERIOD, "团队绩效比例", "Team rate"),
    _Known("commission.dividend.pool", "percent", _PERIOD, "分红池", "Dividend pool"),
    _Known("bonuses.*.pay", "yuan", _REWARDS, "奖励 {0}", "Bonus {0}"),
    _Known("bonuses.*.count", "count", _REWARDS, "奖励 {0}：数量", "Bonus {0}: count"),
    _Known("bonuses.*.days", "days", _REWARDS, "奖励 {0}：连续天数", "Bonus {0}: days in a row"),
    _Known("coupons.*.amount", "yuan", _REWARDS, "优惠券 {0} 面值", "Coupon {0}: value"),
    _Known("coupons.*.over", "yuan", _REWARDS, "优惠券 {0} 满额", "Coupon {0}: orders over"),
    _Known("campaigns.*.multiply.base", "times", _REWARDS, "活动 {0} 倍数", "Campaign {0} ×"),
    _Known("points.max_share_of_order", "percent", _REWARDS, "积分抵扣上限", "Points: most of an order"),
    _Known("caps.levels", "count", _CAPS, "最多层级", "Levels at most"),
    _Known("caps.order_ratio", "percent", _CAPS, "单笔佣金上限", "Of an order at most"),
    _Known("caps.member_day", "yuan", _CAPS, "每人每天上限", "A member a day"),
    _Known("caps.member_month", "yuan", _CAPS, "每人每月上限", "A member a month"),
    _Known("settlement.hold_days", "days", _SETTLING, "结算冻结期", "Hold before settlement"),
    _Known("settlement.auto_receive_days", "days", _SETTLING, "自动收货", "Received by itself after"),
    _Known("attribution.keep", "days", _SETTLING, "绑定有效期", "Binding lasts"),
    _Known("attribution.on_conflict", "days", _SETTLING, "客户保护期", "Customer protected for"),
    _Known("withdrawal.minimum", "yuan", _WITHDRAWING, "最低提现", "Minimum"),
    _Known("withdrawal.maximum", "yuan", _WITHDRAWING, "最高提现", "Maximum"),
    _Known("withdrawal.fee", "percent", _WITHDRAWING, "提现手续费", "Fee"),
    _Known("withdrawal.per_day", "count", _WITHDRAWING, "每天次数", "Times a day"),
    _Known("withdrawal.review_over", "yuan", _WITHDRAWING, "人工审核起点", "A person looks over"),
)
_WITH_DAYS = re.compile(r"(days|protect):([0-9]+)")
_RATE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(%)?")
_DEFAULT = Words("其他类目", "all else")


@dataclass(frozen=True)
class Dial:
    """A number that can be turned.

    Attributes:
        path: where it stands in the file. value: in its unit: 8 for 8%, yuan, days, a factor, a count.
        before: what stands before the number in its text, such as `protect:`.
    """

    path: Path
    unit: Unit
    group: Words
    title: Words
    value: Decimal
    before: str = ""

    @property
    def key(self) -> str:
        """Its place as one text."""
        return ".".join(map(str, self.path))

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers only."""
        return self.unit in ("days", "count")

    def written(self, value: Decimal) -> str:
        """Another value as it stands in the file."""
        plain = format(value.normalize(), "f")
        if self.before:
            return f'"{self.before}{plain}"'
        return f"{plain}%" if self.unit == "percent" else plain


def dials(document: Document, glossary: Glossary = NO_GLOSSARY) -> list[Dial]:
    """The dials of a plan file, in the order of this file; what cannot be read as its unit is left out."""
    found = [
        dial
        for known in _KNOWN
        for path in _matching(document.data, tuple(known.keys.split(".")))
        if (dial := _dial(known, path, document, glossary))
    ]
    return sorted(found, key=lambda dial: _GROUPS.index(dial.group))


_GROUPS = list(dict.fromkeys(known.group for known in _KNOWN))


def turned(text: str, dial: Dial, value: Decimal, name: str = "plan") -> str:
    """The text of a plan file with a dial at another value.

    Raises:
        InputError: see `edited`.
    """
    return edited(text, dial.path, dial.written(value), name)


def _matching(data: Data, keys: tuple[str, ...], path: Path = ()) -> Iterator[Path]:
    if not keys:
        yield path
        return
    first, rest = keys[0], keys[1:]
    inside: list[Step] = []
    if isinstance(data, dict):
        inside = list(data) if first == "*" else [first] if first in data else []
    elif isinstance(data, list) and first == "*":
        inside = list(range(len(data)))
    for step in inside:
        yield from _matching(data[step], rest, (*path, step))


def _dial(known: _Known, path: Path, document: Document, glossary: Glossary) -> Dial | None:
    data = document.data
    for step in path:
        data = data[step]
    given = _WITH_DAYS.fullmatch(data) if isinstance(data, str) and known.unit == "days" else None
    value = Decimal(given[2]) if given else _value(data, known.unit)
    if value is None or document.span(path) is None:
        return None
    steps = [step for step, key in zip(path, known.keys.split("."), strict=True) if key == "*"]
    named = {f"n{i}": _called(step, path, document.data, glossary) for i, step in enumerate(steps)}
    zh, en = (re.sub(r"{(\d)}", r"{n\1}", text) for text in (known.zh, known.en))
    return Dial(path, known.unit, known.group, say(zh, en, **named), value, f"{given[1]}:" if given else "")


def _value(data: Data, unit: Unit) -> Decimal | None:
    """What is written, in the unit; None if it is nothing of the kind."""
    if isinstance(data, bool) or not isinstance(data, int | Decimal | str):
        return None
    try:
        match unit:
            case "percent":
                return _percent(str(data))
            case "yuan":
                return Decimal(as_yuan(data)).scaleb(-2)
            case "times":
                return Decimal(data)
            case _:
                return Decimal(data) if isinstance(data, int) else None
    except (ValueError, ArithmeticError):
        return None


def _percent(text: str) -> Decimal | None:
    """8% or 0.08, also where it is more than a plan may have: whoever wrote that can turn it back."""
    found = _RATE.fullmatch(text)
    if not found:
        return None
    return Decimal(found[1]) if found[2] else Decimal(found[1]) * 100


def _called(step: Step, path: Path, data: Data, glossary: Glossary) -> Words:
    """What an item of a list, a category or a rank is called."""
    if isinstance(step, int):
        return _item(step, path, data)
    if step == "default":
        return _DEFAULT
    ranks = data.get("ranks") if isinstance(data, dict) else None
    for rank in ranks if isinstance(ranks, list) else []:
        if isinstance(rank, dict) and rank.get("id") == step:
            return _title(rank, step)
    if step in glossary.categories:
        title = glossary.categories[step]
        return Words(printable(title.zh), printable(title.en))
    return both(printable(step))


def _item(step: int, path: Path, data: Data) -> Words:
    item = data
    for each in path[: path.index(step) + 1]:
        item = item[each]
    if isinstance(item, dict) and "level" in item:
        return say("{n} 级", "level {n}", n=printable(str(item["level"])))
    if isinstance(item, dict) and "id" in item:
        return both(printable(str(item["id"])))
    return say("第 {n} 档", "step {n}", n=step + 1)


def _title(rank: Data, step: str) -> Words:
    title = rank.get("title")
    if isinstance(title, dict) and isinstance(title.get("zh"), str) and isinstance(title.get("en"), str):
        return Words(printable(title["zh"]), printable(title["en"]))
    return both(printable(step))
