"""The kinds of difference that reconciliation finds: what each is called, where it comes from, what puts it right.

Nothing is ever put right by an edit: what was booked stays booked, and a journal of its own takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.experiments.metric_names import Text


@dataclass(frozen=True)
class Kind:
    """A kind of difference.

    Attributes:
        title: in a few words. cause: where it comes from. correction: what it asks for.
    """

    title: Text
    cause: Text
    correction: Text


@dataclass(frozen=True)
class Difference:
    """A difference.

    Attributes:
        kind: a key of `KINDS`. subject: what it is about, such as `order 12`. amount: fen that are at stake.
        at: when, seconds on the local clock; -1 = unknown.
        seen: what each side says, by side (orders, channel, ledger, entries, wallet, book, payouts), fen or words.
        why: the cause where there are several for this kind.
    """

    kind: str
    subject: str
    amount: int
    at: int = -1
    seen: Mapping[str, int | str] = field(default_factory=dict)
    why: Text | None = None

    @property
    def cause(self) -> Text:
        """Where it comes from."""
        return self.why or KINDS[self.kind].cause


FROM_UTC = Text(
    "渠道按 UTC 切日，店铺按北京时间切日：两边时间正好差 8 小时",
    "the channel cuts days in UTC, the shop in Asia/Shanghai: their times are exactly 8 hours apart",
)
LATE_NOTICE = Text(
    "付款在零点前，通知在零点后才到（或反之）：两边各记在自己的营业日",
    "paid before midnight, noticed after it (or the other way round): each side books its own business day",
)
CHANGED_AFTER = Text(
    "分录的摘要与内容不符：入账之后被人改过",
    "the journal's digest is not that of its contents: it was changed after it was booked",
)
BOOKED_WRONG = Text(
    "分录本身完好，但金额与业务不符：入账时就算错，或业务数据后来被改",
    "the journal is as it was booked, but not what the business says: booked wrong, or the other side has changed",
)
STATE_ONLY = Text(
    "总额未变，但待结算、冻结、可提现之间被挪动：没有规则这样做过",
    "the sum is right, but it was moved between pending, held and available: no rule has done so",
)

KINDS: Mapping[str, Kind] = {
    "missing_payment": Kind(
        Text("订单已付款，渠道无此笔", "order paid, not in the channel's file"),
        Text(
            "付款通知未验签被伪造、人工改为已付款，或对账单缺页、不是这一天的",
            "a forged notice, a status set by hand, or a file that is incomplete or of another day",
        ),
        Text(
            "向渠道查单；确无此款则红冲收款分录，取消订单并追回佣金",
            "ask the channel for this order; if there is no money, reverse the payment's journal, cancel the order "
            "and take its commission back",
        ),
    ),
    "payment_without_order": Kind(
        Text("掉单：渠道已收款，订单未付款", "channel was paid, the order is not"),
        Text(
            "付款通知丢失或处理失败，订单仍是未付款、已取消，或没有这个单号",
            "the notice was lost or failed: the order is unpaid, cancelled, or there is none of this number",
        ),
        Text(
            "补单：以原渠道单号重放付款通知；无法补单则原路退款",
            "replay the notice under the same channel number; where that cannot be, refund the way it came",
        ),
    ),
    "amount_differs": Kind(
        Text("金额不符", "amounts differ"),
        Text(
            "下单后改价未同步、优惠两边口径不同，或回调金额未校验",
            "a price changed after the order, a discount that one side lacks, or a notice whose amount was not checked",
        ),
        Text(
            "查明应收；红冲原收款分录并按实收补记一笔，差额退还或补收",
            "find out what was due; reverse the payment's journal, book what came in, and refund or collect the rest",
        ),
    ),
    "double_payment": Kind(
        Text("重复付款", "paid twice"),
        Text(
            "买家支付两次（换渠道、重试时换了单号），店铺只认一次",
            "the buyer paid twice (another channel, a retry under a new number); the shop counts one",
        ),
        Text(
            "把多收的一笔原路退回：先记一笔收款，再记一笔退款，订单不动",
            "refund the second payment the way it came: a journal for it, one for the refund; the order stays as it is",
        ),
    ),
    "refund_missing": Kind(
        Text("已记退款，渠道未退", "refund booked, not at the channel"),
        Text(
            "退款请求没发出、渠道余额不足或受理失败，店铺已当作成功",
            "the request was never sent, or failed at the channel, and the shop took it for done",
        ),
        Text(
            "以同一退款单号重新发起；渠道确认失败后才能红冲退款分录",
            "send it again under the same refund number; only when the channel says it failed, reverse the journal",
        ),
    ),
    "refund_twice": Kind(
        Text("渠道退款两次", "refunded twice at the channel"),
        Text(
            "超时后换了退款单号重发：同一笔退款退了两次",
            "sent again under a new refund number after a timeout: the same refund went out twice",
        ),
        Text(
            "记一笔应收买家的更正分录并追讨；订单与佣金不再追回第二次",
            "book what the buyer now owes as a correction, and collect it; order and commission are not touched again",
        ),
    ),
    "refund_unbooked": Kind(
        Text("渠道已退款，店铺未记", "refunded at the channel, not booked"),
        Text("在渠道后台手工退款，未经过店铺", "refunded by hand in the channel's back office, past the shop"),
        Text(
            "补记退款事件，由规则追回佣金；不直接改订单",
            "bring the refund to the desk, so that the rules take commission back; never edit the order",
        ),
    ),
    "cut_off": Kind(
        Text("跨日：两边记在不同营业日", "another business day"),
        FROM_UTC,
        Text(
            "无需改账：列为时间性差异，次日对平；统一按北京时间切日",
            "nothing to correct: it clears with the next day's file; cut days in Asia/Shanghai on both sides",
        ),
    ),
    "journal_missing": Kind(
        Text("缺少分录", "journal missing"),
        Text(
            "分录被删除，或业务写入与入账不在同一事务",
            "the journal was deleted, or business and ledger were not written in one transaction",
        ),
        Text(
            "按同一分录号补记（号码由业务决定，不会记两次）",
            "book it under its own number, which cannot be booked twice",
        ),
    ),
    "journal_amount": Kind(
        Text("分录金额不符", "journal with a wrong amount"),
        BOOKED_WRONG,
        Text("红冲该分录，再记一笔正确的", "reverse this journal, and book the right one beside it"),
    ),
    "journal_unfounded": Kind(
        Text("分录没有业务依据", "journal that nothing accounts for"),
        Text("订单状态被改回，或分录是手工插入的", "an order's state was set back, or the journal was put in by hand"),
        Text("查明来源；无依据则红冲", "find out where it comes from; reverse it if nothing stands behind it"),
    ),
    "wallet_changed": Kind(
        Text("钱包被改动", "wallet changed by hand"),
        Text(
            "佣金明细与总账一致，只有钱包余额不同：有人直接改了余额",
            "entries and ledger agree, the wallet alone differs: somebody changed the balance itself",
        ),
        Text(
            "冻结该钱包的提现；记一笔更正分录使钱包回到总账，并追查操作人",
            "stop withdrawals from it; book a correction that brings it back to the ledger, and find out who did it",
        ),
    ),
    "entry_altered": Kind(
        Text("佣金明细被改", "commission entry altered"),
        Text(
            "分录完好，明细金额与之不符：明细入账后被人改过",
            "its journal is untouched: the entry was changed afterwards",
        ),
        Text(
            "以分录与账页为准重建该明细的副本；差额用冲正明细表示，不改原行",
            "the journal and the book's page say what it was; state the difference as a reversal, leave the row",
        ),
    ),
    "entry_deleted": Kind(
        Text("佣金明细被删", "commission entry deleted"),
        Text("分录与账页里有它，明细表里没有", "its journal and the book's page have it, the table has not"),
        Text(
            "从账页补回同号明细，并追查删除者",
            "put it back under its number from the page, and find out who deleted it",
        ),
    ),
    "payout_unknown": Kind(
        Text("渠道已打款，店铺未确认", "paid by the channel, open here"),
        Text(
            "渠道回复丢失或超时，店铺记为处理中或未知",
            "the channel's answer was late or lost: sent or unknown in the shop's books",
        ),
        Text(
            "以原渠道单号查询并补记“已支付”；绝不换号重发",
            "ask under the same channel order number and book `paid`; never send it again under another",
        ),
    ),
    "payout_failed": Kind(
        Text("渠道已打款，店铺记为失败", "paid by the channel, failed here"),
        Text(
            "把超时当成失败：钱已到账，余额又还给了会员",
            "a timeout was taken for a failure: the money arrived, and the wallet was given it back",
        ),
        Text(
            "红冲“失败”分录并记“已支付”；余额不足则成负数，从后续佣金抵扣",
            "reverse the failure's journal and book `paid`; what the wallet lacks stands below 0 and is set off later",
        ),
    ),
    "payout_twice": Kind(
        Text("重复打款", "paid out twice"),
        Text(
            "重发时没有沿用原渠道单号，或渠道重复处理",
            "sent again, or processed twice, by the channel under one number",
        ),
        Text("记一笔应收会员的更正分录并追讨", "book what the member now owes as a correction, and collect it"),
    ),
    "payout_missing": Kind(
        Text("店铺记为已支付，渠道没有", "paid here, not in the channel's file"),
        Text("人工确认、回调伪造，或渠道文件缺页", "confirmed by hand, a forged answer, or an incomplete file"),
        Text(
            "以原渠道单号查询；确未打款则红冲“已支付”并重新发出（同号）",
            "ask under its channel order number; if nothing was paid, reverse `paid` and send it again under it",
        ),
    ),
    "payout_amount": Kind(
        Text("打款金额不符", "payout amounts differ"),
        Text("手续费或税在发出后又改过", "fee or tax was changed after it was sent"),
        Text("红冲“已支付”分录，按实付补记", "reverse the journal of `paid`, and book what was really paid"),
    ),
    "payout_unasked": Kind(
        Text("渠道有打款，店铺没有提现单", "payout nobody asked for"),
        Text("绕过店铺在渠道后台打款，或单号被换过", "paid past the shop in the channel's back office, or renumbered"),
        Text("查明收款人；记一笔更正分录，挂应收", "find out who got it; book it as a claim by a correction"),
    ),
}
"""Every kind, by key."""
SIDES: Mapping[str, Text] = {
    "orders": Text("订单", "orders"),
    "channel": Text("支付渠道", "channel"),
    "ledger": Text("总账", "ledger"),
    "entries": Text("佣金明细", "entries"),
    "wallet": Text("钱包", "wallet"),
    "book": Text("账页", "book"),
    "payouts": Text("提现单", "withdrawals"),
    "payout_channel": Text("付款渠道", "payout channel"),
}
"""Where a difference is seen."""
