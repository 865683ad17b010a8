"""What no order, member or click says: parameters that keep their default, each with the reason."""

from __future__ import annotations

from sim.behaviour.parameters import Behaviour
from sim.experiments.metric_names import Text

_SHARES = Text("没有人点开的分享没有记录", "shares that nobody opened are not recorded")
_NETWORK = Text("谁认识谁不在数据里", "who knows whom is not in the data")
_TRUST = Text("信任无法观察，只与点击一起起作用", "trust cannot be seen; it only works together with clicks")
_BELIEFS = Text(
    "推广员相信什么、如何学习，要有佣金规则变化的前后才能看出",
    "what promoters believe and learn shows only where rules changed",
)
_CONTESTS = Text("竞赛与导师制不在数据里", "contests and mentors are not in the data")
_COUPONS = Text("券与积分的使用不在数据里", "the use of coupons and points is not in the data")
_VISITS = Text("访问没有记录", "visits are not recorded")
_CARE = Text("关怀与消息的效果要有对照组", "effects of care and messages take a control group")
_MONEY = Text("提现没有记录", "withdrawals are not recorded")

_GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text("折扣不是随机给的，与时节分不开", "discounts were not given at random: they coincide with seasons"),
        ("price_response",),
    ),
    (Text("谁是首批推广员不在数据里", "who the first promoters were is not in the data"), ("seeds", "seed_zeal")),
    (_SHARES, ("sharing", "zeal_a", "zeal_b", "reach", "click", "fatigue", "joy", "cost")),
    (_NETWORK, ("degree_least", "degree_shape", "degree_most", "community", "local", "distant")),
    (_TRUST, ("trust_a", "trust_b")),
    (Text("漏斗各步没有记录", "the steps of the funnel are not recorded"), ("step_loss",)),
    (
        _COUPONS,
        (
            "coupon_draw", "coupon_wins", "coupon_soon", "coupon_use", "coupon_stretch", "coupon_worth", "collectors",
            "sign_in", "points_use", "gift_lover",
        ),
    ),
    (_BELIEFS, ("believed_invites", "goal_gradient", "believed_orders", "prior_shares", "learning", "swing_aversion")),
    (
        _CONTESTS,
        ("spur", "within_reach", "crowding", "hopeless", "discouraged", "prize_scale", "in_kind", "mentored"),
    ),
    (_VISITS, ("visits", "visit_shape", "boredom", "delight", "disappointment")),
    (
        _CARE,
        (
            "push_works", "push_lift", "adviser_works", "adviser_lift", "training_lift", "recall", "open_rate",
            "weariness", "opt_out", "message_order",
        ),
    ),
    (Text("自动收货与买家确认没有分开记录", "automatic receipts are not told from confirmed ones"), ("unconfirmed",)),
    (Text("被拒的退货没有记录", "refused returns are not recorded"), ("return_refused",)),
    (_MONEY, ("withdraw_weekly", "payout_failure")),
)  # fmt: skip

SILENT: dict[str, Text] = {name: why for why, names in _GROUPS for name in names}
"""Parameters that no folder says anything of, with the reason."""


def unknown(found: set[str], missing: dict[str, Text]) -> dict[str, Text]:
    """Every parameter that was not found, with its reason, in the order of the parameters."""
    return {name: missing.get(name) or SILENT[name] for name in Behaviour.model_fields if name not in found}
