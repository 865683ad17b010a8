"""Offers 专属权益: what each kind of segment is offered, and what that is worth by the segment's own figures.

An offer asks for an act (an order, a large one, one of three pieces, a promoted order) and costs something each time
somebody takes it. Who would have acted anyhow takes it too: that is the part of the segment who did so in the last 30
days. If `r` of the others act because of it, a month is worth

    members x (r x (1 - p) x (gain - cost) - p x cost)

with p that part, and `gain` the margin after commission that such an act leaves. Which r it needs to pay for itself is
told beside, since r is an assumption: nobody knows it before a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.experiments.metric_names import Text

RESPONSE = 0.05
"""The part of those who would not act by themselves who do because of an offer: an assumption."""

Act = Literal["order", "large_order", "set_order", "promoted_order", "large_promoted_order"]


@dataclass(frozen=True)
class Offer:
    """An offer.

    Attributes:
        name, title: what it is called. act: what it asks for.
        part: what it costs when taken, as a part of the act's amount.
    """

    name: str
    title: Text
    act: Act
    part: float


def _offer(name: str, zh: str, en: str, act: Act, part: float) -> Offer:
    return Offer(name, Text(zh, en), act, part)


OFFERS = {
    one.name: one
    for one in (
        _offer("dear_goods", "高客单价货盘，带货奖 3%", "high-value goods, 3 % more", "large_promoted_order", 0.03),
        _offer("premium", "高客单价专区，赠礼占 4%", "high-value goods with a gift of 4 %", "large_order", 0.04),
        _offer("family_set", "家庭装，三件 9 折", "family sets: three pieces, 10 % off", "set_order", 0.10),
        _offer("member_price", "会员价 97 折", "member price, 3 % off", "order", 0.03),
        _offer("bundle", "凑单套餐 95 折，不再叠券", "bundles at 5 % off instead of coupons", "set_order", 0.05),
        _offer("exchange", "只换不退，补贴运费 3%", "exchange instead of refund, freight of 3 %", "order", 0.03),
        _offer("review_gift", "晒单有礼 3%", "a gift of 3 % for showing the order", "order", 0.03),
        _offer("second_order", "第二单 9 折券", "coupon of 10 % for the second order", "order", 0.10),
        _offer("cross_category", "跨品类试用券 8%", "coupon of 8 % on another category", "order", 0.08),
        _offer("evening_stream", "晚间直播专享 95 折", "evening stream, 5 % off", "order", 0.05),
        _offer("weekend_sale", "周末专享 95 折", "weekend price, 5 % off", "order", 0.05),
        _offer("win_back", "回归券 12%", "win-back coupon of 12 %", "order", 0.12),
        _offer("first_order", "首单券 12%", "first-order coupon of 12 %", "order", 0.12),
        _offer("welcome", "新人礼 6%", "welcome gift of 6 %", "order", 0.06),
        _offer("group_purchase", "团购专场，团长奖 3%", "group purchases, 3 % for the owner", "promoted_order", 0.03),
        _offer("better_posts", "优选素材与选品，带货奖 2%", "better posts and goods, 2 % more", "promoted_order", 0.02),
        _offer("first_packet", "新手训练与首推红包 4%", "training, and a packet of 4 %", "promoted_order", 0.04),
        _offer("comeback_packet", "复推红包 4%", "a packet of 4 % for sharing again", "promoted_order", 0.04),
    )
}
"""Every offer by name; the parts are what such offers customarily cost, to be replaced by one's own."""


@dataclass(frozen=True)
class Worth:
    """What an offer is worth to the store in a month, by a segment's own figures.

    Attributes:
        members: of the segment. anyhow: part of them who act without it.
        amount: fen of goods of such an act. gain: fen of margin after commission that it leaves, before the offer.
        cost: fen each time it is taken. response: assumed.
    """

    members: int
    anyhow: float
    amount: float
    gain: float
    cost: float
    response: float

    @property
    def expected(self) -> float:
        """Fen a month."""
        won = self.response * (1 - self.anyhow) * (self.gain - self.cost)
        return self.members * (won - self.anyhow * self.cost)

    @property
    def needed(self) -> float | None:
        """The response from which on it pays for itself; None = it never does."""
        left = (1 - self.anyhow) * (self.gain - self.cost)
        needed = self.anyhow * self.cost / left if left > 0 else 2.0
        return needed if needed <= 1 else None
