"""The capacity of a store, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from rich.console import Console
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, number, part
from sim.report.tables import head, table_of
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.study import Study

PHASES: Mapping[str, Text] = {
    "promo": Text("大促当日", "the promo day"),
    "peak": Text("最忙一分钟", "the busiest minute"),
    "break": Text("何时崩溃", "where it breaks"),
    "curve": Text("负载曲线", "load curve"),
    "recommend": Text("所需配置", "what is enough"),
    "worth": Text("各机制的价值", "what each buys"),
}
KINDS: Mapping[str, Text] = {
    "register": Text("注册绑定", "registration"),
    "click": Text("点击", "click"),
    "place": Text("下单", "place an order"),
    "pay": Text("支付通知", "payment notice"),
    "notice": Text("重复通知", "repeated notice"),
    "ship": Text("发货", "ship"),
    "receive": Text("收货", "receive"),
    "refund": Text("退款", "refund"),
    "withdraw": Text("申请提现", "ask for a withdrawal"),
    "book": Text("佣金入账（自支付起）", "commission booked (from payment)"),
    "settle": Text("佣金解冻（自到期起）", "commission available (from when due)"),
    "review": Text("提现过审（自申请起）", "withdrawal approved (from asking)"),
    "payout": Text("到账（自申请起）", "money there (from asking)"),
}
RESOURCES: Mapping[str, Text] = {
    "order_workers": Text("订单进程", "order workers"),
    "member_workers": Text("会员进程", "member workers"),
    "settlement_workers": Text("结算进程", "settlement workers"),
    "connections": Text("数据库连接", "connections"),
    "database_cpu": Text("数据库处理器", "database processor"),
    "worker_cpu": Text("进程处理器", "workers' processor"),
    "flush": Text("日志落盘", "log flush"),
    "stock_row": Text("热门商品库存行", "hot stock row"),
    "promoter_row": Text("热门推广员余额行", "hot promoter's balance"),
    "platform_row": Text("平台账户行", "platform's account row"),
    "reviewers": Text("提现审核员", "reviewers"),
    "payout_channel": Text("代付通道", "payout channel"),
}
QUEUES: Mapping[str, Text] = {
    "orders": Text("订单", "orders"),
    "members": Text("会员", "members"),
    "settlement": Text("佣金结算", "commission"),
    "reviews": Text("提现审核", "reviews"),
    "payouts": Text("代付", "payouts"),
}
WORTHS: Mapping[str, Text] = {
    "as_it_is": Text("现状", "as it is"),
    "no_queue": Text("去掉队列（支付事务内入账）", "without the queue (booked with the payment)"),
    "no_cache": Text("去掉缓存", "without the cache"),
    "one_stock_row": Text("热门库存只一行", "hot stock in one row"),
    "one_platform_row": Text("平台账户只一行", "platform's account in one row"),
    "no_queue_one_platform_row": Text("去掉队列且平台账户只一行", "no queue, and one platform row"),
    "no_batches": Text("逐单结算（批大小 1）", "settled one by one (batches of 1)"),
}
SIZES: Mapping[str, Text] = {
    "order_workers": Text("订单进程", "order workers"),
    "member_workers": Text("会员进程", "member workers"),
    "settlement_workers": Text("结算进程", "settlement workers"),
    "batch": Text("结算批大小", "batch"),
    "pool": Text("连接池", "connection pool"),
    "cores": Text("数据库核数", "database cores"),
}
HEADS = {
    "latency": Text("环节|中位|95%|99%|最忙一分钟 95%", "phase|median|95 %|99 %|95 %, busiest minute"),
    "usage": Text("资源|整段|最忙十分钟|崩溃前", "resource|whole time|busiest ten minutes|just before the break"),
    "backlog": Text("排队|最多|最久不断", "queue|most|longest without a break"),
    "worth": Text(
        "机制|最多承受（单/秒）|占现状|订单 95%|佣金入账 95%",
        "store|bears, orders/s|of as it is|orders 95 %|booked 95 %",
    ),
    "sizes": Text("配置|现有|够用", "size|as given|enough"),
}
TITLES = {
    "latency": Text("{date} 起 {days} 天内的时延", "latency over {days} days from {date}"),
    "usage": Text("利用率", "how busy"),
    "backlog": Text("积压", "backlog"),
    "worth": Text("各机制的价值：逐项关闭", "what each buys: each switched off in turn"),
    "sizes": Text("最忙一分钟所需的最小配置", "the fewest that do for the busiest minute"),
}
_KEPT = Text(
    "最忙一分钟 {orders} 单/秒，95% 时延 {p95}，目标 {target}：达标。",
    "Busiest minute {orders} orders/s, 95 % within {p95}, target {target}: kept.",
)
_MISSED = Text(
    "最忙一分钟 {orders} 单/秒，95% 时延 {p95}，目标 {target}：不达标。",
    "Busiest minute {orders} orders/s, 95 % within {p95}, target {target}: missed.",
)
_BREAKS = Text(
    "流量到最忙一分钟的 {multiple} 倍（{orders} 单/秒）时崩溃，首个瓶颈：{bottleneck}。",
    "It breaks beyond {multiple} times that traffic ({orders} orders/s); first bottleneck: {bottleneck}.",
)
_NEVER = Text(
    "加多少进程和核都不达标：缺的是{bottleneck}。",
    "No number of workers or cores keeps the target: it lacks {bottleneck}.",
)
_HOURS = Text(
    "交易太多，只模拟最忙的 {begins}:00 到 {ends}:00。",
    "Too many transactions to live through: hours {begins} to {ends} of the window only.",
)
_DONE = Text(
    "重做 {retries} 次（缓存过期或进程故障 {failures} 次），支付通知因未及时应答重发 {repeated} 次，"
    "代付调用 {calls} 次，追问 {asked} 次。",
    "Done again {retries} (stale cache, {failures} failed workers), notices repeated for want of an answer {repeated}, "
    "payout calls {calls}, questions {asked}.",
)
_SOURCE = Text("服务时间：{source}", "service times: {source}")
_ASSUMED = Text("未实测、按假设的：{kinds}", "not measured but assumed: {kinds}")


def milliseconds(value: float | None) -> str:
    """A time as people read it: 0.31 ms, 24 ms, 1.2 s, 35 min, 4.1 h."""
    if value is None:
        return NONE
    for size, digits, unit in ((3_600_000, 1, "h"), (60_000, 0, "min"), (1_000, 1, "s")):
        if value >= size * (2 if unit != "s" else 1):
            return f"{value / size:,.{digits}f} {unit}"
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def verdict(found: Study, lang: Lang) -> list[str]:
    """What it comes to, in sentences."""
    slowest = max((each["p95"] for each in found.peak.by_side.values()), default=0.0)
    kept = (_KEPT if found.kept else _MISSED).say(lang)
    said = [
        kept.format(orders=few(_peak(found)), p95=milliseconds(slowest), target=milliseconds(found.target.latency_ms))
    ]
    bottleneck = RESOURCES[found.broken.bottleneck].say(lang)
    told = {"multiple": few(found.broken.multiple), "bottleneck": bottleneck}
    said.append(_BREAKS.say(lang).format(orders=few(found.broken.orders_per_second), **told))
    if found.recommended is None:
        said.append(_NEVER.say(lang).format(bottleneck=bottleneck))
    if not found.promo.whole:
        hours = {"begins": int(found.promo.begins // 3600), "ends": int(found.promo.ends // 3600)}
        said.append(_HOURS.say(lang).format(**hours))
    return said


def print_capacity(console: Console, title: str, found: Study, lang: Lang) -> None:
    """The verdict, then tables."""
    console.print(Styled(title, style="bold"))
    for number_, sentence in enumerate(verdict(found, lang)):
        console.print(Styled(sentence, style="" if number_ else ("green" if found.kept else "bold red")))
    given = {"date": found.promo.date, "days": found.days}
    for name in ("latency", "backlog", "usage", "sizes", "worth"):
        head(console, TITLES[name].say(lang).format(**given))
        console.print(table_of(HEADS[name].say(lang), rows(found, name, lang)))
    console.print()
    for note in notes(found, lang):
        console.print(Styled(note, style="dim"))


def notes(found: Study, lang: Lang) -> list[str]:
    """What else happened, and where the service times come from."""
    promo = found.promo
    counts = {name: f"{getattr(promo, name):,}" for name in ("retries", "failures", "repeated", "calls")}
    said = [_DONE.say(lang).format(asked=f"{promo.asked_again:,}", **counts)]
    said.append(_SOURCE.say(lang).format(source=found.times.source))
    if found.times.assumed and len(found.times.assumed) < len(found.times.works):
        said.append(_ASSUMED.say(lang).format(kinds=", ".join(found.times.assumed)))
    return said


def rows(found: Study, name: str, lang: Lang) -> list[tuple[str, ...]]:
    """The rows of a table."""
    return _ROWS[name](found, lang)


def _latency(found: Study, lang: Lang) -> list[tuple[str, ...]]:
    promo, peak = found.promo.latency_ms, found.peak.latency_ms
    return [
        (title.say(lang), *(milliseconds(promo[kind][p]) for p in ("p50", "p95", "p99")), _p95(peak.get(kind)))
        for kind, title in KINDS.items()
        if kind in promo
    ]


def _p95(given: Mapping[str, float] | None) -> str:
    return milliseconds(given["p95"]) if given else NONE


def _usage(found: Study, lang: Lang) -> list[tuple[str, ...]]:
    promo, broken = found.promo, found.broken.at.usage
    return [
        (RESOURCES[name].say(lang), *(_part(each) for each in (used, promo.busiest.get(name), broken.get(name))))
        for name, used in promo.usage.items()
    ]


def _backlog(found: Study, lang: Lang) -> list[tuple[str, ...]]:
    promo = found.promo
    return [
        (
            title.say(lang),
            f"{promo.backlog_max[name]:,}",
            milliseconds(1000 * promo.lasts[name]) if promo.lasts[name] else NONE,
        )
        for name, title in QUEUES.items()
    ]


def _worth(found: Study, lang: Lang) -> list[tuple[str, ...]]:
    return [
        (
            WORTHS[one.name].say(lang),
            few(one.orders_per_second),
            part(one.part),
            milliseconds(one.orders_p95_ms),
            milliseconds(one.booked_p95_ms),
        )
        for one in found.worths
    ]


def _sizes(found: Study, lang: Lang) -> list[tuple[str, ...]]:
    given, enough = sizes_given(found), asdict(found.recommended) if found.recommended else {}
    return [
        (title.say(lang), f"{given[name]:,}", f"{enough[name]:,}" if enough else NONE) for name, title in SIZES.items()
    ]


_ROWS = {"latency": _latency, "usage": _usage, "backlog": _backlog, "worth": _worth, "sizes": _sizes}


def sizes_given(found: Study) -> dict[str, int]:
    """The sizes that were asked about."""
    shop = found.shop
    workers = {"order_workers": shop.orders, "member_workers": shop.members, "settlement_workers": shop.settlement}
    sizes = {name: staff.workers for name, staff in workers.items()}
    return sizes | {"batch": shop.batch, "pool": shop.pool, "cores": shop.cores}


def capacity_told(found: Study) -> dict[str, object]:
    """What `--json` prints: latencies in milliseconds, usage as parts of one, durations in seconds."""
    promo, broken = found.promo, found.broken
    return {
        "days": found.days,
        "seed": found.seed,
        "date": promo.date,
        "window_hours": [promo.begins / 3600, promo.ends / 3600],
        "whole_window": promo.whole,
        "orders": promo.orders,
        "transactions": promo.transactions,
        "utilisation": promo.usage,
        "utilisation_busiest": promo.busiest,
        "backlog_max": promo.backlog_max,
        "backlog_seconds": promo.lasts,
        "latency_ms": promo.latency_ms,
        "peak": {
            "orders_per_second": _peak(found),
            "latency_ms": found.peak.latency_ms,
            "utilisation": found.peak.usage,
            "target_ms": found.target.latency_ms,
            "kept": found.kept,
        },
        "bottleneck": broken.bottleneck,
        "breaks_at": {
            "multiple": broken.multiple,
            "orders_per_second": broken.orders_per_second,
            "utilisation": broken.at.usage,
            "relief": broken.gains,
        },
        "recommended": asdict(found.recommended) if found.recommended else {},
        "given": sizes_given(found),
        "worth": [asdict(one) for one in found.worths],
        "retries": promo.retries,
        "notices_repeated": promo.repeated,
        "failures": promo.failures,
        "payout_calls": promo.calls,
        "payout_questions": promo.asked_again,
        "service": {"source": found.times.source, "assumed": list(found.times.assumed)},
    }


def _peak(found: Study) -> float:
    """Orders a second in the busiest minute."""
    return found.demand.peak()[Kind.place]


def _part(value: float | None) -> str:
    """A part of a whole; a small one is not shown as none."""
    return "< 0.1%" if value is not None and 0 < value < 0.0005 else part(value)


def few(value: float) -> str:
    """A figure with as many decimals as its size bears."""
    return number(value, 0 if value >= 100 else 1 if value >= 10 else 2)
