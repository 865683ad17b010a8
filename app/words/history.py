"""What the page of replays says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("拿真实订单重放一遍", "Replay real orders under your plans")
LEAD = Text(
    "同样的订单，换一套规则，每个人各得多少？谁多得、谁少得、公司多付多少，逐分算清。",
    "The same orders under other rules: who earns more, who earns less and what it costs the store, to the fen.",
)
FIRST = Text("现行方案", "The plan as it is")
SECOND = Text("换成", "Changed to")
THIRD = Text("再比一个", "And one more")
RULEBOOK = Text("规则手册", "Rulebook")
NO_RULEBOOK = Text("不检查", "none")
RUN = Text("重放", "Replay")

EMPTY = Text("会用到的数据", "What is replayed")
REAL = Text("真实的", "Real")
REAL_TEXT = Text(
    "CDNOW 公开数据：23,570 位顾客、69,659 笔购买，1997 年 1 月至 1998 年 6 月。谁、哪天、几件、多少钱，一分不改。",
    "The public CDNOW data: 23,570 customers and 69,659 purchases, January 1997 to June 1998. Who, which day, how many "
    "items and how much are as recorded.",
)
ADDED = Text("按规则补上的", "Added by a rule")
ADDED_TEXT = Text(
    "谁邀请了谁、一天中的时刻、商品类目、退货：原始数据里没有，由固定规则和固定种子生成，任何人都能重算。"
    "1 美元当 1 元。",
    "Who invited whom, times of day, categories and refunds: the data have none; a fixed rule with a fixed seed adds "
    "them, and anyone can recompute it. A dollar is read as a yuan.",
)
KEPT = Text("不会变的", "Not changed")
READ = Text("读到的", "What is read")
READ_TEXT = Text(
    "你导入的“{name}”：{orders} 行订单，以及会员的推荐人、等级、加入时间。金额、时间、退款照数据原样；"
    "没写加入时间的会员，从第一笔订单或第一次邀请算起。",
    "Your import “{name}”: {orders} order lines, and inviters, ranks and joining times of members. Amounts, times and "
    "refunds are as given; a member without a joining time joins with the first order or the first invitee.",
)
IDS = Text("编号是假名", "Ids are pseudonyms")
IDS_TEXT = Text(
    "会员号、订单号在导入时换成了假名（如 m3f…、o81…），真实编号不在这里。",
    "Ids of members and orders became pseudonyms at the import (such as m3f… and o81…); the real ones are not here.",
)
KEPT_TEXT = Text(
    "人们照旧购买：重放说明这些订单会怎么付佣金，不预测换方案后人们会怎么做。要看行为变化，请用“比较方案”。",
    "People do what they did: a replay says what a plan would have paid, not how people would have acted. For that, "
    "compare plans.",
)
ABOUT_CDNOW = ((REAL, REAL_TEXT, "verified"), (ADDED, ADDED_TEXT, "added"), (KEPT, KEPT_TEXT, "kept"))
ABOUT_OWN = ((READ, READ_TEXT, "verified"), (IDS, IDS_TEXT, "added"), (KEPT, KEPT_TEXT, "kept"))
"""Name, text and kind of what is told of the data."""

STARTING = Text("正在读取订单…", "Reading the orders …")
STEPS = {
    "replay": Text("正在按方案重放 {count} 个事件…", "Replaying {count} events under the plans …"),
    "months": Text("正在按月汇总…", "Adding up by month …"),
    "rules": Text("正在对照规则手册：{plan}", "Holding it against the rulebook: {plan}"),
    "recorded": Text("正在与平台记录核对…", "Holding it against what the platform recorded …"),
}
RESULT = Text("结论", "Result")
ONE = Text(
    "这些订单要付佣金 {commission} 元，占成交额 {ratio}", "These orders pay {commission} yuan of commission, {ratio}"
)
MORE = Text(
    "换成“{after}”，公司多付 {amount} 元（{percent}）", "Under {after} the store pays {amount} yuan more ({percent})"
)
LESS = Text(
    "换成“{after}”，公司少付 {amount} 元（{percent}）", "Under {after} the store pays {amount} yuan less ({percent})"
)
SAME = Text("换成“{after}”，公司付的一样多", "Under {after} the store pays the same")
WIN_LOSE = Text(
    "{winning} 人多得，共 {gained} 元；{losing} 人少得，共 {lost} 元；{unchanged} 人不变。",
    "{winning} people earn {gained} yuan more, {losing} earn {lost} yuan less, {unchanged} earn the same.",
)
CDNOW = "CDNOW"
FACTS = Text(
    "{data} · {orders} 笔订单 · {members} 位会员 · {events} 个事件",
    "{data} · {orders} orders · {members} members · {events} events",
)
TOTALS = Text("总额", "Totals")
HEADS = {
    "plan": Text("方案", "Plan"),
    "orders": Text("订单", "Orders"),
    "gmv": Text("成交额", "GMV"),
    "refunds": Text("退款", "Refunds"),
    "commission": Text("佣金", "Commission"),
    "ratio": Text("佣金率", "Of GMV"),
    "paid": Text("得佣会员", "Paid members"),
}
WINNERS_LOSERS = Text("谁多得，谁少得", "Winners and losers")
WINNERS_HINT = Text("与“{before}”相比", "against {before}")
WINNING, LOSING, UNCHANGED = Text("多得", "Earn more"), Text("少得", "Earn less"), Text("不变", "The same")
PEOPLE = Text("{count} 人", "{count} people")
TENTHS = Text("按原来收入排名，每 10% 的人变化多少", "Change by rank: each tenth of those who earn")
TENTHS_HINT = Text(
    "第 1 组是原来挣得最多的 10%。柱子是这一组合计的变化。",
    "Group 1 is the tenth that earned most before. Bars are what the group gains or loses in all.",
)
TOP_WINNERS, TOP_LOSERS = Text("多得最多的十人", "Ten who gain most"), Text("少得最多的十人", "Ten who lose most")
MEMBER = Text("会员", "Member")
BEFORE, AFTER, CHANGE = Text("原来", "Before"), Text("现在", "After"), Text("变化", "Change")
GROUPS = {
    "ranks": Text("按数据里的等级", "By the rank in the data"),
    "regions": Text("按地区", "By region"),
}
GROUP_HEADS = (
    Text("组", "Group"),
    Text("有收入的会员", "Members who earn"),
    Text("原来", "Before"),
    Text("现在", "After"),
    Text("变化", "Change"),
    Text("多得", "Earn more"),
    Text("少得", "Earn less"),
)
NO_GROUP = Text("未说明", "not said")
RECORDED = Text("核对结果", "Compared")
RECORDED_FACTS = Text(
    "{plan} · {rows} 条平台记录 · 为找原因试过 {tried} 种设置",
    "{plan} · {rows} records of the platform · {tried} settings tried to find causes",
)
CAUSES = Text("差异的原因", "Causes of the differences")
EXAMPLES = Text("每种原因的例子和算式", "Examples of each cause, with their arithmetic")
PLACES = Text("{count} 处", "{count} places")
NOBODY = Text("没有人少得", "Nobody loses"), Text("没有人多得", "Nobody gains")
MONTHS = Text("现金曲线：每月入账的佣金", "Cash curve: commission booked each month")
MONTHS_HINT = Text(
    "已扣除当月追回的佣金；灰色柱为当月成交额（右轴）。",
    "Net of what was taken back; grey bars are sales, right axis.",
)
CUMULATED = Text("累计佣金", "Commission so far")
CUMULATED_HINT = Text("从第一天起公司一共付出多少。", "What the store has paid in all since the first day.")
RULES = Text("规则手册", "Rulebook")
RULES_HINT = Text(
    "“通过”只说明在这段历史里没有观察到违反，并非证明。",
    "“Pass” says that no breach was seen in this history. It is no proof.",
)
ABOUT = Text("哪些是真的，哪些是补的", "What is real, and what was added")
ABOUT_OWN_TITLE = Text("用的是什么数据", "What was replayed")
RULE = Text("规则", "Rule")
RULE_VERDICT = Text("结论", "Verdict")
WORST = Text("最差值", "Worst")
LIMIT = Text("上限", "Limit")
