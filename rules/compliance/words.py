"""Evidence in words, Chinese and English: for each measure the order, person or month that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rules.compliance.evidence import Evidence, NearThreshold, Seen
from rules.compliance.rulebook import Measure
from rules.money import yuan
from rules.plan.model import Plan
from rules.plan.values import Title


def _levels(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    zh, en = f"方案计佣 {plan.reach} 级", f"the plan pays {plan.reach} levels"
    if seen.value:
        zh += f"，实际最深 {seen.value} 级：订单 {seen.order}，会员 {seen.member}"
        en += f", the deepest that was paid is {seen.value}: order {seen.order}, member {seen.member}"
    return Title(zh=zh, en=en)


def _persons(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    zh, en = f"{evidence.orders:,} 单中一单最多付给 {seen.value} 人", f"of {evidence.orders:,} orders one pays at most"
    if not seen.value:
        return Title(zh=zh, en=f"{en} 0 persons")
    return Title(zh=f"{zh}：订单 {seen.order}", en=f"{en} {seen.value} persons: order {seen.order}")


def _order_ratio(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh=f"{evidence.orders:,} 单均无佣金", en=f"none of {evidence.orders:,} orders pays anything")
    pays, goods = yuan(seen.part), yuan(seen.whole)
    return Title(
        zh=f"{evidence.orders:,} 单中占比最高：订单 {seen.order}，佣金 {pays} / 实付 {goods}",
        en=f"highest of {evidence.orders:,} orders: order {seen.order} pays {pays} on {goods}",
    )


def _person_ratio(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh=f"{evidence.orders:,} 单均无佣金", en=f"none of {evidence.orders:,} orders pays anything")
    pays, goods = yuan(seen.part), yuan(seen.whole)
    return Title(
        zh=f"{evidence.orders:,} 单中一人占比最高：订单 {seen.order}，会员 {seen.member} 得 {pays} / 实付 {goods}",
        en=f"highest of one person in {evidence.orders:,} orders: member {seen.member}, order {seen.order}, "
        f"{pays} on {goods}",
    )


def _team_share(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh="无团队报酬", en="no team pay")
    team, whole = yuan(seen.part), yuan(seen.whole)
    return Title(
        zh=f"最高月份 {seen.month}：团队 {team} / 全部 {whole}，其中会员 {seen.member} 最多",
        en=f"worst month {seen.month}: team {team} of {whole}, most of it to member {seen.member}",
    )


def _team_pay(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh="无团队报酬", en="no team pay")
    most = yuan(seen.value)
    return Title(
        zh=f"一人一月团队所得最多 {most}：会员 {seen.member}，{seen.month}",
        en=f"most from team components in a month {most}: member {seen.member}, {seen.month}",
    )


def _recruit_pay(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh="无人因拉新得钱", en="nobody was paid for recruiting")
    most = yuan(seen.value)
    return Title(
        zh=f"无销售的拉新所得，一人最多 {most}：会员 {seen.member}",
        en=f"most for recruiting without a sale {most}: member {seen.member}",
    )


def _own_sales_ratio(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh="无人得佣", en="nobody was paid")
    pay, goods = yuan(seen.part), yuan(seen.whole)
    return Title(
        zh=f"会员 {seen.member}，{seen.month}：所得 {pay} / 本人直接销售 {goods}",
        en=f"member {seen.member}, {seen.month}: paid {pay} on own direct sales of {goods}",
    )


def _tree_people(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh="没有三级以上的下线", en="no tree has three levels")
    return Title(
        zh=f"三级以上最大的一支：会员 {seen.member} 名下 {seen.value:,} 人（含本人），{seen.depth} 级",
        en=f"largest tree of three levels: {seen.value:,} people with member {seen.member} on top, {seen.depth} levels",
    )


def _inside_share(seen: Seen, evidence: Evidence, plan: Plan) -> Title:
    if not seen.value:
        return Title(zh="计佣销售中没有参与者自购", en="participants bought nothing that earned commission")
    part, whole = yuan(seen.part), yuan(seen.whole)
    return Title(
        zh=f"最高月份 {seen.month}：参与者自购 {part} / 计佣销售 {whole}",
        en=f"worst month {seen.month}: participants bought {part} of {whole} that earned commission",
    )


WORDS: Mapping[Measure, Callable[[Seen, Evidence, Plan], Title]] = {
    "levels": _levels,
    "paid_persons": _persons,
    "order_ratio": _order_ratio,
    "person_ratio": _person_ratio,
    "team_share": _team_share,
    "team_pay": _team_pay,
    "recruit_pay": _recruit_pay,
    "own_sales_ratio": _own_sales_ratio,
    "tree_people": _tree_people,
    "inside_share": _inside_share,
}
"""What was seen of each measure, in a sentence."""

_THRESHOLDS = {
    "name_check": Title(zh="实名校验", en="name check"),
    "review": Title(zh="人工审核", en="review"),
    "large_transfer": Title(zh="大额交易报告", en="large-transfer report"),
}


def further(evidence: Evidence) -> list[Title]:
    """What no rule has a limit for: entry purchases, and payouts next to a threshold."""
    bought, said = evidence.entry_purchase, []
    if bought.promoters:
        median = yuan(bought.median)
        said.append(
            Title(
                zh=f"成为推广员前自购：{bought.promoters:,} 人，中位数 {median}；{bought.buyers:,} 人此前买过，"
                f"其中 {bought.exact:,} 人首单恰为等级要求的金额",
                en=f"bought before becoming a promoter: {bought.promoters:,} people, median {median}; "
                f"{bought.buyers:,} had bought by then, {bought.exact:,} of them first for exactly what a rank asks",
            )
        )
    return said + [_near(one) for one in evidence.payouts if one.below or one.above]


def _near(one: NearThreshold) -> Title:
    name, amount = _THRESHOLDS[one.threshold], yuan(one.amount)
    return Title(
        zh=f"提现在{name.zh}线 {amount} 附近 5%：线下 {one.below:,} 笔，线上 {one.above:,} 笔",
        en=f"payouts within 5 % of the {name.en} at {amount}: {one.below:,} below, {one.above:,} above",
    )
