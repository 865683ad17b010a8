"""What the page of capacity and load says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("大促那天，结算扛得住吗？", "Will settlement hold on the promo day?")
LEAD = Text(
    "先用排队模型问“如果”：几个进程、多大批次、要不要队列和缓存；再在真实的 PostgreSQL 上压一遍、杀一遍，看账平不平。",
    "First ask a queueing model: how many workers, what batch, with queue and cache or without. Then load a real "
    "PostgreSQL, kill it, and see whether the books still balance.",
)
CAPACITY, LOAD = Text("如果……会怎样", "What if"), Text("真实压测", "Real load")

ORDERS = Text("平日订单数", "Orders on a usual day")
TARGET = Text("时延目标（毫秒）", "Latency target (ms)")
ORDER_WORKERS = Text("订单进程", "Order workers")
MEMBER_WORKERS = Text("会员进程", "Member workers")
SETTLEMENT_WORKERS = Text("结算进程", "Settlement workers")
BATCH = Text("结算批大小", "Settlement batch")
POOL = Text("数据库连接", "Database connections")
CORES = Text("数据库核数", "Database cores")
QUEUE = Text("用队列（先付款后入账）", "Queue commission")
QUEUE_HELP = Text(
    "开：支付先成功，佣金排队成批入账。关：每笔支付在自己的事务里入账。",
    "On: the payment succeeds first, commission is booked in batches. Off: each payment books its own.",
)
CACHE = Text("用缓存（会员与等级）", "Cache members and ranks")
CACHE_HELP = Text("关：每次都从数据库读会员和等级。", "Off: members and ranks are read from the database each time.")
RUN = Text("测算这一天", "Model this day")
EMPTY = Text("会算出什么", "What you will see")
STEPS = (
    (
        Text("扛不扛得住", "Whether it holds"),
        Text(
            "大促最忙一分钟的时延，能承受到几倍流量，最先卡住的是什么。",
            "Latency in the busiest minute, how many times that traffic it bears, and what gives way first.",
        ),
    ),
    (
        Text("积压多久", "How long it piles up"),
        Text(
            "一整天逐分钟的排队：订单、佣金入账、提现审核、代付。",
            "Queues minute by minute: orders, commission, reviews of withdrawals, payouts.",
        ),
    ),
    (
        Text("该加什么", "What to add"),
        Text(
            "够用的最小配置，队列、缓存、批量各值多少；改一项再测，与上次并排看。",
            "The fewest that do, and what queue, cache and batches are worth; change one and see it beside the last.",
        ),
    ),
)
STARTING = Text("正在推算大促流量…", "Working out the traffic …")
RESULT = Text("结论", "Result")
HOLDS = Text("扛得住：最忙一分钟 {orders} 单/秒", "It holds: {orders} orders a second in the busiest minute")
FAILS = Text(
    "扛不住：最忙一分钟 {orders} 单/秒，超出时延目标",
    "It does not hold: {orders} orders a second in the busiest minute break the target",
)
FACTS = Text(
    "{scenario} · {plan} · {date} 起两天 · {count} 笔事务",
    "{scenario} · {plan} · two days from {date} · {count} transactions",
)
CHANGED = Text("与上次相比改了：{changes}", "Changed since the last: {changes}")
UNCHANGED = Text("设置与上次相同。", "The settings are those of the last.")
TONES = {"good": Text("更好", "better"), "bad": Text("更差", "worse")}
LAST = Text("上次 {value}", "before: {value}")
TILES = {
    "p95": Text("最忙一分钟 95% 时延", "95 % within, busiest minute"),
    "orders": Text("最多承受（单/秒）", "Bears, orders a second"),
    "multiple": Text("是大促流量的几倍", "Times the promo traffic"),
    "bottleneck": Text("最先卡住的", "Gives way first"),
    "booked": Text("佣金入账 95%", "Commission booked, 95 %"),
    "backlog": Text("佣金最多积压（单）", "Most commission waiting"),
}
CHARTS_TITLE = Text("最忙的一天", "The busiest day")
HINTS = {
    "backlog": Text("0 = 没有排队。", "0 = nothing waits."),
    "load": Text("虚线是目标；线越过它就不达标。", "The dashed line is the target."),
    "busy": Text("接近 100% 的就是瓶颈。", "What comes near 100 % is the bottleneck."),
}
TABLES = Text("细看", "In detail")
MODEL = Text(
    "排队模型的结论，只在所列服务时间、习惯与配置下有效（docs/CAPACITY.md）。",
    "What a queueing model says, under the service times and settings that are listed (docs/CAPACITY.md).",
)

LOAD_HINT = Text(
    "在本机起一个临时的 PostgreSQL，多个进程同时下单、支付、退货、提现；结束后独立的见证程序用 SQL 清点每一笔。",
    "Starts a PostgreSQL of its own on this machine; many processes order, pay, refund and withdraw at once. "
    "Afterwards a witness of its own counts every event in SQL.",
)
SECONDS = Text("压测秒数", "Seconds")
CLIENTS = Text("客户端进程", "Client processes")
KILL = Text("随机击杀", "Kill at random")
KILL_HELP = Text(
    "压测中随机杀死数据库、客户端、结算进程，切断连接：已确认的一笔也不能丢。",
    "Server, clients and workers are killed at random and connections cut: nothing acknowledged may be lost.",
)
RUN_LOAD = Text("开始压测", "Start the load")
MISSING = Text(
    "真实压测需要数据库组件，本机没有安装。安装后重启：{allowed}（{message}）",
    "A real load needs the database extra, which is missing here. Install it and start anew: {allowed} ({message})",
)
LOAD_STEPS = {
    "market": Text("先让市场跑一遍，得到事件…", "Letting the market live, to have events …"),
    "open": Text("正在启动 PostgreSQL…", "Starting PostgreSQL …"),
    "second": Text("压测中：第 {number} / {seconds} 秒", "Under load: second {number} of {seconds}"),
    "count": Text("时间到，正在结账并清点每一笔…", "Time is up: finishing, and counting every event …"),
}
LOAD_EMPTY = Text("还没有压测", "No load yet")
LOAD_SOUND = Text("账目完好：丢失 0，重复 0，不平 0", "The books are sound: 0 lost, 0 doubled, 0 unbalanced")
LOAD_UNSOUND = Text(
    "账目有问题：丢失 {lost}，重复 {duplicated}，不平 {unbalanced}",
    "The books are not sound: {lost} lost, {duplicated} doubled, {unbalanced} unbalanced",
)
LOAD_TILES = {
    "events": Text("每秒事件", "Events a second"),
    "p50": Text("中位时延", "Median latency"),
    "p99": Text("99% 时延", "99 % within"),
    "acknowledged": Text("已确认事件", "Events acknowledged"),
    "kills": Text("击杀次数", "Kills"),
    "wrong": Text("丢失 / 重复 / 不平", "Lost / doubled / unbalanced"),
}
LOAD_FACTS = Text(
    "{scenario} · {plan} · {clients} 个客户端 · {seconds:.0f} 秒 · 日志落盘 {flush} 毫秒",
    "{scenario} · {plan} · {clients} clients · {seconds:.0f} s · a flush of the log takes {flush} ms",
)
