"""Files of channels as WeChat Pay and Alipay write them, our own, and what is none."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules.errors import InputError
from sim.stress.reconcile.files import (
    NO_ORDER,
    Payment,
    Payout,
    read_payments,
    read_payouts,
    write_payments,
    write_payouts,
)

NOON = int((dt.datetime(2026, 1, 5, 12) - dt.datetime(1970, 1, 1)).total_seconds())

WECHAT = """\ufeff交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,应结订单金额,商户退款单号,退款金额,订单金额
`2026-01-05 12:00:00,`wx1,`190,`420001,`17,`SUCCESS,`98.00,`0,`0.00,`99.90
`2026-01-05 12:05:00,`wx1,`190,`420002,`18,`REFUND,`0.00,`18-R1,`12.30,`0.00
`2026-01-05 12:06:00,`wx1,`190,`420003,`19,`REVOKED,`5.00,`0,`0.00,`5.00
`2026-01-05 12:07:00,`wx1,`190,`420004,`POS-8,`SUCCESS,`1.00,`0,`0.00,`1.00
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
`4,`104.00,`12.30,`0.00,`0.53000,`105.90,`12.30
"""
ALIPAY = """#支付宝业务明细查询
#账号：[2088]
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,商家实收（元）,退款批次号/请求号,服务费（元）,备注
2026001\t,17\t,交易,milk,2026/01/05 11:59:50,2026/01/05 12:00:00,a@b.c,99.90,99.90,,-0.60,
2026002\t,18\t,退款,milk,2026/01/05 12:04:00,2026/01/05 12:05:00,a@b.c,-12.30,-12.30,18-R1,0.07,
#---------------业务明细列表结束
#交易合计：1笔，商家实收共99.90元
"""


def test_wechat_pay(tmp_path) -> None:
    file = tmp_path / "wechat.csv"
    file.write_text(WECHAT, "utf-8")
    assert read_payments(file) == [
        Payment(17, NOON, 9_990, label="17"),  # the price of the order: what the merchant was told to collect
        Payment(18, NOON + 300, refund=1_230, refund_no="18-R1", label="18"),
        Payment(NO_ORDER, NOON + 420, 100, label="POS-8"),
    ]


def test_alipay_in_gbk(tmp_path) -> None:
    file = tmp_path / "alipay.csv"
    file.write_bytes(ALIPAY.encode("gbk"))
    assert read_payments(file) == [
        Payment(17, NOON, 9_990, label="17"),
        Payment(18, NOON + 300, refund=1_230, refund_no="18-R1", label="18"),
    ]


def test_times_with_a_zone_are_brought_to_shanghai(tmp_path) -> None:
    file = tmp_path / "utc.csv"
    file.write_text("out_trade_no,success_time,total\n7,2026-01-05T04:00:00+00:00,1.00\n", "utf-8")
    assert read_payments(file) == [Payment(7, NOON, 100, label="7")]


def test_what_we_write_we_read(tmp_path) -> None:
    paid = [Payment(1, NOON, 123_456_789, label="1"), Payment(2, NOON + 1, refund=5, refund_no="2-0", label="2")]
    out = [Payout("FX000000000001", 9_941, True, NOON), Payout("FX000000000002", 100, False, NOON + 9)]
    write_payments(tmp_path / "p.csv", paid)
    write_payouts(tmp_path / "o.csv", out)
    assert read_payments(tmp_path / "p.csv") == paid
    assert read_payouts(tmp_path / "o.csv") == out


def test_parquet(tmp_path) -> None:
    moment = dt.datetime(2026, 1, 5, 12)
    columns = {"order": [3, 4], "amount": [1.5, 2.0], "refunded": [0.0, 0.0], "paid_at": [moment, moment]}
    pq.write_table(pa.table(columns), tmp_path / "p.parquet")
    assert read_payments(tmp_path / "p.parquet") == [Payment(3, NOON, 150, label="3"), Payment(4, NOON, 200, label="4")]


def test_payouts_in_chinese(tmp_path) -> None:
    file = tmp_path / "payouts.csv"
    lines = (
        "商家明细单号,明细状态,转账金额(元),更新时间",
        "FX000000000007,转账成功,94.10,2026-01-05 12:00:00",
        "FX8,处理中,1.00,2026-01-05 12:00:00",
        "FX9,转账失败,2.00,2026-01-05 12:01:00",
    )
    file.write_text("\n".join(lines), "utf-8")
    assert read_payouts(file) == [Payout("FX000000000007", 9_410, True, NOON), Payout("FX9", 200, False, NOON + 60)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "no line has the headers"),
        ("order,amount,paid_at\n1,12.345,2026-01-05 12:00\n", "line 2: '12.345' has more than two decimals"),
        ("order,amount,paid_at\n1,much,2026-01-05 12:00\n", "line 2: 'much' is no amount"),
        ("order,amount,paid_at\n1,1.00,yesterday\n", "line 2: 'yesterday' is no time"),
    ],
)
def test_what_is_no_such_file_is_refused(content, said, tmp_path) -> None:
    (tmp_path / "bad.csv").write_text(content, "utf-8")
    with pytest.raises(InputError, match=said):
        read_payments(tmp_path / "bad.csv")
    (tmp_path / "bad.parquet").write_text(content, "utf-8")
    with pytest.raises(InputError, match="not a Parquet file"):
        read_payments(tmp_path / "bad.parquet")
