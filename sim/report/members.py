"""What became of members, in the terminal and for `--json` (there in yuan)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text as Styled

from rules.money import yuan
from sim.experiments.metric_names import Lang, Text
from sim.members import CHURN_TARGET, Life, Members
from sim.report.figures import NONE, part
from sim.report.tables import head, table_of

_HEADING = Text("会员", "Members")
_STAGES = Text("阶段|会员|推广员|上四周收入", "stage|members|promoters|income, last four weeks")
_STAGE = {
    "newcomer": Text("新会员", "newcomers"),
    "growing": Text("成长", "growing"),
    "mature": Text("成熟", "mature"),
    "dormant": Text("沉睡", "dormant"),
    "lost": Text("流失", "lost"),
}
_CASES = Text("干预|人次|当场挽回|成本|之后四周推广额", "care|cases|worked|cost|promoted in four weeks after")
_CASE = {
    "push": Text("推送高佣商品", "high-commission goods"),
    "adviser": Text("专属顾问", "personal adviser"),
}
_CHURN = Text(
    "月流失率（四周）：{months}；目标低于 {target}；共流失 {left} 人，回来 {returned} 人",
    "churn by month of four weeks: {months}; target below {target}; {left} left, {returned} came back",
)
_BALANCE = Text("活跃推广员中新会员占 {part}", "newcomers are {part} of the promoters who come")
_ACTS = {
    "welcomed": Text("新人礼 {n} 份", "{n} welcomed"),
    "first_shares": Text("首次分享任务 {n} 人", "{n} did the first task"),
    "trained": Text("培训 {n} 人", "{n} trained"),
    "written_to": Text("召回消息 {n} 条", "{n} of the dormant written to"),
    "recalled": Text("召回 {n} 人", "{n} of them came back"),
}
_MESSAGES = Text(
    "消息：发送 {sent}，打开 {opened}（{rate}），促成提前下单 {hurried}，退订 {refused} 人，成本 {cost} 元",
    "messages: {sent} sent, {opened} opened ({rate}), {hurried} orders hurried, {refused} opted out, cost {cost}",
)
_COUPONS = Text(
    "优惠券：发放 {granted}，使用 {used}（{rate}），抵扣 {off} 元",
    "coupons: {granted} granted, {used} used ({rate}), {off} yuan taken off",
)
_POINTS = Text(
    "积分：未用 {outstanding}，下单抵扣 {spent}（{off} 元），礼品 {gifts}",
    "points: {outstanding} outstanding, {spent} spent on orders ({off} yuan), gifts {gifts}",
)
_COST = Text("会员运营费用合计 {cost} 元", "programmes cost {cost} yuan in all")


def print_members(console: Console, found: Members, lang: Lang) -> None:
    """Small tables: stages, care; and a line each for what else there is."""
    head(console, _HEADING.say(lang))
    if found.life:
        _print_life(console, found.life, lang)
    for line in _lines(found, lang):
        console.print(Styled(line))
    console.print(Styled(_COST.say(lang).format(cost=yuan(found.cost))))


def _print_life(console: Console, life: Life, lang: Lang) -> None:
    table = table_of(_STAGES.say(lang))
    for one in life.stages:
        table.add_row(_STAGE[one.name].say(lang), f"{one.members:,}", f"{one.promoters:,}", yuan(one.income))
    console.print(table)
    months = " ".join(part(one) for one in life.churn) or NONE
    told = {"months": months, "target": part(CHURN_TARGET), "left": life.left, "returned": life.returned}
    console.print(Styled(_CHURN.say(lang).format(**told)))
    console.print(Styled(_BALANCE.say(lang).format(part=part(life.new_promoters))))
    if life.cases:
        table = table_of(_CASES.say(lang))
        for case in life.cases:
            title = _CASE[case.kind].say(lang)
            table.add_row(title, f"{case.cases:,}", f"{case.worked:,}", yuan(case.cost), yuan(case.brought))
        console.print(table)
    if life.acts:
        acts = [_ACTS[name].say(lang).format(n=f"{count:,}") for name, count in life.acts.items()]
        console.print(Styled({"zh": "，", "en": ", "}[lang].join(acts)))


def _lines(found: Members, lang: Lang) -> list[str]:
    lines = []
    if sent := found.messages:
        rate = part(sent["opened"] / sent["sent"])
        lines.append(_MESSAGES.say(lang).format(**sent | {"rate": rate, "cost": yuan(sent["cost"])}))
    if coupons := found.coupons:
        rate = part(coupons["used"] / coupons["granted"] if coupons["granted"] else None)
        lines.append(_COUPONS.say(lang).format(**coupons | {"rate": rate, "off": yuan(coupons["off"])}))
    if points := found.points:
        gifts = " ".join(f"{name} {count}" for name, count in points["gifts"].items()) or NONE
        told = {"outstanding": points["outstanding"], "spent": points["spent_on_orders"], "off": yuan(points["off"])}
        lines.append(_POINTS.say(lang).format(**told, gifts=gifts))
    return lines


def members_told(found: Members) -> dict[str, Any]:
    """The same for `--json`: the keys `care`, `lifecycle`, `messages`, `coupons`, `points`; money in yuan."""
    told: dict[str, Any] = {"programme_cost": found.cost / 100}
    if life := found.life:
        cases = [asdict(one) | {"cost": one.cost / 100, "brought": one.brought / 100} for one in life.cases]
        told["care"] = {
            "churn": list(life.churn),
            "target": CHURN_TARGET,
            "left": life.left,
            "returned": life.returned,
            "cases": cases,
        }
        stages = [asdict(one) | {"income": one.income / 100} for one in life.stages]
        told["lifecycle"] = {"stages": stages, "new_promoters": life.new_promoters, **life.acts}
    if found.messages:
        told["messages"] = found.messages | {"cost": found.messages["cost"] / 100}
    if found.coupons:
        told["coupons"] = found.coupons | {"off": found.coupons["off"] / 100}
    if found.points:
        told["points"] = found.points | {"off": found.points["off"] / 100}
    return told
