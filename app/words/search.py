"""What the page that looks for a better plan says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("有没有更好的方案？", "Is there a better plan?")
LEAD = Text(
    "说清可以动哪些数字、想要什么、守住哪些规矩，系统一个个地试：同一批人、同样的运气，找出没有别的方案能全面胜过的那些。",
    "Say which figures may move, what you want and which rules hold. Plan after plan is tried on the same people with "
    "the same luck, to find those that no other plan beats in everything.",
)
BASELINE = Text("现行方案", "The plan as it stands")
GOALS = Text("目标", "Goals")
GOALS_HELP = Text(
    "最多三个。两个目标往往此消彼长：结果是一条前沿，由您在上面选。",
    "Three at most. Two goals often pull apart: the result is a front of compromises to choose from.",
)
RULEBOOK = Text("规则手册", "Rulebook")
RULEBOOK_HELP = Text("只有被证明合规的方案才会进入前沿。", "Only plans that are proved to keep it can be on the front.")
BUDGET = Text("佣金率最多（%）", "Payout at most (%)")
BUDGET_HELP = Text(
    "佣金占成交额的比例；超过它的方案不会进入前沿。",
    "Commission as a part of GMV; plans that pay more are never on the front.",
)
NO_LIMIT = Text("不限", "no limit")
LEVERS = Text("可以动的数字", "What may be moved")
LEVERS_HELP = Text(
    "越少找得越快；一开始是各项比例和奖励。", "The fewer, the sooner it finds; at first all rates and rewards."
)
RANGES = Text("从多少到多少（{count} 个）", "From where to where ({count})")
RANGE = Text("{title}（现为 {now}）", "{title} (now {now})")
MORE = Text("还有别的，一行一个，写法同命令行", "Others, one a line, as on the command line")
MORE_HELP = Text(
    "方案或市场文件里的任何数字：路径=低:高，或路径=甲,乙,丙。",
    "Any number of the plan or the market: PATH=LOW:HIGH, or PATH=A,B,C.",
)
TRIES = Text("试多少个方案", "Plans to try")
TRIES_HELP = Text(
    "越多越接近最好；随时可以停下，之后接着找。",
    "More come closer to the best; stop at any time, and go on later.",
)
MINUTES = Text("最多多久", "For how long at most")
MINUTES_VALUE = Text("{count} 分钟", "{count} min")
MINUTES_HELP = Text(
    "限了时间，结果就取决于机器快慢；不限则每次都一样。",
    "With a limit the result depends on the machine; without, it is the same every time.",
)
ANY = Text("不限", "no limit")
SIZE = Text("{people:,} 人 · {days} 天 · {replications} 次", "{people:,} people · {days} days · {replications} ×")
REPLICATIONS = Text("每个方案模拟几次", "Runs of each plan")
REPLICATIONS_HELP = Text(
    "每次换一批人和运气。少了会挑中碰巧走运的；所以选中的方案还要在新的运气下复核。",
    "Each with other people and other luck. Few of them pick what was lucky; so a chosen plan is checked on new luck.",
)
RUN = Text("开始找", "Search")
GO_ON = Text("接着找（已试 {tried} 个，到 {tries} 个为止）", "Go on ({tried} plans tried; up to {tries})")

EMPTY = Text("还没有结果", "No result yet")
STEPS = (
    (
        Text("说清", "Say"),
        Text(
            "哪些数字可以动、目标是什么、用哪本规则手册、佣金最多多少。",
            "What may be moved, what you want, which rulebook holds, and what commission may cost.",
        ),
    ),
    (
        Text("看着它长", "Watch"),
        Text(
            "每试八个方案，前沿就更新一次；现行方案始终在图上。随时停，随时接着找。",
            "The chart grows with every eight plans, the plan as it stands always on it. Stop and go on as you like.",
        ),
    ),
    (
        Text("挑一个", "Choose"),
        Text(
            "点图上任意一点：和现行方案差在哪、在新的运气下值不值；满意就带去比较。",
            "Click a point: how it differs and what it is worth on new luck. Take it to Compare if you like it.",
        ),
    ),
)
MISSING = Text("这个页面需要 Optuna", "This page needs Optuna")
MISSING_TEXT = Text(
    "它负责提出下一个要试的方案，目前没有安装。运行下面的命令，再重新打开应用：",
    "It proposes the plans to try, and is not installed here. Run this, then open the app again:",
)
INSTALL = "pip install 'fenxiao[search]'"

STARTING = Text("正在试现行方案…", "Trying the plan as it stands …")
RUNNING = Text("已试 {tried} / {tries} 个方案", "{tried} of {tries} plans tried")
BEST_SO_FAR = Text(" · 目前最好：{metric} {best}（现行 {now}）", " · best so far: {metric} {best} (as it stands {now})")
STOPPED = Text(
    "已停止；找到的都还在。按“接着找”就从停下的地方继续。",
    "Stopped; what was found is kept. Go on takes it up where it stood.",
)
CHECKING = Text("正在用 {runs} 组新的运气复核方案 {number}", "Checking plan {number} on {runs} worlds with new luck")

RESULT = Text("结论", "Result")
FRONT = Text(
    "试了 {tried} 个方案，{front} 个合规、在预算内、没有别的方案能全面胜过",
    "Of {tried} plans tried, {front} keep to the rules and are beaten by no other in everything",
)
NONE_BETTER = Text(
    "试了 {tried} 个方案，没有一个胜过现行方案", "Of {tried} plans tried, none beats the plan as it stands"
)
NOTHING = Text(
    "试了 {tried} 个方案，没有一个合规且在预算内", "None of {tried} plans tried keeps to rulebook and budget"
)
PROMISE = Text(
    "第一目标最好的是方案 {number}（在搜索所用的运气下，现行 → 该方案）：{told}。",
    "Best in the first goal is plan {number} (on the luck of the search, as it stands → this plan): {told}.",
)
OUT = Text("{count} 个方案不合规或超出预算，不参与评选。", "{count} plans break rulebook or budget and are out.")
FACTS = Text(
    "{market} · 现行方案 {plan} · {levers} 个可动的数字 · 试了 {tried} 个 · 每个 {replications} 次，"
    "{people:,} 人 × {days} 天",
    "{market} · as it stands {plan} · {levers} levers · {tried} plans tried · {replications} runs each of {people:,} "
    "people × {days} days",
)
FRONT_HINT = Text(
    "箭头指向更好的方向。蓝点是前沿，菱形是现行方案；点一个点，看它是什么方案。",
    "Arrows show which way is better. Blue dots are the front, the diamond is the plan as it stands; click a point to "
    "see its plan.",
)
BEST_HINT = Text(
    "从左到右是试的次序，阶梯线是到那时为止最好的。点一个点，看它是什么方案。",
    "From left to right as they were tried; the stair is the best so far. Click a point to see its plan.",
)
THIRD_HINT = Text(
    "图上只画前两个目标：有的点看似落后，却在“{metric}”上领先。",
    " Only the first two goals are drawn: a point that looks beaten may lead in {metric}.",
)
PLAN = Text("选中的方案", "The chosen plan")
PLAN_HINT = Text("在图上点，或从这里选。", "Click on the chart, or choose here.")
PICK = Text("前沿上的方案", "Plans of the front")
ON_FRONT = Text("在前沿上", "on the front")
CHANGES = Text("与现行方案的差别：{count} 处", "Against the plan as it stands: {count} differences")
NO_CHANGES = Text("规则没有差别。", "No difference in the rules.")
CHECK = Text("在 {runs} 组新的运气下", "On {runs} worlds with new luck")
CHECK_HINT = Text(
    "搜索没见过这些运气：许多方案里最好的那个，往往也是最走运的。括号内为差异的 95% 区间，每项单独看。",
    "Luck that the search has not seen: the best of many is the luckiest, too. In brackets the 95% interval of each "
    "difference by itself.",
)
CHECK_AGAIN = Text("重新复核", "Check again")
METRIC = Text("指标", "Metric")
NOW = Text("现行", "As it stands")
THIS = Text("该方案", "This plan")
DIFFERENCE = Text("差异", "Difference")
FILE = Text("方案文件（YAML）", "Plan file (YAML)")
ADOPT = Text("带去比较", "Take it to Compare")
DOWNLOAD = Text("下载方案（YAML）", "Download the plan (YAML)")
DOWNLOAD_FRONT = Text("下载整条前沿（JSON）", "Download the whole front (JSON)")
