"""What the red team's page says."""

from __future__ import annotations

from sim.experiments.metric_names import Text

TITLE = Text("别人会怎样薅这个方案？", "How would cheats abuse this plan?")
LEAD = Text(
    "几个账号、一点本金，专找规则的漏洞：注册、自购、退货、提现。找到的每一招都有完整步骤、金额和补救办法。",
    "A few accounts and a little capital look for holes in the rules: they register, buy, send back and withdraw. "
    "Whatever pays is told step by step, to the fen, with what would close it.",
)
GUARD = Text("风控在场", "A risk desk watches")
GUARD_HELP = Text(
    "开启后，每个动作都要先过风控：同设备、异常提现等会被拦下。要慢三到五倍。",
    "Every act has to pass the market’s risk desk first. Takes three to five times as long.",
)
BUDGET = Text("尝试次数", "Tries")
BUDGET_HELP = Text(
    "越多越能找到隐蔽的漏洞；1,000 次约几秒。", "More of them find rarer holes; 1,000 take some seconds."
)
ACCOUNTS = Text("账号数", "Accounts")
DAYS = Text("天数之内拿到钱", "Days to get the money out")
CAPITAL = Text("可垫资（元）", "Yuan to lay out")
RUN = Text("开始攻击", "Attack this plan")
EXAMPLE = Text("看一个已知的例子", "Show a known example")
EXAMPLE_HINT = Text(
    "会员、推广员、合伙人方案（three_tier）有一个已知漏洞：连续分享也发奖，却不要求有人下单。",
    "The plan three_tier has a known hole: sharing seven days in a row pays, though nobody has to buy.",
)
EMPTY = Text("会试这些手法", "What will be tried on this plan")
EMPTY_NONE = Text("这个方案没有可以下手的规则。", "This plan has no rule that any known way of abuse could use.")

RUNNING = Text("正在试：{name}（{made} / {budget} 次）", "Trying: {name} ({made} of {budget})")
STARTING = Text("正在打开商城…", "Opening the shop …")
CLOSING = Text(
    "正在找补救办法：第 {number} / {count} 种手法", "Looking for what closes it: exploit {number} of {count}"
)

RESULT = Text("结论", "Result")
FOUND_MANY = Text("发现 {count} 种能赚钱的手法，最多净赚 {profit} 元", "{count} ways pay; the best earns {profit} yuan")
FOUND_ONE = Text("发现 1 种能赚钱的手法，净赚 {profit} 元", "One way pays: it earns {profit} yuan")
NONE = Text("没有发现能赚钱的手法", "No way to make money was found")
NOT_A_PROOF = Text(
    "没有找到不等于没有：只说明在这些次数、账号和本金之内没有找到。",
    "That is no proof: it only says that none was found with so many tries, accounts and capital.",
)
FACTS = Text(
    "{plan} · {scenario} · 试了 {made} 次 · {accounts} 个账号 · {days} 天 · 可垫资 {capital} 元 · {guard}",
    "{plan} · {scenario} · {made} tries · {accounts} accounts · {days} days · {capital} yuan to lay out · {guard}",
)
WATCHED = Text("风控在场", "watched by a risk desk")
UNWATCHED = Text("没有风控", "no risk desk")
CERTAIN = Text(
    "每一招都由两套独立的引擎逐分重放过，结果一致。",
    "Each has been replayed by two independent engines, which agree to the fen.",
)

PROFIT = Text("净赚", "Profit")
EACH = Text("每个账号", "Per account")
OUTLAY = Text("最多垫资", "Laid out at most")
NOTHING_OUT = Text("不用本钱", "no capital at all")
TAKES = Text("用时", "Takes")
TAKES_VALUE = Text("{days} 天 · {accounts} 个账号", "{days} days · {accounts} accounts")
TAKES_ALONE = Text("{days} 天 · 1 个账号", "{days} days · one account")
PUT_IN = Text("付出货款", "Paid for orders")
BACK = Text("退货拿回", "Refunded")
OUT = Text("提现到手", "Paid out")
OWED = Text("留下欠款", "Left owing")
SETS = Text("手机、银行卡、地址", "Phones, cards, addresses")
STEPS = Text("怎么做到的", "Step by step")
CLAUSE = Text("漏洞在这一条，可以这样改", "The clause that lets it through, and the change")
MEND = Text("改这一处就能堵住", "One change closes it")
HONEST = Text(
    "不耍花招、老实卖同样的货也能得 {honest} 元；净赚只算多出来的部分。",
    "The same honest sales would have earned {honest} yuan; profit is what comes on top.",
)
ALSO = Text("也可以：", "Or:")
OPEN = Text(
    "试过的单项修改都堵不住：要同时改几处，或另加人工审核。",
    "No single change of those tried closes it: it takes several, or people who look.",
)
VERIFIED = Text(
    "同样的步骤在修改后重放：两套引擎一致，提现 {before} → {after} 元；附近最多再试 40 次，也不赚钱。",
    "The same steps under the change: both engines agree, withdrawn {before} → {after} yuan; up to 40 tries around it "
    "pay nothing either.",
)
VERIFIED_RISK = Text(
    "收紧风控后，同样的步骤和附近最多 40 次尝试都不再赚钱。",
    "With the desk tightened, neither the same steps nor up to 40 tries around them pay.",
)
TRIED = Text("都试了什么", "What was tried")
TRIED_HINT = Text(
    "每种手法都有几个可调的数：几个账号、多少钱、哪一天。", "Each has a few numbers to tune: accounts, amounts, days."
)
WAY = Text("手法", "Way")
TRIES = Text("尝试次数", "Tries")
OUTCOME = Text("结果", "Outcome")
PAYS = Text("能赚 {profit} 元", "pays {profit} yuan")
NOTHING = Text("没赚到", "nothing")
UNFIT = Text("方案里没有这种规则", "the plan has no such rule")
