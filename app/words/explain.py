"""What the page that explains every amount says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("每一分钱从哪来、到哪去？", "Where does every cent come from, and go?")
LEAD = Text(
    "任选一张订单、一个人或一个月：从点击到银行，每一步都说清楚，每一笔都对得上。",
    "Choose an order, a person or a month: every step from click to bank is told, and every amount adds up.",
)
RUN = Text("换一个市场", "Live another market")
AGAIN = Text("开始", "Start")
LIVING = Text("市场正在运行：第 {done} / {total} 天", "The market lives: day {done} of {total}")
STARTING = Text("正在准备市场…", "Preparing the market…")
LIVED = Text(
    "{scenario} · 方案 {plan} · {people:,} 人 · {days} 天 · 种子 {seed} · {orders:,} 单 · {entries:,} 笔佣金",
    "{scenario} · plan {plan} · {people:,} people · {days} days · seed {seed} · {orders:,} orders · "
    "{entries:,} commission entries",
)
EMPTY = Text(
    "这次运行里没有付款的订单；请增加人数或天数。", "No order was paid in this run; choose more people or days."
)
VIEW = Text("看什么", "What to look at")
VIEWS = {"order": Text("订单", "Order"), "person": Text("个人", "Person"), "month": Text("月份", "Month")}

ORDER = Text("订单", "Order")
ORDER_HELP = Text("可以直接输入订单号。", "Type the number of an order to find it.")
ORDER_NAMED = Text("订单 {order} · {paid} · 佣金 {commission}", "Order {order} · {paid} · commission {commission}")
SHOW_ONLY = Text("只看", "Show only")
TRAITS = {
    "withdrawn": Text("已提现到账", "paid out"),
    "refund": Text("有退款", "refunded"),
    "clawback": Text("有追回", "clawed back"),
    "capped": Text("触到封顶", "at the cap"),
    "many": Text("多人得佣", "several payees"),
    "three": Text("付到三级", "three levels"),
    "own": Text("自购得佣", "own purchase"),
}
PATH = Text("传播路径（按绑定）", "Propagation path (by binding)")
PATH_FIXED = Text("{fixed}；之后改绑不影响本单。", "The order’s path {fixed}; binding anew later does not change it.")
PATH_ELSEWHERE = Text(
    "另有 {count} 位得佣者不在这条路径上。", "The order also pays people who are not on this path: {count}."
)
PATH_MORE = Text("… 还有 {count} 人", "… {count} more")
PATH_MORE_PAID = Text("… 还有 {count} 人，其中 {paid} 人得佣", "… {count} more, {paid} of them paid")
PATH_EARNED = Text("得佣 {earned}", "earns {earned}")
PATH_TAKEN_BACK = Text("佣金已全部追回", "all taken back")
BUYER = Text("买家", "buyer")
LIFE = Text("订单 {order} 的一生", "The life of order {order}")
SUMS = Text("账对得上", "The sums close")
PAID_SUM = Text(
    "买家付款 {paid} = 商品 {goods} + 运费 {freight}", "Buyer paid {paid} = goods {goods} + freight {freight}"
)
GOODS_SUM = Text(
    "商品 {goods} = 退款 {refunded} + 佣金 {commission} + 商城留存 {kept}",
    "Goods {goods} = refunds {refunded} + commission {commission} + the shop keeps {kept}",
)
SHARE_SUM = Text("{who}：{booked} − 追回 {back} = {left}", "{who}: {booked} − taken back {back} = {left}")
COMMISSION_SUM = Text("佣金合计 {terms} = {total}", "Commission in all {terms} = {total}")
NO_COMMISSION = Text(
    "这张订单没有人得佣金：买家不属于任何推广员。", "Nobody earns on this order: the buyer belongs to no promoter."
)
KEPT = Text("商城留存", "the shop keeps")
REFUNDED = Text("退款", "refunds")
COMMISSION = Text("佣金", "commission")
SPLIT = Text("商品实付的去向", "Where the payment for the goods went")
STEPS = {
    "share": Text("分享", "Shared"),
    "click": Text("点击", "Clicked"),
    "join": Text("注册", "Joined"),
    "bind": Text("绑定", "Bound"),
    "order": Text("下单", "Ordered"),
    "pay": Text("付款", "Paid"),
    "commission": Text("佣金", "Commission"),
    "ship": Text("发货", "Shipped"),
    "receive": Text("收货", "Received"),
    "refund": Text("退款", "Refund"),
    "clawback": Text("追回", "Clawed back"),
    "settle": Text("结算", "Settled"),
    "cancel": Text("取消", "Cancelled"),
    "withdraw": Text("提现", "Payout asked for"),
    "paid": Text("到账", "Reached the bank"),
}
JOURNEYS = Text("逐笔全程（与 fenxiao explain 相同）", "Every entry in full, as fenxiao explain tells it")
ENTRY = Text("{who} · {what} · {amount}", "{who} · {what} · {amount}")

PERSON = Text("会员", "Member")
PERSON_NAMED = Text("会员 {who} · 累计 {earned} · 团队 {team} 人", "Member {who} · earned {earned} · team of {team}")
CENTRE = Text("会员中心", "Member centre")
POCKETS = {
    "pending": Text("待收货", "pending"),
    "held": Text("冻结中", "held"),
    "available": Text("可提现", "available"),
    "withdrawing": Text("提现中", "withdrawing"),
    "withdrawn": Text("已提现", "withdrawn"),
}
AVAILABLE = Text("可提现余额", "Available")
IN_ALL = Text("累计 {earned}", "{earned} earned in all")
THIS_MONTH = Text("本月收入（{month}）", "Income of {month}")
TAKEN_BACK = Text("其中追回 {back}", "{back} of it taken back")
TEAM = Text("我的团队", "My team")
TEAM_LEVEL = Text("{level} 级", "Level {level}")
TEAM_PEOPLE = Text("{people} 人，{buyers} 人已下单", "{people} people, {buyers} have ordered")
NO_TEAM = Text("还没有邀请任何人", "Nobody invited yet")
INVITED_BY = Text("邀请人：{who}", "Invited by {who}")
INVITED_BY_NOBODY = Text("自己找到商城，没有邀请人", "Found the shop alone")
RANK = Text("等级", "Rank")
NEXT_RANK = Text("离 {rank} 还差", "On the way to {rank}")
TOP_RANK = Text("已是最高等级", "The highest rank")
ON_TARGET = Text("已连续达标 {have} / {need} 个月", "{have} of {need} months in a row on target")
GOALS = {
    "orders": Text("本人订单", "own orders"),
    "spend": Text("本人消费", "own spend"),
    "single_order": Text("单笔消费", "single order"),
    "direct_team": Text("直接团队人数", "direct team"),
    "promoted_orders": Text("推广订单", "promoted orders"),
    "promoted_volume": Text("推广额", "promoted volume"),
    "personal_volume": Text("个人业绩", "personal volume"),
    "direct_team_volume": Text("直接团队业绩", "direct team volume"),
    "team_volume": Text("团队业绩", "team volume"),
    "active_days": Text("活跃天数", "active days"),
    "earned": Text("累计佣金", "earned"),
}
LATEST = Text("最近明细", "Latest")
NO_ENTRIES = Text("还没有任何收入。", "Nothing earned yet.")

MONTH = Text("月份", "Month")
STATEMENT = Text("会员 {who} 的结算单 · {month}", "Statement of member {who} · {month}")
EVERYBODY = Text("全店合计 · {month}", "The whole shop · {month}")
EVERYBODY_HINT = Text("{members} 位会员的钱包在这个月有变动。", "The wallets of {members} members moved in this month.")
BALANCED = Text(
    "期初 {opening} + 佣金 {earned} − 追回 {reversed} − 提现 {paid_out} = 期末 {closing}",
    "opening {opening} + earned {earned} − taken back {reversed} − paid out {paid_out} = closing {closing}",
)
CERTIFICATES = Text("代扣凭证", "Withholding certificates")
CERTIFICATE = Text("提现单 {number}", "Payout {number}")
ACCOUNTS = Text("全体提现的资金（借 +）", "Payouts of everybody (debit +)")
ACCOUNT = Text("科目", "Account")
FIGURE = Text("项目", "Item")
AMOUNT = Text("金额", "Amount")
NOTHING_MOVED = Text("这个月钱包没有变动。", "The wallet did not move in this month.")
