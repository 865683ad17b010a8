"""What the page of forecasts says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("之后会卖多少，要付多少佣金", "What is to come, and what it will pay")
LEAD = Text(
    "从真实订单算出每位顾客的购买习惯，推演许多种未来，每一种都按各方案逐分算佣金；先用已知的日子检验准不准。",
    "From real orders to the habits of each customer, and on to many futures, each paid to the fen under every plan; "
    "first tested on days that are known.",
)
FIRST, SECOND = Text("现行方案", "The plan as it is"), Text("换成", "Changed to")
THIRD = Text("再比一个", "And one more")
WEEKS = Text("往后几周", "Weeks ahead")
WEEKS_HELP = Text(
    "回测用同样多的已知周；数据不够长就不回测，并会说明。",
    "The back-test takes as many weeks that are known; where the data are too short for that, the page says so.",
)
FUTURES = Text("未来的个数", "Futures")
FUTURES_HELP = Text(
    "个数多，区间才稳；用时与它成正比。", "With more of them intervals are steadier; the time taken grows with them."
)
RUN = Text("推演", "Forecast")

EMPTY = Text("怎样推演", "How it is made")
STEPS = (
    (
        Text("看懂顾客", "Customers"),
        Text(
            "谁多久买一次、花多少、是否已经离开：用 BG/NBD 和 Gamma-Gamma 模型从订单估出。",
            "Who buys how often, for how much, and who has left: estimated from the orders by BG/NBD and Gamma-Gamma.",
        ),
    ),
    (
        Text("回测", "Back-test"),
        Text(
            "先藏起最后几周，预测一遍，再和实际对照；差多少，未来的扇形就放宽多少。",
            "The last weeks are hidden, forecast and held against what came; the fans are widened by what was missed.",
        ),
    ),
    (
        Text("推演许多未来", "Many futures"),
        Text(
            "每个未来都把全部订单按各方案重放一遍：各方案遇到的是同样的未来。",
            "In each of them all orders are replayed under every plan: plans meet the same futures.",
        ),
    ),
)

STARTING = Text("正在读取订单、估计顾客的习惯…", "Reading orders, estimating habits of customers …")
BACK = Text("回测：已推演 {done} / {total} 个", "Back-test: {done} of {total} futures")
AHEAD = Text("推演未来：已完成 {done} / {total} 个", "Futures: {done} of {total}")

RESULT = Text("结论", "Result")
TOO_SHORT = Text(
    "数据只有 {known} 周：往后 {weeks} 周没有回测，最多能回测 {most} 周。",
    "The data hold {known} weeks: there is no back-test of {weeks} weeks, only of {most} at most.",
)
FAR_TOO_SHORT = Text(
    "数据只有 {known} 周：太短，做不了回测（至少要 {least} 周）。",
    "The data hold {known} weeks: too few for a back-test, which takes {least} at least.",
)
FACTS = Text(
    "{data} · {customers} 位顾客 · 截至 {end} · 往后 {weeks} 周 · {futures} 个未来",
    "{data} · {customers} customers · until {end} · {weeks} weeks ahead · {futures} futures",
)
CDNOW = Text("CDNOW 样本", "CDNOW sample")
ADDED = Text(
    "样本的顾客和购买是真实的；谁邀请了谁、退货由固定规则补上。1 美元当 1 元。",
    "Customers and purchases of the sample are real; who invited whom, and refunds, are added by a fixed rule. A "
    "dollar is read as a yuan.",
)
FIGURE = Text("看哪个指标", "Figure")
FANS = Text("每周的扇形", "Fans, week by week")
FANS_HINT = Text(
    "深色为一半的未来，浅色为九成，线为中位；灰线是此前的实际，橙线是回测那几周的实际。",
    "Dark: half of the futures, light: nine tenths, line: their median. Grey is what was before, orange what came "
    "in the weeks of the back-test.",
)
CHART_AHEAD, CHART_BACK = Text("往后：{name}", "Ahead: {name}"), Text("回测：{name}", "Back-test: {name}")
DOWNLOAD = Text("下载完整报告（HTML）", "Download the whole report (HTML)")
