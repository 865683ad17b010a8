"""What all pages share."""

from __future__ import annotations

from sim.experiments.metric_names import Text

BRAND = Text("分销方案工作台", "Commission plan workbench")
ABOUT = Text(
    "模拟整个分销商城，在方案上线之前先试一遍。金额精确到分；结果可复现；不联网，上传的文件不离开本机。",
    "A whole referral-commission store, simulated, to try a plan before it goes live. Exact to the fen, "
    "reproducible; it talks to nobody, and what you upload stays on this machine.",
)

TRY = Text("试一试", "Try")
CHECK = Text("查清楚", "Check")
OWN_DATA = Text("用自己的数据", "Your own data")
OPERATE = Text("上得了线", "Operate")
PAGES = {
    "story": Text("市场故事", "Story"),
    "compare": Text("比较方案", "Compare plans"),
    "search": Text("找方案", "Search"),
    "compliance": Text("合规检查", "Compliance"),
    "redteam": Text("红队演练", "Red team"),
    "explain": Text("每一分钱", "Every cent"),
    "data": Text("导入数据", "Import data"),
    "history": Text("历史重放", "Replay"),
    "calibrate": Text("校准", "Calibrate"),
    "forecast": Text("推演未来", "Forecast"),
    "trial": Text("试验", "Trial"),
    "settlement": Text("结算能力", "Settlement"),
}

SCENARIO = Text("场景", "Scenario")
SCENARIO_HELP = Text(
    "运营者无法决定的一切：市场、商品、季节、物流。",
    "What you cannot decide: market, goods, seasons, delivery.",
)
PLAN = Text("方案", "Plan")
OWN = Text("我自己的方案文件…", "My own plan file…")
OWN_KEPT = Text("正在用之前上传的 {name}。", "Using {name}, which was uploaded before.")
OWN_HELP = Text("一份 YAML 方案文件，只在本次会话中使用。", "A plan file in YAML; it is used in this session only.")
WITH_THIRD = Text("再比一个方案", "Compare one more plan")
TOO_LARGE = Text(
    "{name} 有 {size} KB；方案文件最多 {most} KB。", "{name} has {size} KB; a plan file has {most} KB at most."
)
PEOPLE = Text("人数", "People")
DAYS = Text("天数", "Days")
SEED = Text("随机种子", "Seed")

WAITING = Text("前面还有别的任务，轮到时自动开始", "Other work is ahead; this begins when its turn comes")
LEFT = Text("，约剩 {seconds} 秒", ", about {seconds} s left")
STOP = Text("停止", "Stop")
STOPPED = Text("已停止，可以重新开始。", "Stopped. You can begin again.")
COLD = Text(
    "首次运行：正在为本机编译计算内核，约 20 秒，仅此一次。",
    "First run: compiling the engine for this machine, once, about 20 seconds.",
)
FAILED = Text("没有算成", "This did not work")
REFUSED_WHERE, REFUSED_WHAT = Text("位置：", "Where: "), Text("问题：", "What: ")
REFUSED_ALLOWED, REFUSED_MORE = Text("允许：", "Allowed: "), Text("还有：", "Also: ")
REFUSED_ORIGINAL = Text("原文（英文）", "The message itself")
UNEXPECTED = Text(
    "程序出错，已停止。请把下面的信息连同设置发给开发者；详情在日志里。",
    "The program failed and has stopped. Please pass this on with your settings; the log has the details.",
)
SAME_ON_COMMAND_LINE = Text("在命令行得到同样的结果", "The same on the command line")
