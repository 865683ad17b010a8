"""What causes of differences are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.money import in_yuan, percent
from rules.plan.defects import DEFECTS, Defect
from rules.plan.wording.knobs import KNOBS
from sim.experiments.metric_names import Text

NAMES: Mapping[str, Text] = {
    "base_on": Text("计佣基数", "base on"),
    "base_round": Text("实付单价取整", "rounding of the base"),
    "subtract_lower": Text("减去下级所得", "less what lower levels earn"),
    "fee_share": Text("分担手续费", "fee shared"),
    "freight": Text("运费计佣", "freight in base"),
    "rounding": Text("取整方式", "rounding"),
    "round_per": Text("取整单位", "rounding per"),
    "entry_per": Text("记账单位", "entry per"),
    "sku_left_out": Text("单品佣金缺省", "product left out"),
    "rank_rate": Text("等级比例", "rank rate"),
    "stack": Text("比例叠加", "stacking"),
    "zero_amount": Text("零佣金之后", "after a zero amount"),
    "duration_months": Text("计佣月数", "months that earn"),
    "rate_snapshot": Text("比例与等级以何时为准", "rates and ranks at"),
    "upline_snapshot": Text("推荐人以何时为准", "inviters at"),
    "unbound_at_create": Text("下单时无推荐人", "nobody bound when placed"),
    "promoter_by": Text("推广员资格", "promoters by"),
    "eligible_at": Text("资格检查时点", "eligibility at"),
    "hold_from": Text("冻结起点", "hold from"),
    "ineligible_level": Text("不合格层级", "ineligible level"),
    "partial_refund": Text("部分退款", "partial refund"),
    "clawback_unit": Text("按件追回", "clawback by the piece"),
    "refund_after_payout": Text("结算后退款", "refund after payout"),
    "late_refund": Text("跨期退款", "late refund"),
    "self_purchase": Text("自购", "self purchase"),
    "clawback_rounding": Text("追回取整", "clawback rounding"),
}
"""Short names of settings."""

CAPS: Mapping[str, Text] = {
    "order_ratio": Text("单笔佣金上限未执行", "no cap on an order"),
    "member_day": Text("每人每天上限未执行", "no daily cap"),
    "member_month": Text("每人每月上限未执行", "no monthly cap"),
}

FACTS: Mapping[str, Text] = {
    "unexplained": Text("原因不明", "unexplained"),
    "twice": Text("重复记录", "recorded twice"),
    "taken_twice": Text("重复追回", "taken back twice"),
    "quarantined": Text("订单已被导入隔离", "the order was set aside by the import"),
    "unknown_order": Text("数据中没有此订单", "the data have no such order"),
    "no_order": Text("记录没有订单号", "the record names no order"),
    "unknown_member": Text("数据中没有此人", "the data have no such person"),
    "not_received": Text("未收货，平台尚未入账", "goods not received yet: the platform has not booked it"),
    "bound_later": Text("推荐关系晚于成员表所示", "inviter bound later than the members table says"),
    "binding": Text("推荐关系不同：付给了另一位推荐人", "binding differs: another inviter was paid"),
    "level": Text("层级不同", "paid at another level"),
    "not_above": Text("推荐关系不同：收款人不在买家上线", "binding differs: the payee is not above the buyer"),
    "order_missing": Text("整单没有记录", "nothing recorded for the order"),
    "missing": Text("没有记录", "not recorded"),
    "no_take_back": Text("退款未追回", "a refund took nothing back"),
    "cancelled": Text("记录已取消，数据中没有退款", "cancelled in the record, no refund in the data"),
}
"""Causes that are no setting of a plan."""

_AND, _OR = Text(" ＋ ", " + "), Text(" 或 ", " or ")


def both(text: str) -> Text:
    """A text that is the same in both languages."""
    return Text(text, text)


def told(value: object) -> str:
    """A value as a plan file writes it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {one}" for key, one in value.items()) + "}"
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], int):
        return str(value[0]) if value[1] == 0 else f"{value[0]}:{in_yuan(value[1])}"
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list | tuple) else str(value)


def setting(name: str, value: object, own: object) -> tuple[Text, Text | None]:
    """A setting at another value than the plan's: title, and what the value means."""
    named, new, old = NAMES[name], told(value), told(own)
    title = Text(f"{named.zh}：{new}（方案为 {old}）", f"{named.en}: {new} (plan: {old})")
    words = KNOBS.get(name, {}).get(value) if isinstance(value, str | bool) else None
    return title, Text(words.zh, words.en) if words else None


def fault(name: Defect, there: bool) -> tuple[Text, Text]:
    """A platform's fault that the plan does not have, or has."""
    known = DEFECTS[name]
    if there:
        return Text(f"没有缺陷 {name}", f"without the fault {name}"), Text(known.what.zh, known.what.en)
    return Text(f"平台缺陷 {name}", f"platform fault {name}"), Text(known.what.zh, known.what.en)


def caps_off(name: str) -> Text:
    """A cap that is not kept."""
    return CAPS[name]


def level_cap(levels: int) -> Text:
    """Another number of levels."""
    return Text(f"只付 {levels} 级", f"{levels} level{'s' if levels > 1 else ''} paid")


def no_campaigns() -> Text:
    """Campaigns that did not count."""
    return Text("活动倍数未执行", "campaigns not counted")


def other_rate(level: int, category: str | None, rate: int, own: int) -> Text:
    """Another rate."""
    zh, en = (f"，{category} ", f" for {category}") if category else ("", "")
    return Text(
        f"第 {level} 级{zh}比例 {percent(rate)}（方案为 {percent(own)}）",
        f"level {level} at {percent(rate)}{en} (plan: {percent(own)})",
    )


def rank_of(rank: str) -> Text:
    """A payee of another rank."""
    return Text(f"收款人等级为 {rank}", f"the payee had the rank {rank}")


def not_in_records(component: str) -> Text:
    """A component that the platform keeps elsewhere."""
    return Text(f"平台记录中没有此类佣金：{component}", f"no such commission in the records: {component}")


def together(parts: Sequence[Text]) -> Text:
    """Several causes that act together."""
    return Text(_AND.zh.join(one.zh for one in parts), _AND.en.join(one.en for one in parts))


def either(parts: Sequence[Text]) -> Text:
    """Causes that the data cannot tell apart."""
    return Text(_OR.zh.join(one.zh for one in parts), _OR.en.join(one.en for one in parts))
