"""What the page of calibration says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("用自己的数据校准", "Calibrate on your own data")
LEAD = Text(
    "订单和会员能说清哪些人的习惯、有多大把握；说不清的一条条列出来。结果是一个可以直接拿去比较方案的市场。",
    "What orders and members say of people's habits, and how surely; what they do not say, one by one. The result is a "
    "market on which plans can be compared.",
)
BASE_HINT = Text(
    "“场景”补上数据没有说的：分享、信任、关系、券……校准只替换数据说得清的部分。",
    "The scenario says what the data do not: sharing, trust, contacts, coupons … Calibration replaces only what the "
    "data determine.",
)
RUN = Text("校准", "Calibrate")
STARTING = Text("正在读取订单…", "Reading the orders …")
EMPTY = Text("会得到什么", "What you get")
STEPS = (
    (
        Text("数据说了什么", "What the data say"),
        Text(
            "多久买一次、花多少、何时不再来、哪天人多、退货多少：每个数带 90% 区间。",
            "How often people buy, what they spend, when they leave, busy days, returns: each with a 90 % interval.",
        ),
    ),
    (
        Text("数据说不了什么", "What they do not say"),
        Text(
            "没有记录的习惯逐条点名，写明原因和目前的假定，不悄悄填数。",
            "Every habit that leaves no trace is named, with the reason and what is assumed in its place.",
        ),
    ),
    (
        Text("预测得准不准", "How well it foretells"),
        Text(
            "只用前半段拟合，在后半段检验；再下载场景文件，或直接拿去比较方案。",
            "Fitted on the first half, tested on the second; then take the scenario away, or compare plans on it.",
        ),
    ),
)

RESULT = Text("结论", "Result")
HEADLINE = Text(
    "数据说清了 {found} 个参数；另外 {unknown} 个数据里看不出来，先用假定",
    "The data determine {found} parameters; of {unknown} others they say nothing, and those are assumed",
)
SURELY = Text(
    "{known} 个带 90% 区间；{cautious} 个要借助一条假定才算得出，表中已标出。",
    "{known} have a 90 % interval; {cautious} follow only with one assumption more, which the table names.",
)
FACTS = Text(
    "{data} · {orders:,} 单 · {members:,} 人 · {first} 至 {last} · 其余沿用场景：{base}",
    "{data} · {orders:,} orders · {members:,} people · {first} to {last} · everything else as in: {base}",
)

UNKNOWN = Text("数据说不了的 {count} 个参数", "{count} parameters that the data do not determine")
UNKNOWN_HINT = Text(
    "下面的数来自场景“{base}”，不是你的数据。没把握的，在 scenario.yaml 的 behaviour 里写成区间，如 click: [10%, 30%]："
    "命令行比较时会在区间内逐次抽取，并指出结论会不会因此翻转。",
    "These values are those of the scenario {base}, not of your data. Where you are unsure, write a range under "
    "`behaviour` in scenario.yaml, such as click: [10%, 30%]: `fenxiao compare` draws from it, and says whether the "
    "answer turns on it.",
)
WOULD_TELL = Text("怎样才能知道：", "What would tell: ")
TELLING = {
    ("first_purchase", "first_purchase_invited", "same_visit", "first_delay"): Text(
        "导入会员名单，带注册时间，没下过单的人也要在内。",
        "import the list of members with times of joining, people without orders included.",
    ),
    ("r", "alpha", "a", "b", "p", "q", "v"): Text(
        "更长时间的订单：要有上百位顾客买过不止一次。",
        "orders over a longer time: some hundred customers who came back.",
    ),
    ("weekday_traffic",): Text("至少六个整周的订单。", "orders of six whole weeks or more."),
    ("join", "impulse"): Text(
        "导入点击记录：谁的链接、谁点的、什么时候。", "import clicks: whose link, who opened it, when."
    ),
    ("loyalty",): Text("导入订单行的类目。", "import the categories of order lines."),
    ("second_line", "third_line"): Text(
        "导入订单明细，一样商品一行。", "import order items, one line for each product."
    ),
    ("return_factor", "return_unshipped", "return_partial"): Text(
        "导入退款记录，量要够多。", "import refunds, and enough of them."
    ),
    ("price_response",): Text("随机发放折扣做一次试验。", "a trial that gives discounts at random."),
    ("sharing", "click", "degree_least", "trust_a"): Text(
        "数据里永远不会有：做有对照组的试点，或给出区间。",
        "no export has it: pilot with a control group, or give a range.",
    ),
    ("push_works",): Text("留一组不打扰的对照组。", "leave a control group alone."),
}
"""By parameters, any of which is not known."""

TABLE = Text("参数", "Parameters")
TABLE_HINT = Text(
    "绿色是数据定出来的，黄色要借助一条假定，灰色是场景给的假定。“前半段”是只用前一半时间拟合的值：差得多，说明习惯在变。",
    "Green: determined by the data. Yellow: with one assumption more. Grey: assumed, from the scenario. “First half” "
    "is the value of the first half of the time alone: far from the whole, habits have changed.",
)
WITH_ASSUMED = Text("假定的参数也列出来", "List what is assumed, too")
HEADS = {
    "name": Text("参数", "Parameter"),
    "value": Text("值", "Value"),
    "interval": Text("90% 区间", "90 % interval"),
    "half": Text("前半段", "First half"),
    "cases": Text("例数", "Cases"),
    "origin": Text("来源", "From"),
}
DATA = Text("数据", "data")
CAUTIOUS = Text("数据＋假定", "data + assumption")
ASSUMED = Text("假定", "assumed")

CHARTS = Text("模型对得上数据吗", "Does the model fit the data?")
CHART_HINTS = {
    "track": Text(
        "虚线左边用来拟合，右边是预测：两条线贴得越近越好。",
        "Left of the dotted line the model was fitted, right of it it foretells: the closer the lines, the better.",
    ),
    "weeks": Text("逐周看更抖：模型不知道节日。", "Single weeks scatter more: the model knows no holidays."),
    "frequency": Text("前半段买过几次的人各有多少。", "How many customers came back how often in the first half."),
    "spend": Text(
        "模型假定买得勤的人每单花得一样多；柱子明显上升就是不符。",
        "The model takes frequent buyers to spend the same an order; bars that rise say otherwise.",
    ),
    "weekday": Text(
        "竖线是 90% 区间；碰到 1 的那天与平均没有分别。",
        "Lines are 90 % intervals; a day whose line meets 1 is not told from the mean.",
    ),
    "intervals": Text(
        "估计值记作 1；横线越长，数据越没把握。", "The estimate is 1; the longer the line, the less the data say."
    ),
}
GOODS = Text("商品、突出的日子、推荐", "Goods, days that stand out, referral")

NEXT = Text("接下来：在这个市场上比较方案", "Next: compare plans on this market")
NEXT_HINT = Text(
    "每次重复都从后验里重新抽取参数，数据没把握的地方会如实反映在结果的区间里。",
    "Every replication draws the parameters anew from their posterior, so that what the data leave open shows in the "
    "intervals of the result.",
)
ADOPT = Text("拿去比较方案", "Take it to Compare")
DOWNLOAD = Text("下载 {name}", "Download {name}")
DOWNLOAD_REPORT = Text("下载报告（HTML）", "Download the report (HTML)")
ON_COMMAND_LINE = Text(
    "两个文件放在同一个文件夹里，然后在命令行比较任意方案：", "Put both files into one folder, and compare any plans:"
)
