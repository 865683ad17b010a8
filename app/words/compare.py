"""What the pages say, in Chinese and English."""

from __future__ import annotations

from sim.experiments.metric_names import Text

BRAND = Text("分销方案工作台", "Commission plan workbench")
COMPARE = Text("比较方案", "Compare plans")

TITLE = Text("哪个方案更好？", "Which plan is better?")
LEAD = Text(
    "同一批人、同样的运气，各过一遍两种方案：谁胜出、差多少、多大把握、是否合乎规则手册。",
    "The same people with the same luck live under both plans: which one wins, by how much, how sure that is, "
    "and whether it keeps to the rulebook.",
)

SCENARIO = Text("场景", "Scenario")
SCENARIO_HELP = Text(
    "运营者无法决定的一切：市场、商品、季节、物流。",
    "What you cannot decide: market, goods, seasons, delivery.",
)
BASELINE = Text("基准方案", "Baseline plan")
CHALLENGER = Text("对比方案", "Plan to compare")
OWN = Text("我自己的方案文件…", "My own plan file…")
OWN_HELP = Text("一份 YAML 方案文件，只在本次会话中使用。", "A plan file in YAML; it is used in this session only.")
PEOPLE = Text("人数", "People")
DAYS = Text("天数", "Days")
REPLICATIONS = Text("重复次数", "Replications")
REPLICATIONS_HELP = Text(
    "每次重复换一批人和运气；次数越多，结论越有把握。",
    "Each replication has other people and other luck; more of them make the verdict surer.",
)
RUN = Text("开始比较", "Compare")
STOP = Text("停止", "Stop")
FILES = Text("查看方案文件", "Read the plan files")

EMPTY = Text("还没有结果", "No result yet")
STEPS = (
    (
        Text("选择", "Choose"),
        Text("一个市场场景和两个方案，也可以上传自己的方案。", "A market and two plans, or a plan file of your own."),
    ),
    (
        Text("运行", "Run"),
        Text(
            "每天有人分享、点击、注册、下单、退货、提现；每一分佣金都按方案精确计算。",
            "Every day people share, click, register, buy, return and withdraw; each fen of commission is computed "
            "exactly as the plan says.",
        ),
    ),
    (
        Text("判断", "Judge"),
        Text(
            "一句话结论、置信区间、规则检查，以及可下载的完整报告。",
            "A verdict in one sentence, intervals, the rulebook, and a whole report to download.",
        ),
    ),
)

RUNNING = Text("已完成 {done} / {total} 次模拟", "{done} of {total} runs done")
LEFT = Text("，约剩 {seconds} 秒", ", about {seconds} s left")
COLD = Text(
    "首次运行：正在为本机编译计算内核，约 20 秒，仅此一次。",
    "First run: compiling the engine for this machine, once, about 20 seconds.",
)

FAILED = Text("没有算成", "This did not work")
UNEXPECTED = Text(
    "程序出错，已停止。请把下面的信息连同设置发给开发者；详情在日志里。",
    "The program failed and has stopped. Please pass this on with your settings; the log has the details.",
)

VERDICT = Text("结论", "Verdict")
METRICS = Text("全部指标", "All metrics")
METRIC = Text("指标", "Metric")
DIFFERENCE = Text("差异", "Difference")
CHARTS = Text("图表", "Charts")
RULEBOOK = Text("规则手册", "Rulebook")
RULE = Text("规则", "Rule")
WORST = Text("最差值", "Worst")
LIMIT = Text("上限", "Limit")
RULE_VERDICT = Text("结论", "Verdict")
OBSERVED = Text(
    "“通过”只说明在这些运行中没有观察到违反，并非证明，也不代替律师的意见。",
    "“Pass” says that no breach was seen in these runs. It is no proof, and no lawyer’s opinion.",
)
INTERVALS = Text(
    "方括号内为差异的 {confidence} 置信区间（按重复配对）；p 值经 Holm 法对全部指标校正。",
    "In brackets the {confidence} interval of the difference, paired by replication; p values are Holm-adjusted over "
    "all metrics.",
)
CHART_HINTS = {
    "effects": Text(
        "点为均值，线为置信区间；实心表示差异已证实，空心表示未能证实。",
        "Dots are means, bars intervals; filled where the difference is shown, hollow where it is not.",
    ),
    "daily": Text("线为各次重复的均值，带为其中 80%。", "Lines are means of the replications, bands hold 80% of them."),
    "lorenz": Text("虚线表示人人收入相等。", "The dotted line is equal income for all."),
    "funnel": Text("百分比为与上一步之比。", "Percentages are of the step before."),
}
DOWNLOAD = Text("下载完整报告（HTML）", "Download the whole report (HTML)")
REPEAT = Text("在命令行重复这次比较", "Repeat this comparison on the command line")
FACTS = Text(
    "{scenario} · {people:,} 人 · {days} 天 · {replications} 次重复 · 用时 {seconds:.0f} 秒",
    "{scenario} · {people:,} people · {days} days · {replications} replications · {seconds:.0f} s",
)
ABOUT = Text(
    "模拟整个分销商城，在方案上线之前先试一遍。金额精确到分；结果可复现；不联网。",
    "A whole referral-commission store, simulated, to try a plan before it goes live. Exact to the fen, "
    "reproducible, and it talks to nobody.",
)
