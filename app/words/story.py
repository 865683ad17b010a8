"""What the Story page says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("看一个市场长大", "Watch a market grow")
LEAD = Text(
    "按下播放：谁把谁带进来，成交多少，付出多少佣金，一天一天看得见。",
    "Press play: who brings whom, what is sold and what is paid for it, day by day.",
)
SIZE = Text("{people:,} 人 · {days} 天", "{people:,} people · {days} days")
SIZE_LABEL = Text("规模", "Size")
SEED_HELP = Text("同一个种子，同一个故事；换一个，换一批人和运气。", "The same seed tells the same story.")
PLAY = Text("播放", "Play")
RUNNING = Text("正在模拟第 {day} / {days} 天", "Simulating day {day} of {days}")
WHAT_HAPPENED = Text("发生了什么", "What happened")
NEXT = Text("换一套方案会怎样？去比较", "What would another plan do? Compare")

STAGE = {
    "invite": Text("市场还空着", "The market is still empty"),
    "invite_text": Text(
        "每个圆点是一个人，每条线是一次邀请。按下播放，看森林怎样长出来。",
        "Each dot is a person, each line an invitation. Press play and watch the forest grow.",
    ),
    "play": Text("播放", "Play"),
    "pause": Text("暂停", "Pause"),
    "again": Text("重播", "Play again"),
    "speed": Text("速度", "Speed"),
    "jump": Text("跳到某一天", "Jump to a day"),
    "day": Text("第 {day} 天", "Day {day}"),
    "of": Text("· 共 {days} 天", "of {days}"),
    "waiting": Text("前面还有别的任务，轮到时自动开始", "Other work is ahead; this begins when its turn comes"),
    "starting": Text("正在布置市场…", "Setting up the market…"),
    "compiling": Text(
        "首次运行：正在为本机编译计算内核，约 20 秒，仅此一次。",
        "First run: compiling the engine for this machine, once, about 20 seconds.",
    ),
    "members": Text("会员", "Members"),
    "of_people": Text("市场共 {people} 人", "of {people} people"),
    "gmv": Text("成交额", "GMV"),
    "commission": Text("佣金", "Commission"),
    "payout": Text("佣金率", "Payout ratio"),
    "k": Text("裂变系数 K", "Fission K"),
    "orders": Text("订单", "Orders"),
    "a_day": Text("每日", "by day"),
    "k_hint": Text("注册 ÷ 分享者", "joined ÷ sharers"),
    "payout_hint": Text("佣金 ÷ 成交额", "commission ÷ GMV"),
    "orders_hint": Text("已付款", "paid"),
    "hot": Text("团队最大", "largest team"),
    "person": Text("{person} 号", "#{person}"),
    "by": Text("由 {person} 号邀请", "invited by #{person}"),
    "alone": Text("自己来的", "came alone"),
    "team": Text("团队 {count} 人", "team of {count}"),
    "since": Text("第 {day} 天加入", "joined on day {day}"),
    "earned": Text("累计佣金 {amount}", "{amount} commission so far"),
    "undrawn": Text("另有 {count} 人未画出", "{count} more are not drawn"),
    "aria": Text(
        "推荐关系图，第 {day} 天：{members} 名会员，{orders} 个订单，成交额 {gmv}，佣金 {commission}，"
        "佣金率 {payout}，K {k}",
        "Referral forest on day {day}: {members} members, {orders} orders, GMV {gmv}, commission {commission}, payout "
        "ratio {payout}, K {k}",
    ),
    "keys": Text("空格 播放/暂停 · ← → 一天一天看", "Space plays and pauses · ← → step a day"),
}
"""What stands in the picture and around it; the browser fills in the figures."""
