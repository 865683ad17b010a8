"""What the page of trials says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("上线做 A/B 试验，结果可信吗？", "Can a live A/B test be trusted?")
LEAD = Text(
    "分享会把两组人连在一起：A 组的人带来 B 组的客户。在真实答案已知的市场里，"
    "先看哪种试验做法会说真话、要多久、要多少人。",
    "Sharing ties both groups together: people of A bring customers to B. In a market whose true answer is known, see "
    "which kind of trial tells the truth, how long it takes and how many people it needs.",
)
PLAN_A, PLAN_B = Text("方案 A（现行）", "Plan A (as it is)"), Text("方案 B（新的）", "Plan B (the new one)")
DESIGNS = Text("试验做法", "Designs")
DESIGNS_HELP = Text(
    "各做法在同一个市场上各试一遍；少选几种，算得更快。", "Each is tried on the same market; fewer take less time."
)
SPILLOVER = Text("分享链接能传多远", "How far links travel")
SPILLOVER_HELP = Text(
    "真实市场里照第一种；后两种是为了看清：偏差有多少来自跨组传播。",
    "The first is real life; the others show how much of the bias comes of links between the groups.",
)
DAYS = Text("试验天数", "Days of the trial")
DAYS_HELP = Text(
    "时间切换以 {block} 天为一段，A、B 成对，所以天数是它的偶数倍。",
    "A time split changes sides every {block} days, in pairs, so days are an even multiple of that.",
)
BEFORE = Text("之前同用方案 A", "Days under plan A before")
BEFORE_HELP = Text("试验开始时市场不是空的。", "So that the trial does not begin in an empty market.")
REPLICATIONS = Text("重复次数", "Replications")
REPLICATIONS_HELP = Text(
    "每次换一批人和运气，把整场试验重做一遍；次数多，各项比例才准。",
    "Each does the whole trial again with other people and luck; more of them make the shares exact.",
)
METRIC = Text("用哪个指标判断", "Judged on")
RUN = Text("开始试验", "Run the trial")
GO_ON = Text("接着做（已完成 {done} / {total} 次）", "Go on ({done} of {total} done)")

STARTING = Text(
    "正在做第一次：市场先各过一遍 A 和 B，得到真实答案…",
    "First replication: everybody under A, then under B, for the true answer …",
)
RUNNING = Text("已完成 {done} / {total} 次重复", "{done} of {total} replications done")
STOPPED = Text(
    "已停止；做完的重复都还在，按“接着做”从这里继续。",
    "Stopped; replications that were done are kept. Go on does the rest.",
)
STOPPED_EARLY = Text("已停止，还没有做完一次重复。", "Stopped before the first replication was done.")

EMPTY = Text("五种做法", "Five designs")
EMPTY_HINT = Text(
    "每一种都在同一个市场上试很多遍，和真实答案对照：偏了多少、多少偏差来自跨组、区间可不可靠、看不看得出效果。",
    "Each is tried many times on the same market and held against the true answer: how far off it is, what of that "
    "crosses between the groups, whether its intervals can be relied on, whether it shows the effect.",
)
DESIGNS_TOLD = {
    "user": (
        Text("用户随机分流", "User split"),
        Text(
            "每个人随机进 A 或 B，最常见；最怕链接跨组。",
            "Each person by chance. The usual one, and the one that links between groups hurt most.",
        ),
    ),
    "community": (
        Text("社群聚类分流", "Community split"),
        Text(
            "整个社群一起进 A 或 B：多数分享留在组内。",
            "Whole communities together, so that most sharing stays inside.",
        ),
    ),
    "tree": (
        Text("推荐树分流", "Tree split"),
        Text("整棵推荐树一起，新人跟着邀请人。", "Whole referral trees together; newcomers follow their inviter."),
    ),
    "grey": (
        Text("灰度发布", "Grey release"),
        Text("先 10%，再 25%，最后 50%：上线时最稳妥。", "First 10%, then 25%, then 50%: the careful way to go live."),
    ),
    "time": (
        Text("时间切换", "Time split"),
        Text(
            "全店一周 A、一周 B：没有两组之分，但前一周会影响后一周。",
            "The whole shop changes sides week by week: no groups, but one week has a hand in the next.",
        ),
    ),
}

RESULT = Text("建议", "Advice")
SO_FAR = Text("只完成了 {total} 次重复中的 {done} 次。", "Only {done} of {total} replications are done.")
FACTS = Text(
    "{market} · A {a} · B {b} · {people:,} 人 · {before} + {days} 天 · {done} 次重复",
    "{market} · A {a} · B {b} · {people:,} people · {before} + {days} days · {done} replications",
)
TABLE = Text("各做法与真实答案：{metric}", "Every design against the truth: {metric}")
TABLE_HINT = Text(
    "金额与人数按每千人计；方括号内为 95% 区间。红色：跨组影响已证实、区间太少含真值、或误报明显超过 5%。",
    "Money and counts per 1,000 people, 95% intervals in brackets. Red: crossing is shown, intervals hold the truth "
    "too seldom, or false alarms are clearly above 5%.",
)
HEADS = (
    (Text("做法", "Design"), Text("可信吗", "can it be trusted?")),
    (Text("估计", "Estimate"), Text("试验会说", "the trial says")),
    (Text("偏差", "Bias"), Text("与真值之差", "off the truth")),
    (Text("跨组影响", "Crossing"), Text("偏差中链接带来的", "bias by links")),
    (Text("误差", "Error"), Text("均方根", "RMSE")),
    (Text("覆盖率", "Coverage"), Text("区间含真值", "holds the truth")),
    (Text("检出率", "Power"), Text("看出方向", "right direction")),
    (Text("误报", "False"), Text("A 对 A", "A against A")),
    (Text("天数", "Days"), Text("检出 80%", "for 80% power")),
    (Text("人数", "People"), Text("检出 80%", "for 80% power")),
)
TAKE, TRUSTED, NOT_TRUSTED = (
    Text("建议用它", "take this"),
    Text("未见问题", "no fault shown"),
    Text("不可信", "not to be trusted"),
)
ESTIMATES_HINT = Text(
    "竖线是真实效果；实心点是试验平均会说的，横线是偏差的 95% 区间；空心点是没有跨组影响时会说的。每千人。",
    "The line is the true effect; filled dots are what trials say on average with the 95% interval of their bias, "
    "hollow ones what they would say if nothing crossed. Per 1,000 people.",
)
POWERS_HINT = Text(
    "试验做到第几天时，有多少次能看出正确的方向；虚线为惯用的 80%。",
    "How many trials show the right direction when they have run so many days; the dashed line is the usual 80%.",
)
DOWNLOAD = Text("下载完整报告（HTML）", "Download the whole report (HTML)")
