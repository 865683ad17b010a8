"""What the page of imports says."""

from __future__ import annotations

from sim.experiments.metric_names import Text
from sim.imports.kinds import Kind

TITLE = Text("导入自己的订单", "Import your own orders")
LEAD = Text(
    "商城导出的表放进来：先看懂每一列，再逐行核对。坏行隔离并说明原因，金额前后必须对上；手机号和编号一律换成假名。",
    "Put in the tables your shop exports: first every column is understood, then every row is checked. Bad rows are "
    "set aside with their reason, money has to add up, and phones and ids become pseudonyms.",
)
SOURCE = Text("表从哪里来", "Where the tables are")
UPLOAD = Text("上传我的文件", "Upload my files")
EXAMPLES = {
    "yudao_small": Text("示例：yudao 商城的表", "Example: tables of a yudao shop"),
    "handmade": Text("示例：手工整理的表", "Example: tables put together by hand"),
}
FILES = Text(
    "CSV、Excel（.xlsx）、Parquet 或 SQLite；可以一次选多个",
    "CSV, Excel (.xlsx), Parquet or SQLite; several at a time",
)
UPLOADED = Text("正在用之前上传的 {count} 个文件。", "Using the {count} files uploaded before.")
LOOK = Text("看看里面有什么", "See what is in them")

EMPTY = Text("接下来会发生什么", "What will happen")
STEPS = (
    (
        Text("看懂", "Understand"),
        Text(
            "按表头认出每张表、每一列。yudao、CRMEB、likeshop 的表有现成对照，其他的先猜，由你确认。",
            "Tables and columns are told by their headers. There are mappings for yudao, CRMEB and likeshop; "
            "anything else is guessed, and you confirm it.",
        ),
    ),
    (
        Text("核对", "Check"),
        Text(
            "每一行要么保留，要么进隔离区并写明原因。行数、金额前后对不上，就什么也不写。",
            "Every row is kept or set aside with its reason. If rows or money do not add up, nothing is written.",
        ),
    ),
    (
        Text("使用", "Use"),
        Text(
            "导入后可以重放、校准、推演。文件只在本机，随本次会话删除；假名的密钥不落盘。",
            "Then replay, calibrate and forecast. Files stay on this machine and go with the session; the key of the "
            "pseudonyms is never written down.",
        ),
    ),
)

READING, LOOKING = Text("正在读 {table}…", "Reading {table} …"), Text("正在看表头…", "Looking at the headers …")
READY = Text("这是 {name} 的表：用现成的对照表", "These are tables of {name}: its mapping is used")
GUESSED = Text(
    "按表头猜的对照表，请确认后再导入",
    "Guessed from the headers: please confirm before you import",
)
CONFIRM = Text("对照无误，导入", "That is right: import")
CHANGED = Text("已按你的修改", "Changed by you")
MAPPING = Text("对照表", "Mapping")
MAPPING_HINT = Text(
    "左边是这里的列，右边是你表里的列和前几个值（手机号、编号不显示）。没有列出的列不会被读取。",
    "Here on the left, your columns and their first values on the right (phones and ids are not shown). Columns that "
    "are not listed are never read.",
)
HEADS = (Text("这里的列", "here"), Text("你的列", "your column"), Text("前几个值", "first values"))
NOT_GIVEN = Text("没有", "none")
NEEDED, NEEDED_ONE = (
    Text("{column}（必需）", "{column} (needed)"),
    Text("{column}（必需其一）", "{column} (one is needed)"),
)
ALSO = Text("及其他", "and others")
IN_FEN = Text("按分读", "read as fen")
CHANGE, AS_TEXT = Text("修改对照", "Change it"), Text("以文字修改（YAML）", "Change it as text (YAML)")
UNIT = Text("{column}的单位", "Unit of {column}")
UNITS = {"yuan": Text("元", "yuan"), "fen": Text("分", "fen")}
TEXT_HELP = Text(
    "与 fenxiao import --mapping 用的文件相同，docs/IMPORT.md 逐项说明。",
    "The same file as fenxiao import --mapping takes; docs/IMPORT.md explains every key.",
)
TAKE, DOWNLOAD = Text("用这份", "Take this one"), Text("下载对照表", "Download the mapping")
NOTHING = Text(
    "这些表里认不出订单或会员。可以在下面以文字写一份对照表。",
    "Nothing here looks like orders or members. You can write a mapping as text below.",
)
UNUSED, EMPTY_FILES = Text("不用的表：{tables}", "Not used: {tables}"), Text("空文件：{tables}", "Empty: {tables}")

RESULT = Text("导入结果", "What came of it")
ADDS_UP = Text(
    "对上了：{rows} 行 ＝ 保留 {kept} ＋ 隔离 {aside}，金额同样",
    "It adds up: {rows} rows = {kept} kept + {aside} set aside; money, too",
)
NO_KEPT = Text(
    "没有一行订单能用：看看下面的原因，改对照表再试", "No order line is usable: see why below, and change the mapping"
)
FACTS = Text("假名密钥指纹 {key}；密钥只在本次会话", "Key of pseudonyms {key}; it is of this session alone")
NEXT = Text("接下来", "Next")
NEXT_PAGES = {
    "history": Text("重放：换方案要多付多少", "Replay: what plans would pay"),
    "calibrate": Text("校准：人们怎样购买", "Calibrate: how people buy"),
    "forecast": Text("推演：之后会怎样", "Forecast: what is to come"),
}
COUNTS, MONEY = Text("每张表", "Table by table"), Text("金额（元）", "Money, yuan")
COUNTS_HEADS = (
    Text("表", "table"), Text("作为", "as"), Text("行数", "rows"), Text("保留", "kept"), Text("隔离", "set aside"),
    Text("不取", "left out"),
)  # fmt: skip
MONEY_HEADS = (
    Text("表 · 列", "table · column"), Text("读到", "read"), Text("保留", "kept"), Text("隔离", "set aside"),
    Text("读不出", "unreadable"),
)  # fmt: skip
ASIDE, CLEAN = Text("隔离区", "Set aside"), Text("没有一行被隔离。", "No row was set aside.")
ASIDE_HINT = Text(
    "原表里的行号、原因，以及能显示的原值；改好原表后再导入一次即可。",
    "The row in your table, why, and what stood there where that may be shown. Mend it there and import again.",
)
ASIDE_HEADS = (
    Text("表 · 行", "table · row"), Text("原因", "reason"), Text("列", "column"), Text("原值", "given"),
    Text("订单", "order"), Text("会员", "member"),
)  # fmt: skip
REASON, ANY = Text("只看", "Only"), Text("全部（{count}）", "all ({count})")
SHOWN = Text(
    "前 {shown} 行，共 {count} 行；全部在下载的文件里。",
    "The first {shown} of {count}; all are in the file to download.",
)
GET_ASIDE, GET_ALL = (
    Text("下载隔离区（CSV）", "Download what is set aside (CSV)"),
    Text("下载导入的数据", "Download the import"),
)
UNMAPPED = Text("没有读取的列", "Columns that were not read")
FIND = Text("某人的假名", "Somebody’s pseudonym")
FIND_HELP = Text(
    "输入编号或手机号，得到它在结果里的假名。只有本次会话能查。",
    "An id or phone, and what it is called in results. Only this session can tell.",
)
FORGET = Text("删除上传的文件和导入的数据", "Delete the uploads and the import")
FORGOTTEN = Text("已删除。", "Deleted.")

KINDS: dict[Kind, Text] = {
    "orders": Text("订单", "orders"),
    "lines": Text("订单明细", "order lines"),
    "receipts": Text("收货", "receipts"),
    "refunds": Text("退款", "refunds"),
    "members": Text("会员", "members"),
    "products": Text("商品", "products"),
    "clicks": Text("点击", "clicks"),
    "commissions": Text("佣金记录", "commissions"),
}
COLUMNS = {
    "order_id": Text("订单号", "order"),
    "member_id": Text("会员", "member"),
    "placed_at": Text("下单时间", "placed"),
    "paid_at": Text("付款时间", "paid"),
    "received_at": Text("收货时间", "received"),
    "channel": Text("渠道", "channel"),
    "line_id": Text("明细编号", "line id"),
    "line": Text("行号", "line number"),
    "sku": Text("规格", "SKU"),
    "product_id": Text("商品", "product"),
    "category": Text("类目", "category"),
    "quantity": Text("数量", "quantity"),
    "price": Text("单价", "unit price"),
    "member_price": Text("会员价", "member price"),
    "discount": Text("优惠", "discount"),
    "amount": Text("金额", "amount"),
    "freight": Text("运费", "freight"),
    "refunded_at": Text("退款时间", "refunded"),
    "refund_amount": Text("退款金额", "refund"),
    "record_id": Text("记录编号", "record"),
    "inviter_id": Text("推荐人", "inviter"),
    "rank": Text("等级", "rank"),
    "region": Text("地区", "region"),
    "joined_at": Text("注册时间", "joined"),
    "bound_at": Text("绑定时间", "bound"),
    "name": Text("名称", "name"),
    "cost": Text("成本", "cost"),
    "clicked_at": Text("点击时间", "clicked"),
    "visitor_id": Text("访客", "visitor"),
    "level": Text("层级", "level"),
    "status": Text("状态", "status"),
    "component": Text("佣金类型", "component"),
    "created_at": Text("记录时间", "recorded"),
    "settled_at": Text("结算时间", "settled"),
}
