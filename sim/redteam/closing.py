"""What would close an exploit: one setting of the plan changed, the same moves and a short search again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.plan.values import Title
from rules.plan.write import plan_data
from rules.plan.yaml import Data
from sim.redteam.search import Exploit, Tries, climb, space_of
from sim.redteam.templates import TEMPLATES, Template
from sim.redteam.world import REFUND_TAKES, Means, World
from sim.risk.rules import RiskRules

TRIES = 40
"""Tries of the short search under a changed plan."""


@dataclass(frozen=True)
class Change:
    """One setting of a plan, or of the risk rules, and what it would be, as the file writes it."""

    setting: str
    title: Title
    plan: Plan
    risk: RiskRules | None = None


def closing(exploit: Exploit, world: World, seed: int) -> list[Change]:
    """The changes, each of one setting, under which the exploit and what lies around it pay nothing, mildest first."""
    tried = [*(_guards(world.plan, world.risk) if world.risk else []), *changes(world.plan, world.means)]
    return [change for change in tried if _closes(exploit, under(world, change), seed)]


def under(world: World, change: Change) -> World:
    """The same world with one setting changed."""
    return replace(world, plan=change.plan, risk=change.risk or world.risk)


def withdrawn_under(exploit: Exploit, change: Change) -> int:
    """Fen that the very same moves draw out under the changed plan; both engines come to the same.

    Raises:
        AssertionError: they do not.
    """
    case = {**exploit.case, "plan": plan_data(change.plan), "expect": {}}
    result = run_case(parse_case(case))
    assert result.passed, result.problems
    ours = {str(one["id"]) for one in exploit.case["members"]}
    return sum(held["withdrawn"] for name, held in result.balances.items() if name in ours)


def _guards(plan: Plan, rules: RiskRules) -> Iterator[Change]:
    """Tighter risk rules."""
    given, limits, line = rules.thresholds, rules.limits, rules.model_copy(update={"freeze_below": 75})
    by_device = limits.model_copy(update={"registrations_per_device": 1})
    one = rules.model_copy(update={"limits": by_device})
    barren = rules.model_copy(update={"thresholds": given.model_copy(update={"barren_income": 20_00})})
    silent = rules.model_copy(update={"thresholds": given.model_copy(update={"silent_shares": 6})})
    words = {
        "freeze_below: 75": ("信用低于 75 即冻结", "accounts are frozen below a credit of 75", line),
        "limits.registrations_per_device: 1": ("每台设备只能注册一个账号", "one account a device", one),
        "thresholds.barren_income: 20": ("无销售的收入满 20 元即可疑", "20 yuan without sales are a sign", barren),
        "thresholds.silent_shares: 6": ("连续 6 次无人打开的分享即可疑", "six shares nobody opens are a sign", silent),
    }
    for setting, (zh, en, tighter) in words.items():
        if tighter != rules:
            yield Change(f"risk.{setting}", Title(zh=zh, en=en), plan, tighter)


def _closes(exploit: Exploit, world: World, seed: int) -> bool:
    """Whether neither the exploit pays nor another template of the same moves, as of accounts that are left behind."""
    alike = [template for template in TEMPLATES if template.play is exploit.template.play]
    return not any(_pays(template, exploit.numbers, world, seed) for template in alike)


def _pays(template: Template, numbers: Mapping[str, int], world: World, seed: int) -> bool:
    """Whether a template pays with these numbers, or with others that a short search finds."""
    if not template.applies(world.plan):
        return False
    tries, space, luck = Tries(template, world, TRIES), space_of(template, world), random.Random(seed)
    climb(tries, space, dict(numbers), luck)
    while tries.left > 0 and tries.best() is None:
        before = tries.made
        climb(tries, space, {name: luck.choice(values) for name, values in space.items()}, luck)
        if tries.made == before:
            break
    return tries.best() is not None


def changes(plan: Plan, means: Means) -> Iterator[Change]:
    """Changes of one setting that are not in the plan already, from small print to taking something out."""
    data = plan_data(plan)
    for path, value, title in [*_small_print(plan, means), *_terms(plan), *_limits(plan), *_without(plan)]:
        changed = _with(data, path, value)
        try:
            other = parse_plan(changed)
        except InputError:
            continue
        if plan_data(other) != data:
            yield Change(_setting(data, path, value), title, other)


_Path = tuple[str | int, ...]
_Setting = tuple[_Path, Data, Title]
"""Where in a plan's data, what is written there (None takes it out), and what that means."""


def _small_print(plan: Plan, means: Means) -> Iterator[_Setting]:
    after_returns = means.returns + REFUND_TAKES + 1
    wait = Title(zh="退款未决时不结算", en="nothing settles while a refund is open")
    yield ("semantics", "settle_while_refund_open"), "wait", wait
    owed = Title(zh="提现后退货，佣金转为欠款", en="commission paid out is owed after a refund")
    yield ("semantics", "refund_after_payout"), "negative_balance", owed
    received = Title(zh="冻结期自确认收货起算", en="the hold begins at receipt")
    yield ("semantics", "hold_from"), "receipt", received
    for hold in (after_returns, after_returns + plan.settlement.auto_receive_days):
        if plan.settlement.hold_days < hold:
            longer = Title(zh=f"冻结期延长到 {hold} 天，长于退货期", en=f"a hold of {hold} days, longer than returns")
            yield ("settlement", "hold_days"), hold, longer
    late = Title(zh="结账后退货，重算当期奖励", en="a refund after the close recomputes the period")
    yield ("semantics", "late_refund"), "recompute", late
    if plan.commission.ladder:
        parts = Title(zh="阶梯分段计算，不追溯整档", en="each bracket pays its own part only")
        yield ("commission", "ladder", "mode"), "marginal", parts
    yield ("semantics", "clawback_rounding"), "ceil", Title(zh="追回向上取整", en="what is taken back is rounded up")
    yield ("semantics", "rounding"), "floor", Title(zh="佣金舍去零头", en="commission is rounded down")
    yield (
        ("semantics", "partial_refund"),
        "pro_rata",
        Title(zh="部分退货按比例追回", en="partial refunds take their part"),
    )
    yield ("semantics", "self_purchase"), "none", Title(zh="本人下单不计佣", en="nothing on one's own order")
    yield ("semantics", "defects"), [], Title(zh="修复已知缺陷", en="the known faults are repaired")


def _limits(plan: Plan) -> Iterator[_Setting]:
    ratio = plan.caps.order_ratio
    if ratio is None or ratio > 300_000:
        most = Title(zh="单笔订单佣金不超过 30%", en="at most 30 % of an order")
        yield ("caps", "order_ratio"), "30%", most
    if plan.withdrawal.minimum < 100_00:
        yield ("withdrawal", "minimum"), 100, Title(zh="满 100 元才可提现", en="withdrawals from 100 yuan")
    for name, yuan in (("member_day", 50), ("member_month", 500)):
        stated = getattr(plan.caps, name)
        if stated is None or stated > yuan * 100:
            period = {"member_day": ("日", "day"), "member_month": ("月", "month")}[name]
            words = Title(zh=f"每人每{period[0]}最多 {yuan} 元", en=f"at most {yuan} yuan a member and {period[1]}")
            yield ("caps", name), yuan, words


def _terms(plan: Plan) -> Iterator[_Setting]:
    ranks: Data = plan_data(plan)["ranks"]
    bought = [rank for rank in ranks if {"orders", "spend", "single_order"} & set(rank.get("join", {}))]
    by_sales = [
        rank | {"join": {"promoted_volume": 500 * number}} if rank in bought else rank
        for number, rank in enumerate(ranks)
    ]
    if bought:
        words = Title(zh="等级按扣除退货后的推广额取得", en="ranks by what was promoted, net of refunds")
        yield ("ranks",), by_sales, words
    for number, bonus in enumerate(plan.bonuses):
        if bonus.event == "invites" and bonus.counted != "first_order":
            buyers = Title(zh=f"奖励 {bonus.id} 只计首单用户", en=f"bonus {bonus.id} counts people who have bought")
            yield ("bonuses", number, "counted"), "first_order", buyers


def _without(plan: Plan) -> Iterator[_Setting]:
    for number, bonus in enumerate(plan.bonuses):
        yield ("bonuses", number), None, Title(zh=f"取消奖励 {bonus.id}", en=f"without the bonus {bonus.id}")


def _with(data: Data, path: _Path, value: Data) -> Data:
    """A copy of a plan's data with one setting changed; None takes an item of a list out."""
    changed = deepcopy(data)
    place = changed
    for part in path[:-1]:
        place = place.setdefault(part, {}) if isinstance(place, dict) else place[part]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def _setting(data: Data, path: _Path, value: Data) -> str:
    """A change in the words of a plan file."""
    if value is None:
        return f"{path[0]}: without {data[path[0]][path[1]]['id']}"
    return f"{'.'.join(str(part) for part in path)}: {_written(value)}"


def _written(value: Data) -> str:
    if isinstance(value, list):
        return "; ".join(f"{one['id']}: {_written(one['join'])}" for one in value if "join" in one) or "[]"
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return str(value)
