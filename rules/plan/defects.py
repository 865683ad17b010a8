"""Known faults of live platforms, to be switched on by name (`semantics.defects`): what they cost, and whom.

A plan without any computes what is right. With a fault switched on both engines compute what the platform pays, so
that an operator sees the difference on the same orders. Each fault stands in the mechanism that it spoils.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rules.plan.values import Title

Defect = Literal[
    "freight_times_quantity",
    "coupon_not_deducted",
    "half_percent_dropped",
    "zero_share_keeps_place",
    "no_clawback",
    "blended_refund_rate",
    "refund_adds",
    "refund_rounded_each",
    "repeated_notice_pays",
    "stock_not_restored",
    "settled_differential_kept",
]


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        platform: where it was found.
        source: how it is known.
        what: what goes wrong.
    """

    platform: str
    source: str
    what: Title


DEFECTS: dict[Defect, Fault] = {
    "freight_times_quantity": Fault(
        "CRMEB",
        "its code",
        Title(
            zh="按实付计佣时，整行运费又乘了一次件数",
            en="where commission is on what was paid, the line's whole freight is multiplied by the pieces again",
        ),
    ),
    "coupon_not_deducted": Fault(
        "OpenCart",
        "its code",
        Title(
            zh="按优惠前的小计计佣，优惠券没有扣除",
            en="commission is on the subtotal before coupon and other discounts",
        ),
    ),
    "half_percent_dropped": Fault(
        "CRMEB",
        "its code",
        Title(
            zh="团长佣金比例只保留整数百分点：12.5% 按 12% 计",
            en="the rate of a group's head is cut to whole percents: 12.5% counts as 12%",
        ),
    ),
    "zero_share_keeps_place": Fault(
        "Xboard",
        "its code",
        Title(
            zh="某一级金额为 0 时不向上移动，下一级的佣金被同一人拿走",
            en="a level whose amount is 0 does not move up the chain: the same person collects the next level's share",
        ),
    ),
    "no_clawback": Fault(
        "OpenCart",
        "its code; opencart #7703",
        Title(zh="退款后佣金不追回", en="a refund takes nothing back"),
    ),
    "blended_refund_rate": Fault(
        "tezgah",
        "tezgah #144",
        Title(
            zh="退一行商品时，按整单平均比例追回，而不按该行的比例",
            en="a refund of one line is taken back at the order's average rate, not at the line's",
        ),
    ),
    "refund_adds": Fault(
        "adempiere",
        "adempiere #1628",
        Title(zh="退款时佣金不减反加", en="a refund adds commission instead of taking it back"),
    ),
    "refund_rounded_each": Fault(
        "gumroad",
        "its own test",
        Title(
            zh="每次退款各自取整：先部分后全额退款，多追回一分",
            en="each refund is rounded on its own: a partial refund and then the rest take back a cent too much",
        ),
    ),
    "repeated_notice_pays": Fault(
        "SSPanel-UIM",
        "SSPanel-UIM #2336, #2388",
        Title(
            zh="支付通知重复到达时重复发放佣金，且重复部分退款时不追回",
            en="a repeated payment notice pays the commission again, and a refund does not take that back",
        ),
    ),
    "stock_not_restored": Fault(
        "newbee-mall",
        "its code",
        Title(
            zh="现有库存少于要恢复的件数时不恢复：售罄商品取消后仍为 0",
            en="stock is restored only if at least as much is there: a sold-out product stays sold out",
        ),
    ),
    "settled_differential_kept": Fault(
        "CRMEB",
        "its code",
        Title(
            zh="收货后部分退款只追回一、二级佣金，员工、代理商、事业部的级差不追回",
            en="a partial refund after receipt takes back base commission only, not the differential",
        ),
    ),
}
"""Every fault that can be switched on (`stock_not_restored` in case files, which count stock)."""

_PLACE = {name: place for place, name in enumerate(DEFECTS)}
FREIGHT_TIMES_QUANTITY = 1 << _PLACE["freight_times_quantity"]
COUPON_NOT_DEDUCTED = 1 << _PLACE["coupon_not_deducted"]
HALF_PERCENT_DROPPED = 1 << _PLACE["half_percent_dropped"]
ZERO_SHARE_KEEPS_PLACE = 1 << _PLACE["zero_share_keeps_place"]
NO_CLAWBACK = 1 << _PLACE["no_clawback"]
BLENDED_REFUND_RATE = 1 << _PLACE["blended_refund_rate"]
REFUND_ADDS = 1 << _PLACE["refund_adds"]
REFUND_ROUNDED_EACH = 1 << _PLACE["refund_rounded_each"]
REPEATED_NOTICE_PAYS = 1 << _PLACE["repeated_notice_pays"]
SETTLED_DIFFERENTIAL_KEPT = 1 << _PLACE["settled_differential_kept"]


def bits(defects: Iterable[Defect]) -> int:
    """Faults as the bits of one number, for the compiled engine."""
    return sum(1 << _PLACE[name] for name in set(defects))
