"""What the page that compares plans says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("哪个方案更好？", "Which plan is better?")
LEAD = Text(
    "同一批人、同样的运气，各过一遍每个方案：谁胜出、差多少、多大把握、是否合乎规则手册。",
    "The same people with the same luck live under every plan: which one wins, by how much, how sure that is, "
    "and whether it keeps to the rulebook.",
)

BASELINE = Text("基准方案", "Baseline plan")
CHALLENGER = Text("对比方案", "Plan to compare")
ADD = Text("再加一个方案", "Add a plan")
REMOVE = Text("移除", "Remove")
EDIT = Text("在这里修改", "Edit a copy")
EDITING = Text("修改方案", "Editing")
YAML = Text("方案文件（YAML）", "Plan file (YAML)")
VALID = Text("方案有效", "The plan is valid")
INVALID = Text("第 {line} 行，第 {column} 列", "Line {line}, column {column}")
PROBLEM = Text("方案有误，不能运行", "Not a valid plan: it cannot be run")
ALLOWED = Text("允许：", "Allowed: ")
NO_DIALS = Text(
    "这份方案没有可用表单修改的数值，请直接改 YAML。", "This plan has no figures for a form: edit the YAML."
)
PERCENT = Text("%", "%")
YUAN = Text("元", "yuan")
DAYS_UNIT = Text("天", "days")
CHANGES = Text("{plan}与基准方案的差别：{count} 处", "{plan} against the baseline: {count} differences")
READ = Text("与基准方案的差别", "Differences from the baseline")
NO_CHANGES = Text("规则没有差别。", "No difference in the rules.")
SITUATIONS = Text("典型情形：谁多得、谁少得", "Typical situations: who gains, who loses")
SITUATIONS_HINT = Text(
    "同样的人、同样的订单，在两个方案下各算一遍；两个引擎的结果必须一致。",
    "The same people and the same orders under both plans; two engines must agree on every figure.",
)
WORKING_OUT = Text("正在计算典型情形…", "Working out the typical situations…")
SITUATIONS_COUNTED = Text("{n} 种情形", "situations: {n}")
UNCHANGED = Text("不变：{roles}。", "No change: {roles}.")
REPLICATIONS = Text("重复次数", "Replications")
REPLICATIONS_HELP = Text(
    "每次重复换一批人和运气；次数越多，结论越有把握。",
    "Each replication has other people and other luck; more of them make the verdict surer.",
)
RUN = Text("开始比较", "Compare")

EMPTY = Text("还没有结果", "No result yet")
STEPS = (
    (
        Text("选择", "Choose"),
        Text(
            "一个市场场景和两到四个方案；可以上传自己的方案，也可以在页面里改。",
            "A market and two to four plans; bring a file of your own, or edit one here.",
        ),
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


VERDICT = Text("结论", "Verdict")
METRICS = Text("全部指标", "All metrics")
METRIC = Text("指标", "Metric")
DIFFERENCE = Text("差异", "Difference")
CHARTS = Text("图表", "Charts")
FINDINGS = Text("其他发现", "Further findings")
FINDINGS_HINT = Text(
    "均值之外：谁最可能胜出、中位推广员得多少、各等级谁多得谁少得。",
    "Beyond the means: who is likely to be best, what the median promoter gets, who gains and loses by rank.",
)
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
    "gains": Text(
        "按两个方案下收入之和由低到高分为五组。向上：多得者所占比例；向下（斜纹）：少得者。",
        "Fifths of promoters, by what they earn under both plans together. Up: the part that earns more; down, "
        "hatched: the part that earns less.",
    ),
    "histogram": Text("每一档收入上的推广员比例。", "The part of promoters in each range of income."),
    "lorenz": Text("虚线表示人人收入相等。", "The dotted line is equal income for all."),
    "funnel": Text("百分比为与上一步之比。", "Percentages are of the step before."),
}
DOWNLOAD = Text("下载完整报告（HTML）", "Download the whole report (HTML)")
FACTS = Text(
    "{scenario} · {people:,} 人 · {days} 天 · {replications} 次重复 · 用时 {seconds:.0f} 秒",
    "{scenario} · {people:,} people · {days} days · {replications} replications · {seconds:.0f} s",
)
PLANS = Text("下载方案文件（YAML）", "Download the plans (YAML)")
FILES_FIRST = Text(
    "先下载方案文件，在它们所在的文件夹里运行。", "Download the plan files first, and run it in their folder."
)
INCOMES = Text("推广员：谁多得、谁少得", "Promoters: who earns more, who less")
INCOMES_HINT = Text(
    "同一个人、同样的运气，在基准方案和对比方案下各挣多少；只算在任一方案下有收入的人，为各次重复的均值。",
    "What the same person with the same luck earns under the baseline and under the plan; everybody who earns under "
    "either, means of the replications.",
)
GAIN = Text(
    "{people} 名推广员中，{more} 多得，平均多 {gained}；{less} 少得，平均少 {lost}。",
    "Of {people} promoters {more} earn more, by {gained} in the mean; {less} earn less, by {lost}.",
)
GAIN_TOTAL = Text(
    "推广员总收入 {before} → {after}（{change}）", "All promoters together: {before} → {after} ({change})"
)
MORE = Text("多得", "more")
LESS = Text("少得", "less")
SAME = Text("不变", "same")
