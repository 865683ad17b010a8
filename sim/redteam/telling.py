"""An exploit as a person would tell it: who registers, buys, sends back and withdraws, on which day, for how much.

Told out of the case that both engines replay, so that nothing is told that did not happen. What several accounts do
alike on a day is one step, and what they do alike on many days is one step too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rules.calendar import day_of
from rules.money import fen, yuan
from rules.plan.values import Title
from rules.plan.yaml import Data

_ENDS = "sign_in"
"""The event by which a case lets time pass at its end."""
_BESIDE = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")
"""Where Chinese meets a name or a number."""


@dataclass(frozen=True)
class Step:
    """What accounts do alike.

    Attributes:
        days: on which, from 1. act: the verb of the case's events. who: the accounts, as the case names them.
        amount: fen of each of them; None where no money moves. words: the step in a sentence, without its days.
    """

    days: tuple[int, ...]
    act: str
    who: tuple[str, ...]
    amount: int | None
    words: Title

    @property
    def when(self) -> Title:
        """The days in words."""
        first, last, count = self.days[0], self.days[-1], len(self.days)
        if count == 1:
            return Title(zh=f"第 {first} 天", en=f"Day {first}")
        if last - first + 1 == count:
            return Title(zh=f"第 {first}–{last} 天，每天", en=f"Days {first}–{last}, daily")
        if count <= 4:
            shown = [str(day) for day in self.days]
            return Title(zh=f"第 {'、'.join(shown)} 天", en=f"Days {', '.join(shown)}")
        return Title(zh=f"第 {first}–{last} 天，共 {count} 次", en=f"Days {first}–{last}, {count} times")


@dataclass(frozen=True)
class _Act:
    """One event, ready to be put together with others like it."""

    day: int
    verb: str
    who: str
    by: str = ""
    amount: int | None = None
    thing: str = ""


def steps_of(case: Mapping[str, Data]) -> list[Step]:
    """The steps of an exploit's case, in order."""
    acts = list(_acts(case))
    told: dict[tuple[object, ...], list[int]] = {}
    for alike in _together(acts):
        first = alike[0]
        key = (first.verb, tuple(each.who for each in alike), tuple(each.by for each in alike), first.amount)
        told.setdefault((*key, first.thing), []).append(first.day)
    steps = []
    for (verb, who, by, amount, thing), days in told.items():
        said = _WORDS[str(verb)](who, by, amount, thing)  # type: ignore[arg-type]
        words = Title(zh=_BESIDE.sub(" ", said.zh), en=said.en)
        steps.append(Step(tuple(dict.fromkeys(days)), str(verb), who, amount, words))  # type: ignore[arg-type]
    return steps


def _acts(case: Mapping[str, Data]) -> Iterator[_Act]:
    """The events that mean something to a person: clicks on an invitation, payments and answers go without saying."""
    events: list[dict[str, Data]] = list(case["events"])
    if events and _ENDS in events[-1] and sum(one["at"] == events[-1]["at"] for one in events) == 1:
        events.pop()
    first = _day(str(events[0]["at"])) if events else 0
    joining = {str(one["register"]) for one in events if "register" in one}
    orders: dict[str, _Act] = {}
    for event in events:
        verb, day = next(iter(name for name in event if name != "at")), _day(str(event["at"])) - first + 1
        act = _act(verb, event, day, orders, case["plan"])
        if verb == "click" and str(event["visitor"]) in joining:
            joining.discard(str(event["visitor"]))
        elif act and verb in _WORDS:
            yield act


def _act(verb: str, event: Mapping[str, Data], day: int, orders: dict[str, _Act], plan: Data) -> _Act | None:
    name = str(event[verb])
    if verb == "order":
        goods = " + ".join(dict.fromkeys(str(line["sku"]) for line in event["lines"]))
        orders[name] = _Act(day, verb, str(event["buyer"]), amount=_paid(event, plan), thing=goods)
        return orders[name]
    if verb in ("receive", "refund_open", "refund"):
        order = orders[name]
        if verb == "refund":
            pieces = event.get("quantity")
            return _Act(day, verb, order.who, amount=None if pieces else order.amount, thing=str(pieces or ""))
        return _Act(day, verb, order.who)
    if verb == "register":
        return _Act(day, verb, name, by=str(event.get("inviter", "")))
    if verb == "click":
        return _Act(day, verb, str(event["visitor"]), by=name)
    return _Act(day, verb, name, amount=fen(str(event["amount"])) if verb == "withdraw" else None)


def _day(moment: str) -> int:
    return day_of(dt.date.fromisoformat(moment[:10]))


def _paid(event: Mapping[str, Data], plan: Data) -> int:
    """Fen that an order costs."""
    goods = sum(fen(str(line["price"])) * int(line["quantity"]) for line in event["lines"])
    coupon = plan["coupons"][event["use"]]["amount"] if "use" in event else "0"
    return max(0, goods - min(goods, fen(str(coupon))) - fen(str(event.get("points_off", "0"))))


def _together(acts: Sequence[_Act]) -> list[list[_Act]]:
    """Acts of a day that are alike but for who does them, in the order in which the last of each happens."""
    found: dict[tuple[object, ...], list[_Act]] = {}
    last: dict[tuple[object, ...], int] = {}
    for place, act in enumerate(acts):
        is_customer = not act.who.startswith("A")
        key = (act.day, act.verb, act.amount, act.thing, is_customer)
        alike, last[key] = found.setdefault(key, []), place
        if all((one.who, one.by) != (act.who, act.by) for one in alike) or act.amount is not None:
            alike.append(act)
    return [found[key] for key in sorted(found, key=lambda key: last[key])]


Names = Sequence[str]
Wording = Callable[[Names, Names, int | None, str], Title]


def _people(who: Names) -> Title:
    """Names, a row of them as from–to."""
    names = list(dict.fromkeys(who))
    if names and not names[0].startswith("A"):
        return Title(zh="一位真实顾客", en="an honest customer")
    numbers = [int(name[1:]) for name in names]
    if len(names) > 2 and all(after == before + 1 for before, after in pairwise(numbers)):
        return Title(
            zh=f"{names[0]}–{names[-1]}（{len(names)} 个账号）", en=f"{names[0]}–{names[-1]} ({len(names)} accounts)"
        )
    return Title(zh="、".join(names), en=", ".join(names))


def _each(who: Names, amount: int | None) -> Title:
    """An amount of one, or of each of several."""
    shown = yuan(amount or 0)
    names = len(dict.fromkeys(who))
    times = len(who) // max(1, names)
    often = (f"，各 {times} 笔", f", {times} times each") if times > 1 and names > 1 else ("", "")
    often = (f"，共 {times} 笔", f", {times} times") if times > 1 and names == 1 else often
    if names > 1:
        return Title(zh=f"各 {shown} 元{often[0]}", en=f"{shown} yuan each{often[1]}")
    return Title(zh=f"{shown} 元{often[0]}", en=f"{shown} yuan{often[1]}")


def _register(who: Names, by: Names, _amount: int | None, _thing: str) -> Title:
    names, inviters = _people(who), list(dict.fromkeys(by))
    if len(inviters) == 1:
        return Title(zh=f"{inviters[0]} 邀请{names.zh}注册", en=f"{inviters[0]} invites {names.en} to register")
    return Title(zh=f"{names.zh}依次由前面的账号邀请注册", en=f"{names.en} register, each invited by one before")


def _order(who: Names, _by: Names, amount: int | None, thing: str) -> Title:
    names, each = _people(who), _each(who, amount)
    buy = "buy" if len(set(who)) > 1 else "buys"
    return Title(zh=f"{names.zh}下单付款：{thing}，{each.zh}", en=f"{names.en} {buy} {thing}: {each.en}")


def _refund(who: Names, _by: Names, amount: int | None, thing: str) -> Title:
    names = _people(who)
    many = "" if len(set(who)) > 1 else "s"
    if amount is None:
        return Title(zh=f"{names.zh}退货 {thing} 件", en=f"{names.en} send{many} {thing} back")
    each = _each(who, amount)
    return Title(zh=f"{names.zh}退货，取回{each.zh}", en=f"{names.en} send{many} it back and get{many} {each.en}")


def _withdraw(who: Names, _by: Names, amount: int | None, _thing: str) -> Title:
    names, each = _people(who), _each(who, amount)
    many = "" if len(set(who)) > 1 else "s"
    return Title(zh=f"{names.zh}提现到账，{each.zh}", en=f"{names.en} withdraw{many} {each.en}; it is paid out")


def _plain(zh: str, one: str, several: str) -> Wording:
    def worded(who: Names, _by: Names, _amount: int | None, _thing: str) -> Title:
        names = _people(who)
        return Title(zh=f"{names.zh}{zh}", en=f"{names.en} {several if len(set(who)) > 1 else one}")

    return worded


_WORDS: Mapping[str, Wording] = {
    "register": _register,
    "share": _plain("分享链接", "shares a link", "share links"),
    "click": _plain("点开自己人的链接", "clicks on a link of their own", "click on links of their own"),
    "sign_in": _plain("签到领积分", "signs in for points", "sign in for points"),
    "order": _order,
    "receive": _plain("确认收货", "confirms receipt", "confirm receipt"),
    "refund_open": _plain("申请退货，货先不寄回", "asks for a refund, and waits", "ask for a refund, and wait"),
    "refund": _refund,
    "withdraw": _withdraw,
    "freeze": _plain("被风控冻结", "is frozen by the risk desk", "are frozen by the risk desk"),
}
