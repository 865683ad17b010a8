"""Parameters of behaviour in words an operator understands, and the groups they are shown in."""

from __future__ import annotations

from collections.abc import Mapping

from sim.experiments.metric_names import Text

GROUPS: Mapping[Text, Mapping[str, Text]] = {
    Text("复购与流失", "Coming back and leaving"): {
        "r": Text("购买率分布形状 r", "shape r of purchase rates"),
        "alpha": Text("购买率分布尺度 alpha", "rate alpha of purchase rates"),
        "a": Text("流失分布 a", "dropout a"),
        "b": Text("流失分布 b", "dropout b"),
    },
    Text("首购与时节", "First purchases and seasons"): {
        "first_purchase": Text("自然注册者首购率", "first purchase of who came alone"),
        "first_purchase_invited": Text("受邀注册者首购率", "first purchase of the invited"),
        "same_visit": Text("首购发生在注册当时的比例", "first purchases made within an hour of joining"),
        "first_delay": Text("其余首购平均隔几天", "mean delay of the other first purchases, days"),
        "weekday_traffic": Text("周一至周日的客流", "traffic from Monday to Sunday"),
        "price_response": Text("价格敏感度", "price response"),
    },
    Text("客单与购物车", "Spend and baskets"): {
        "p": Text("单次消费的稳定度 p", "shape p of an order's spend"),
        "q": Text("人与人消费的差异 q", "shape q of spend between people"),
        "v": Text("客单尺度 v", "scale v of spend"),
        "loyalty": Text("只买心头好类目的比例", "lines bought in the favourite category"),
        "second_line": Text("一单买第二样的概率", "orders with a second line"),
        "third_line": Text("买了两样又买第三样的概率", "orders of two lines with a third"),
    },
    Text("新会员从哪里来", "Where members come from"): {
        "organic": Text("自然到店率", "organic arrivals"),
        "seeds": Text("首批推广员人数", "first promoters, people"),
        "seed_zeal": Text("首批推广员的热情", "zeal of the first promoters"),
        "join": Text("注册意愿", "readiness to join"),
    },
    Text("分享与点击", "Sharing and clicking"): {
        "sharing": Text("分享意愿", "readiness to share"),
        "zeal_a": Text("推广热情分布 a", "zeal a of promoters"),
        "zeal_b": Text("推广热情分布 b", "zeal b of promoters"),
        "reach": Text("分享触达", "reach of a share"),
        "click": Text("点击率", "click rate"),
        "fatigue": Text("看多了的厌倦", "fatigue of links seen"),
        "impulse": Text("点击下单率", "orders per click"),
        "step_loss": Text("漏斗每一步流失", "buyers lost at a step of the funnel"),
    },
    Text("谁认识谁、信不信", "Contacts and trust"): {
        "degree_least": Text("联系人最少几人", "fewest contacts of a person"),
        "degree_shape": Text("联系人数的差异", "shape of the number of contacts"),
        "degree_most": Text("联系人最多几人", "most contacts of a person"),
        "community": Text("一个圈子多少人", "people in a community"),
        "local": Text("联系人在自己圈子里的比例", "contacts inside the own community"),
        "distant": Text("圈外关系的强度", "strength of ties outside it"),
        "trust_a": Text("对朋友分享的信任 a", "trust a in what friends share"),
        "trust_b": Text("对朋友分享的信任 b", "trust b in what friends share"),
    },
    Text("推广员怎么想", "What promoters expect"): {
        "believed_orders": Text("对分享成单的预期", "orders expected of a share"),
        "believed_invites": Text("对分享拉新的预期", "invitations expected of a share"),
        "goal_gradient": Text("离奖励越近越起劲的程度", "pull of a goal that is near"),
        "prior_shares": Text("分享多少次后信自己的经验", "shares until experience counts"),
        "learning": Text("学习速度", "speed of learning"),
        "joy": Text("分享本身的乐趣", "joy of sharing"),
        "cost": Text("分享的心理成本", "cost of a share"),
        "swing_aversion": Text("对收入忽高忽低的反感", "dislike of income that swings"),
    },
    Text("券与积分", "Coupons and points"): {
        "coupon_draw": Text("券催出下一单的概率", "coupons that hurry the next order"),
        "coupon_wins": Text("券带来新单的概率", "coupons that win an order"),
        "coupon_soon": Text("领券后很快用掉的比例", "coupons used soon"),
        "coupon_use": Text("下单时想得起用券的比例", "orders on which a coupon is remembered"),
        "coupon_stretch": Text("为凑单最多加买多少", "added to reach a coupon's threshold"),
        "coupon_worth": Text("一元券在推广员眼里值多少", "worth of a coupon to a promoter"),
        "collectors": Text("攒积分的人", "people who collect points"),
        "sign_in": Text("攒积分的人每天签到的概率", "collectors who sign in on a day"),
        "points_use": Text("用积分抵扣的订单", "orders paid with points"),
        "gift_lover": Text("攒积分换礼品的人", "people who save points for gifts"),
    },
    Text("竞赛与导师", "Contests and mentors"): {
        "spur": Text("奖品带来的干劲", "effort that a prize adds"),
        "within_reach": Text("差多少还觉得够得着", "how far off a prize still moves"),
        "crowding": Text("人多时干劲打折", "effort lost among many competitors"),
        "hopeless": Text("落后多少会放弃", "how far behind one gives up"),
        "discouraged": Text("放弃时损失的干劲", "effort lost when giving up"),
        "prize_scale": Text("多大的奖才有吸引力", "size of a prize that moves"),
        "in_kind": Text("实物奖品的折价", "worth of a prize in goods"),
        "mentored": Text("有导师时学得快多少", "faster learning with a mentor"),
    },
    Text("逛店与流失", "Visits and losing interest"): {
        "visits": Text("会员每天来逛几次", "visits of a member a day"),
        "visit_shape": Text("逛店频率的差异", "shape of visit rates"),
        "boredom": Text("没买没赚时兴趣下降", "interest lost in an idle week"),
        "delight": Text("买到赚到时兴趣回升", "interest won back by a good week"),
        "disappointment": Text("收入下滑时的失望", "interest lost when income falls"),
    },
    Text("关怀与消息", "Care and messages"): {
        "push_works": Text("推送高佣商品拉回的比例", "warned promoters whom a push brings back"),
        "push_lift": Text("推送后多分享多少", "sharing added by a push"),
        "adviser_works": Text("专人跟进拉回的比例", "warned promoters whom an adviser brings back"),
        "adviser_lift": Text("专人跟进后多分享多少", "sharing added by an adviser"),
        "training_lift": Text("培训后多触达多少", "contacts added by training"),
        "recall": Text("召回消息唤回的比例", "people whom a message calls back"),
        "open_rate": Text("消息打开率", "messages opened"),
        "weariness": Text("消息太多的厌烦", "weariness of messages"),
        "opt_out": Text("退订的概率", "people who opt out"),
        "message_order": Text("打开消息催出的订单", "orders hurried by a message"),
    },
    Text("支付、售后与提现", "Paying, returning, withdrawing"): {
        "payment_failure": Text("下单未付款的比例", "orders never paid"),
        "unconfirmed": Text("买家不确认收货的比例", "deliveries nobody confirms"),
        "return_factor": Text("退货倍数", "factor on returns"),
        "return_unshipped": Text("发货前就退的比例", "returns asked for before shipping"),
        "return_partial": Text("只退一部分的比例", "returns of only some goods"),
        "return_refused": Text("被拒的退货", "returns refused"),
        "withdraw_weekly": Text("每周提现的概率", "promoters who withdraw weekly"),
        "payout_failure": Text("银行退回的打款", "payouts sent back by the bank"),
    },
}
"""Every parameter of behaviour, group by group."""

PARAMETERS: Mapping[str, Text] = {name: words for group in GROUPS.values() for name, words in group.items()}
"""The same by name."""
