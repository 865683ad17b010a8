"""Why a row is set aside: a code for programs, words for people."""

from __future__ import annotations

from sim.experiments.metric_names import Text

REASONS: dict[str, Text] = {
    "encoding": Text("这一行不是文件的编码", "the row is not in the encoding of its file"),
    "ragged": Text("单元格个数与表头不符", "not as many cells as the header has"),
    "quotes": Text("引号不成对", "quotation marks that do not close"),
    "total_row": Text("合计行，不是数据", "a row of totals, not data"),
    "formula": Text("公式没有保存计算结果", "a formula without a saved result"),
    "cell_error": Text("单元格是 Excel 错误值", "an error value of Excel"),
    "left_out": Text("对照表规定不取此行", "the mapping leaves such rows out"),
    "missing": Text("必填项为空", "empty, and needed"),
    "bad_money": Text("金额读不出", "not an amount of money"),
    "too_large": Text("金额过大", "more money than is counted here"),
    "negative_amount": Text("金额为负", "an amount below 0"),
    "bad_time": Text("时间读不出", "not a time"),
    "date_order": Text("日月先后不明", "day and month could be either way round"),
    "bad_number": Text("数字读不出或超出范围", "not a whole number within its bounds"),
    "bad_id": Text("编号过长或含控制字符", "an id that is too long or has control characters"),
    "id_rounded": Text("编号已被 Excel 舍入（科学计数法）", "an id that Excel has rounded (scientific notation)"),
    "bad_json": Text("JSON 读不出", "not JSON"),
    "duplicate": Text("与前面某行完全相同", "the same as an earlier row in every column"),
    "conflict": Text("编号与前面某行相同，内容不同", "the id of an earlier row that says something else"),
    "order_disagrees": Text("同一订单各行的买家或时间不一致", "the order's rows differ in buyer or time"),
    "too_many_lines": Text("订单行数过多", "too many lines in one order"),
    "paid_before_placed": Text("付款早于下单", "paid before it was placed"),
    "received_before_paid": Text("收货早于付款，或未付款", "received before it was paid, or never paid"),
    "discount_over_price": Text("优惠多于货款", "a discount of more than the price"),
    "refund_before_order": Text("退款早于付款", "given back before it was paid"),
    "refund_unpaid": Text("退款的订单没有付款", "given back of an order that was never paid"),
    "refund_over_paid": Text("退款多于实付", "more given back than was paid"),
    "refund_without_time": Text("有退款金额，没有退款时间", "an amount given back, but not when"),
    "unknown_order": Text("没有这个订单", "there is no such order"),
    "order_set_aside": Text("所属订单被搁置", "its order is set aside"),
    "order_incomplete": Text("同一订单有别的行被搁置", "another row of its order is set aside"),
    "order_without_lines": Text("订单没有明细行", "an order without lines"),
    "inviter_cycle": Text("推荐关系成环：会员保留，不计推荐人", "closes a circle of inviters: kept without one"),
}  # fmt: skip
"""Every code with its words."""

CODES = {code: number for number, code in enumerate(REASONS, start=1)}
"""Codes as numbers; 0 is a row with nothing wrong."""
NAMES = ["", *REASONS]
