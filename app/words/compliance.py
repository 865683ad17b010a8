"""What the compliance page says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("方案守不守规矩？", "Does the plan keep the rules?")
LEAD = Text(
    "把方案对照一本规则手册：不是抽查几单，而是对方案允许的所有订单和经过作判定；违反时给出最小的反例。",
    "Hold a plan against a rulebook: not a few orders, but everything that the plan lets happen is decided; "
    "what breaks a rule comes with the smallest order that shows it.",
)
RULEBOOK = Text("规则手册", "Rulebook")
FAILING = Text("看一个不通过的例子", "Show one that fails")
CHECKING = Text("正在对照规则手册…", "Checking the plan against the rulebook…")
NO_FILE = Text("请上传方案文件，或选择自带方案。", "Upload a plan file, or choose a shipped plan.")
VERDICT = Text("结论", "Verdict")
SUMMARY = Text(
    "{plan} · {book} · 规则截至 {date} · {rules} 条规则，{broken} 条被违反",
    "{plan} · {book} · rules as of {date} · {rules} rules, {broken} broken",
)
STATES = {
    "pass": Text("守住", "holds"),
    "fail": Text("违反", "violated"),
    "lawyer": Text("需律师判断", "needs a lawyer"),
    "unknown": Text("未能判定", "undecided"),
}
NO_OPINION = Text(
    "判定针对规则手册的文字，不是法律意见；规则之外的事由律师判断。",
    "What is decided is the text of the rulebook. It is no legal opinion; ask a lawyer about the rest.",
)
KINDS = {
    "law": Text("法律", "law"),
    "platform": Text("平台规则", "platform rule"),
    "house": Text("内部规则", "house rule"),
}
VERIFIED = Text("已与原文核对", "compared with its source")
UNVERIFIED = Text("未与原文核对", "not compared with its source")
RULES = Text("逐条规则", "Rule by rule")
RULES_HINT = Text(
    "条形为方案能达到的最坏值，竖线为上限。", "The bar is the worst that the plan can come to; the line is the limit."
)
WORST = Text("最坏 {worst}", "worst {worst}")
LIMIT = Text("上限 {limit}", "limit {limit}")
SOURCE = Text("依据", "Source")
BAR = Text("最坏 {worst}，上限 {limit}", "worst {worst}, limit {limit}")

WITNESS = Text("证据订单", "The order that shows it")
WITNESS_BROKEN = Text(
    "这张订单违反规则。两套引擎分别算过，金额一致到分。",
    "This order breaks the rule. Both engines have computed it, and agree to the fen.",
)
WITNESS_NEAR = Text(
    "没有订单违反这条规则；这是最接近上限的订单中最小的一张。两套引擎都算过。",
    "No order breaks this rule; of those that come closest to its limit this is the smallest. "
    "Both engines computed it.",
)
WITNESS_LEVELS = Text(
    "这张订单达到了最坏情形。两套引擎都算过。", "This order comes to the worst there can be. Both engines computed it."
)
WHICH = Text("哪条规则", "Which rule")
NO_WITNESS = Text(
    "这些规则的判定没有用到单张订单，因此没有可画的订单。",
    "What decides these rules is no single order, so there is none to draw.",
)
BUYER = Text("买家", "Buyer")
LEVEL = Text("第 {place} 级上级", "Level {place} above")
PAYS = Text("付款 {amount}", "pays {amount}")
GETS = Text("得 {amount}", "gets {amount}")
NOTHING = Text("不得佣金", "gets nothing")
OF_GOODS = Text("占实付 {rate}", "{rate} of the goods paid")
FROZEN = Text("已冻结", "frozen")
SUM = Text("合计 {terms} = {total}", "In all {terms} = {total}")
AGAINST = Text("{total} ÷ {goods} = {rate}", "{total} ÷ {goods} = {rate}")
BESIDES = Text("此外（不属于这张订单）：{who} 得 {amount}", "Besides, for no single order: {who} gets {amount}")
CHAIN = Text("订单 {order} 的佣金链：{said}", "Commission chain of order {order}: {said}")

HEADROOM = Text("还有多少余地？", "How much headroom is there?")
HEADROOM_HINT = Text(
    "拖动一个费率：每一步都重新判定全部订单。{limit} 是这本手册对单笔订单佣金总额的上限。",
    "Drag a rate: at every step all orders are decided anew. {limit} is what the rulebook lets an order pay in all.",
)
BORROWED = Text(
    "这本手册没有单笔订单的佣金上限，这里借用内部规则的 {limit}。",
    "This rulebook has no limit on what an order pays; the house rules’ {limit} is used here.",
)
WHICH_RATE = Text("哪个费率", "Which rate")
RATE = Text("费率（%）", "Rate (%)")
WHOLE = Text("连同封顶、奖励和优惠券一起算", "Count caps, bonuses and coupons too")
WHOLE_HELP = Text(
    "不勾选：只看费率与活动，去掉封顶、奖励、优惠券和积分。勾选：按方案原样。",
    "Off: rates and campaigns alone, without caps, bonuses, coupons and points. On: the plan as it is.",
)
NO_RATES = Text("这个方案没有按比例的基础费率。", "This plan states no base rate.")
ALL_GOODS = Text("其余商品", "other goods")
NAMED_RATE = Text("{level} 级 · {goods} · 现为 {rate}", "Level {level} · {goods} · now {rate}")
RANKED_RATE = Text("{level} 级 · {rank} · {goods} · 现为 {rate}", "Level {level} · {rank} · {goods} · now {rate}")
HOLDS = Text(
    "{rate} 时守住：单笔订单最多付出实付的 {worst}", "At {rate} it holds: an order pays out {worst} at the most"
)
BREAKS = Text(
    "{rate} 时被违反：实付 {goods} 的订单付出 {total}，占 {share}",
    "At {rate} it breaks: an order of {goods} pays {total}, which is {share}",
)
BREAKS_BARE = Text("{rate} 时被违反", "At {rate} it breaks")
UNDECIDED = Text("{rate} 时未能判定：{why}", "At {rate} nobody knows: {why}")
LARGEST = Text("最高可到 {rate}", "It can go up to {rate}")
LARGEST_NONE = Text(
    "无论这个费率多低都守不住：别处已经超过上限。", "No rate here keeps the limit: something else breaks it already."
)
LARGEST_ANY = Text(
    "这个费率再高也守得住：方案的封顶会把多出的部分削掉。",
    "Any rate keeps the limit here: the plan’s cap cuts what is over.",
)
NOW = Text("现为 {rate}", "now {rate}")
LOOKING = Text("正在查找守得住的最高费率", "Looking for the largest rate that holds")
GAUGE = Text("费率 {rate}，守得住的最高费率 {most}", "rate {rate}, the largest that holds is {most}")
