"""From entry to bank in words: hold 冻结 and settlement 结算, withdrawal 提现, tax, disputes 争议."""

from __future__ import annotations

from collections.abc import Iterator

from rules.payout.channel import channel_of
from rules.payout.credit import CreditHold
from rules.payout.hold import Cycle
from rules.payout.tax import RULES, TaxTable
from rules.payout.withdrawal import Withdrawal
from rules.plan.limits import BonusEvent
from rules.plan.wording.small_print import knob
from rules.plan.wording.words import WEEKDAYS, Part, Path, Sentence, Terms, Words, clock, money, rate, say

_HOLD_FROM = {
    "create": Words("下单", "the order was placed"),
    "pay": Words("付款", "payment"),
    "receipt": Words("确认收货", "receipt of the goods"),
}


def settlement(terms: Terms) -> Iterator[Part]:
    """When commission becomes money that can be withdrawn."""
    rule = terms.plan.settlement
    yield Sentence(
        Words(
            "订单付款后，佣金即记入明细，为“待收货”；进入冻结期后为“冻结中”；结算后为“可提现”。",
            "Commission is entered when the order is paid, as pending; it is held during the hold, and available "
            "once settled.",
        )
    )
    yield Sentence(
        say(
            "冻结期 {days} 天，自{moment}起算。",
            "The hold is {days} {unit} from {moment}.",
            days=rule.hold_days,
            unit="day" if rule.hold_days == 1 else "days",
            moment=_HOLD_FROM[terms.plan.semantics.hold_from],
        ),
        (("settlement", "hold_days"), ("semantics", "hold_from")),
    )
    yield from _credit_holds(rule.credit_holds)
    cycle = say("冻结期满后，于{when} 结算。", "After the hold it is settled {when}.", when=_cycle(rule.cycle))
    yield Sentence(cycle, (("settlement", "cycle"),))
    yield from (knob(terms, name) for name in ("hold_boundary", "settle_while_refund_open", "frozen_at_settlement"))
    yield Sentence(
        say(
            "付款（或发货）满 {days} 天未确认收货的，视为收货。",
            "Goods count as received {days} {unit} after payment, or after shipping.",
            days=rule.auto_receive_days,
            unit="day" if rule.auto_receive_days == 1 else "days",
        ),
        (("settlement", "auto_receive_days"),),
    )
    if _outside_orders(terms):
        yield Sentence(
            Words(
                "不属于某个订单的奖励、按期计算的奖励，自记入之时起算冻结期。",
                "What belongs to no order is held from the moment it is entered.",
            )
        )


def _credit_holds(holds: list[CreditHold]) -> Iterator[Sentence]:
    """Who is held longer, and which score counts."""
    place: Path = ("settlement", "credit_holds")
    for number, hold in enumerate(holds, 1):
        text = say(
            "信用分低于 {below} 的，冻结期延长至 {days} 天。",
            "For whose credit is below {below} the hold is {days} {unit}.",
            below=hold.below,
            days=hold.days,
            unit="day" if hold.days == 1 else "days",
        )
        yield Sentence(text, ((*place, str(number)),))
    if holds:
        yield Sentence(
            Words(
                "以每次结算时的信用分为准，同时符合几项的取最长的；信用分恢复的，自下一次结算起按恢复后的分数。"
                "同一订单其他人的佣金不受影响。",
                "The score at each settlement counts, and of several holds the longest; once a score has recovered, "
                "the next settlement goes by it. Others who earn on the same order do not wait.",
            ),
            (place,),
        )


_ON_ORDERS: frozenset[BonusEvent] = frozenset({"first_promoted_order", "first_order_of_day", "new_promoter"})


def _outside_orders(terms: Terms) -> bool:
    """Whether anything is paid that belongs to no order."""
    rewards = any(bonus.event not in _ON_ORDERS for bonus in terms.plan.bonuses)
    return rewards or bool(terms.plan.contests) or terms.by_period is not None


def _cycle(cycle: Cycle) -> Words:
    if cycle.every == "week":
        return say("每{day} {at}", "every {day} at {at}", day=WEEKDAYS[cycle.weekday], at=clock(cycle.at))
    if cycle.every == "month":
        return say("每月 1 日 {at}", "on the 1st of every month at {at}", at=clock(cycle.at))
    return say("每天 {at}", "every day at {at}", at=clock(cycle.at))


def withdrawal(terms: Terms) -> Iterator[Part]:
    """What a request for a payout must satisfy, and what becomes of it."""
    rule = terms.plan.withdrawal
    least = max(1, rule.minimum)
    yield Sentence(
        say("每次提现不低于 {least}。", "A withdrawal is {least} or more.", least=money(least)),
        (("withdrawal", "minimum"),),
    )
    if rule.maximum is not None:
        text = say("每次提现不超过 {most}。", "A withdrawal is {most} or less.", most=money(rule.maximum))
        yield Sentence(text, (("withdrawal", "maximum"),))
    if rule.per_day is not None:
        text = say("每天最多申请 {n} 次。", "At most {n} a day.", n=rule.per_day)
        yield Sentence(text, (("withdrawal", "per_day"),))
    if rule.per_month is not None:
        text = say("每个自然月最多申请 {n} 次。", "At most {n} in a calendar month.", n=rule.per_month)
        yield Sentence(text, (("withdrawal", "per_month"),))
    if rule.fee:
        yield Sentence(
            say("手续费为提现金额的 {fee}，从中扣除。", "A fee of {fee} is kept of the amount.", fee=rate(rule.fee)),
            (("withdrawal", "fee"),),
        )
        yield knob(terms, "fee_rounding")
    else:
        yield Sentence(Words("提现不收手续费。", "There is no fee."), (("withdrawal", "fee"),))
    if rule.real_name:
        yield Sentence(
            Words("提现前须完成实名认证。", "A real name must be registered first."), (("withdrawal", "real_name"),)
        )
    if rule.tax_registered:
        yield Sentence(
            Words("提现前须完成税务登记。", "Registration for tax comes first."), (("withdrawal", "tax_registered"),)
        )
    if rule.e_signature:
        yield Sentence(
            Words("提现前须电子签署付款协议。", "The payout agreement must be signed first."),
            (("withdrawal", "e_signature"),),
        )
    if rule.review_over is not None:
        text = say(
            "单次超过 {over}的，人工审核后付款。",
            "A person looks at requests over {over} before they are paid.",
            over=money(rule.review_over),
        )
        yield Sentence(text, (("withdrawal", "review_over"),))
    if rule.review_credit_below is not None:
        text = say(
            "信用分低于 {below} 的，无论金额，人工审核后付款。",
            "A person looks at every request of whose credit is below {below} before it is paid.",
            below=rule.review_credit_below,
        )
        yield Sentence(text, (("withdrawal", "review_credit_below"),))
    yield from _channel(rule)
    yield Sentence(
        Words(
            "申请时金额即从可提现余额转出；审核未通过或付款失败的，全额退回余额，不收手续费。"
            "付款结果不明的，待渠道答复之后再处理，不重复付款。",
            "The amount leaves the balance with the request. If the request is rejected or the payment fails, all of "
            "it comes back "
            "and no fee is kept. While the outcome of a payment is unknown nothing is paid again.",
        )
    )


_CHANNEL = {
    "minimum": ("付款通道每笔到账不低于 {n}。", "The payout channel takes {n} or more a payment."),
    "per_payment": ("付款通道每笔到账不超过 {n}。", "The payout channel takes {n} or less a payment."),
    "per_day": ("付款通道每位会员每天到账合计不超过 {n}。", "The payout channel takes {n} or less a member and day."),
    "payments_per_day": (
        "付款通道每位会员每天最多 {n} 笔。",
        "The payout channel takes {n} payments a member and day.",
    ),
    "shop_per_day": (
        "付款通道每天为商城付款合计不超过 {n}。",
        "The payout channel takes {n} or less a day of the whole store.",
    ),
}


def _channel(rule: Withdrawal) -> Iterator[Sentence]:
    """The limits of the payout channel, the plan's own or shipped ones."""
    limits = channel_of(rule)
    for key, texts in _CHANNEL.items() if limits else ():
        limit = getattr(limits, key)
        if limit:
            shown = limit if key == "payments_per_day" else money(limit)
            about = ("withdrawal", "channel") if isinstance(rule.channel, str) else ("withdrawal", "channel", key)
            yield Sentence(say(*texts, n=shown), (about,))


_TAX = {
    "none": Words("商城不代扣个人所得税和增值税。", "The store withholds no income tax and no VAT."),
    "cn_labour": Words(
        "付款时按劳务报酬代扣个人所得税，一个自然月合并计算：4,000 元以下减 800 元，超过的减 20%，按 20%、30%、40% "
        "预扣。",
        "Income tax is withheld from payouts as labour remuneration, a calendar month taken together: less 800 yuan up "
        "to 4,000, less 20 % above, at 20 %, 30 % or 40 %.",
    ),
    "cn_platform_2025": Words(
        "付款时按平台内从业人员的累计预扣法代扣个人所得税：当年连续月份的收入合并，减去 20% 的费用和每月 5,000 元，"
        "按 3% 至 45% 预扣；"
        "中断一个月的，重新起算。",
        "Income tax is withheld from payouts by the cumulative method for people who work on platforms: income of "
        "months in "
        "a row of the year, less 20 % and less 5,000 yuan a month, at 3 % to 45 %; a month without a payout starts the "
        "count anew.",
    ),
}


def tax(terms: Terms) -> Iterator[Part]:
    """What is withheld, and the tables it is taken from."""
    rule = terms.plan.withdrawal.tax
    about = (("withdrawal", "tax"),)
    yield Sentence(_TAX[rule.removesuffix("_vat")], about)
    if rule.endswith("_vat"):
        yield Sentence(
            Words(
                "一个自然月的付款达到 100,000 元的（2025 年为超过），当月全额代扣 1% 的增值税。",
                "Once the payouts of a calendar month reach 100,000 yuan (in 2025: exceed it), 1 % of VAT is "
                "withheld of "
                "all of them.",
            ),
            about,
        )
    for table in RULES[rule]:
        yield Sentence(_table(table), about)
    if rule != "none":
        yield Sentence(
            Words(
                "税按扣除手续费之前的金额计算；本期款项不足以扣缴的，下次付款时补扣。具体以主管税务机关的规定为准。",
                "Tax is of the amount before the fee; what a payment does not suffice for is withheld from the next. "
                "The tax "
                "office has the last word.",
            )
        )


def _table(table: TaxTable) -> Words:
    """Where a table comes from, and from when to when it is in force."""
    until = Words("", "") if table.to is None else say("至 {day}", " to {day}", day=table.to.isoformat())
    return say(
        "依据：{title}，自 {first} 起{until}（{source}）。",
        "By: {title}, from {first}{until}.",
        title=Words(table.title.zh, table.title.en),
        first=table.from_.isoformat(),
        until=until,
        source=table.source,
    )


_DISPUTES = (
    Words(
        "每一笔佣金都有明细：哪个订单、第几级、计佣金额、比例、取整、封顶和追回。对金额有疑问的，"
        "可以要求商城出示该笔的逐步计算。",
        "Every amount has an entry: the order, the level, what commission was taken of, rate, rounding, caps, and "
        "what was taken "
        "back. Whoever doubts an amount can ask to see its calculation step by step.",
    ),
    Words(
        "明细只增不改：更正和追回都另记一笔。方案变更不影响已记入的明细。",
        "Entries are added and never changed: a correction is an entry of its own. A change of the plan leaves what "
        "was entered as it is.",
    ),
    Words(
        "对推荐关系有争议的，由商城核实后更正，更正只影响以后的订单。",
        "Where it is in dispute who brought whom, the store looks into it; a correction concerns later orders.",
    ),
    Words(
        "账户因涉嫌虚假交易被冻结的，冻结期间的订单不计佣金，也不能提现；已有的余额保留，由人工复核后决定是否解冻。",
        "An account frozen on suspicion of fake trades earns nothing on orders made meanwhile and cannot withdraw; "
        "what it has stays, and "
        "a person decides whether it is opened again.",
    ),
    Words(
        "受理渠道和答复时限，以商城公布的为准。",
        "Where to turn to, and when an answer is due, is announced by the store.",
    ),
)


def disputes(terms: Terms) -> Iterator[Part]:
    """What a member can ask for, until when, and what the store can and cannot do."""
    yield Sentence(_DISPUTES[0])
    rule = terms.plan.disputes
    if rule is not None:
        yield Sentence(
            say(
                "会员可在佣金结算后 {days} 天内对订单提出申诉；申诉期间，该订单尚未结算的佣金暂不结算。"
                "申诉成立的，以调整明细补付或扣回，并写明理由。",
                "A member may dispute an order for {days} days after its commission was settled. Meanwhile what is not "
                "settled yet of the order waits. A dispute that is upheld may come with an adjustment, an entry with "
                "its "
                "reason.",
                days=rule.days,
            ),
            (("disputes", "days"),),
        )
    yield from (Sentence(words) for words in _DISPUTES[1:])
