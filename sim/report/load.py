"""What a load came to: verdict, throughput, latency, what was waited for, what was killed; terminal and `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.console import Console
from rich.text import Text as Styled

from rules.events import Kind
from sim.experiments.metric_names import Lang, Text
from sim.report.tables import head, table_of
from sim.stress.load.figures import LoadResult
from sim.stress.load.killer import Victim
from sim.stress.load.ramp import Ramp

Key = Literal["figures", "latency", "kills", "checks", "hot", "ramp"]
KEYS: tuple[Key, ...] = ("figures", "latency", "ramp", "hot", "kills", "checks")

_SOUND = Text(
    "账目完好：已确认 {acknowledged} 个事件，丢失 0，重复 0，不平 0（由独立见证程序用 SQL 清点）。",
    "The books are sound: {acknowledged} events acknowledged, 0 lost, 0 doubled, 0 unbalanced (counted by a witness of "
    "its own, in SQL).",
)
_UNSOUND = Text(
    "账目有问题：已确认 {acknowledged} 个事件，丢失 {lost}，重复 {duplicated}，不平 {unbalanced}。",
    "The books are not sound: {acknowledged} events acknowledged, {lost} lost, {duplicated} doubled, {unbalanced} "
    "unbalanced.",
)
_KNOWN = Text(
    "压测后逐个再问，商城仍记得全部 {acknowledged} 个已确认的事件，丢失 0。重复记账与借贷平衡从外面看不到，未清点。",
    "Asked again after the load, the shop knew all {acknowledged} events that it had acknowledged: 0 lost. Doubled "
    "money and balances cannot be seen from outside, and were not counted.",
)
_FORGOTTEN = Text(
    "商城有问题：已确认 {acknowledged} 个事件，压测后再问，丢失 {lost}；两次生效 {duplicated}。借贷平衡未清点。",
    "The shop is not sound: of {acknowledged} events that it had acknowledged it had lost {lost} when it was asked "
    "again, and {duplicated} took effect twice. Balances cannot be seen from outside, and were not counted.",
)
_RATE_OUTSIDE = Text(
    "{clients} 个 HTTP 用户，{seconds:.1f} 秒：每秒 {events:.0f} 个事件，{orders:.1f} 单；p99 {p99:.0f} 毫秒。",
    "{clients} users over HTTP, {seconds:.1f} s: {events:.0f} events and {orders:.1f} orders a second; "
    "p99 {p99:.0f} ms.",
)
_RATE = Text(
    "{clients} 个客户端进程，{seconds:.1f} 秒：每秒 {events:.0f} 个事件，{orders:.1f} 单；p99 {p99:.0f} 毫秒。",
    "{clients} client processes, {seconds:.1f} s: {events:.0f} events and {orders:.1f} orders a second; "
    "p99 {p99:.0f} ms.",
)
_SAME = Text(
    "与单线程一致：按先后次序由内存引擎重做，{compared} 条佣金明细逐条相同。",
    "As if one had done it alone: done again in memory, in order, all {compared} entries are the same.",
)
_OTHER = Text(
    "与单线程不一致：{compared} 条佣金明细中有 {wrong} 处不同。",
    "Not as if one had done it alone: {wrong} differences in {compared} entries.",
)
_UNFINISHED = Text("时间到，事件流未走完。", "Time was up before the stream had come to its end.")
TITLES: dict[Key, Text] = {
    "figures": Text("总量", "in all"),
    "latency": Text("各类事件的时延（毫秒）", "latency by kind of event, ms"),
    "ramp": Text("逐级加压", "the rate, step by step"),
    "hot": Text("最热的行：客户端合计等锁秒数", "hottest rows: seconds that clients waited for their locks"),
    "kills": Text("击杀与恢复", "kills, and coming back"),
    "checks": Text("清点（都应为 0）", "what was counted (0 each)"),
}
HEADS: dict[Key, Text] = {
    "figures": Text("项目|数值", "figure|value"),
    "latency": Text("事件|次数|p50|p95|p99|最长", "event|count|p50|p95|p99|longest"),
    "ramp": Text("到达率（事件/秒）|答复（事件/秒）|p99 毫秒|达标", "rate, events/s|answered/s|p99 ms|held"),
    "hot": Text("行|秒", "row|seconds"),
    "kills": Text("对象|次数", "what|times"),
    "checks": Text("检查|个数", "check|count"),
}
EVENTS: dict[Kind, Text] = {
    Kind.register: Text("注册", "register"),
    Kind.share: Text("分享", "share"),
    Kind.click: Text("点击", "click"),
    Kind.order: Text("下单", "order"),
    Kind.pay: Text("支付", "pay"),
    Kind.cancel: Text("取消", "cancel"),
    Kind.ship: Text("发货", "ship"),
    Kind.receive: Text("收货", "receive"),
    Kind.refund: Text("退款", "refund"),
    Kind.refund_open: Text("申请退款", "refund asked for"),
    Kind.refund_refused: Text("拒绝退款", "refund refused"),
    Kind.promote: Text("调整等级", "rank given"),
    Kind.withdraw: Text("提现", "withdraw"),
    Kind.approve: Text("审核通过", "approve"),
    Kind.reject: Text("审核驳回", "reject"),
    Kind.paid: Text("已到账", "paid out"),
    Kind.failed: Text("付款失败", "payout failed"),
    Kind.unknown: Text("结果未知", "payout unknown"),
    Kind.freeze: Text("冻结", "freeze"),
    Kind.unfreeze: Text("解冻", "unfreeze"),
    Kind.sign_in: Text("签到", "sign in"),
}
_VICTIMS: dict[Victim, Text] = {
    Victim.server: Text("数据库及其全部进程", "the server with all its processes"),
    Victim.postmaster: Text("仅主进程", "the server alone"),
    Victim.backend: Text("一个服务进程", "a process that serves a client"),
    Victim.client: Text("客户端，任意时刻", "a client, anywhere"),
    Victim.unacknowledged: Text("客户端，提交之后、确认之前", "a client, after its commit and before its answer"),
    Victim.worker: Text("结算进程", "a settlement worker"),
    Victim.connections: Text("切断全部连接", "all connections cut"),
}
_RESTART = Text("数据库重启，最长（秒）", "the server came back, longest (s)")
_FIGURES: dict[str, Text] = {
    "orders": Text("订单", "orders placed"),
    "done": Text("生效的事件", "events that took effect"),
    "again": Text("重复到达、未生效", "came again, changed nothing"),
    "refused": Text("被规则拒绝", "refused by the rules"),
    "short": Text("缺货", "out of stock"),
    "statements": Text("每个事件的 SQL 语句", "statements per event"),
    "retries": Text("重做的事务", "transactions done again"),
    "deadlocks": Text("死锁", "deadlocks"),
    "stale": Text("缓存过期、重来", "stale reads, begun anew"),
    "lost": Text("断开的连接", "connections lost"),
    "flush_ms": Text("日志落盘（毫秒）", "a flush of the log, ms"),
}
_FIGURES_OUTSIDE: dict[str, Text] = {
    **{name: _FIGURES[name] for name in ("orders", "done", "again", "refused", "short")},
    "statements": Text("每个事件的请求", "requests per event"),
    "retries": Text("重发的请求", "requests sent again"),
    "lost": Text("未得到答复的请求", "requests without an answer"),
}


def verdict(result: LoadResult, lang: Lang) -> list[str]:
    """What came out, in sentences."""
    counted = {name: result.verdict.get(name) or 0 for name in ("acknowledged", "lost", "duplicated", "unbalanced")}
    per_second = result.orders / result.seconds if result.seconds else 0.0
    sound, unsound, pace = (_SOUND, _UNSOUND, _RATE)
    if result.from_outside:
        sound, unsound, pace = (_KNOWN, _FORGOTTEN, _RATE_OUTSIDE)
    rate = pace.say(lang).format(
        clients=result.clients,
        seconds=result.seconds,
        events=result.events_per_second,
        orders=per_second,
        p99=result.latency().p99,
    )
    said = [(sound if result.sound else unsound).say(lang).format(**counted), rate]
    if result.alone is not None:
        alone = result.alone
        said.insert(
            1, (_SAME if alone.same else _OTHER).say(lang).format(compared=alone.compared, wrong=alone.differences)
        )
    return said if result.finished else [*said, _UNFINISHED.say(lang)]


def rows(result: LoadResult, ramp: Ramp | None, key: Key, lang: Lang) -> list[Sequence[str]]:
    """The cells of a table."""
    if key == "figures":
        figures = _FIGURES_OUTSIDE if result.from_outside else _FIGURES
        return [(title.say(lang), _shown(_figure(result, name))) for name, title in figures.items()]
    if key == "latency":
        return [
            (_event(kind, lang), str(one.count), *(f"{value:.1f}" for value in (one.p50, one.p95, one.p99, one.worst)))
            for kind, one in result.by_kind().items()
        ]
    if key == "ramp":
        steps = ramp.steps if ramp else []
        return [(f"{one.rate:.0f}", f"{one.answered:.0f}", f"{one.p99:.0f}", "✓" if one.held else "✗") for one in steps]
    if key == "hot":
        return [(row, f"{seconds:.2f}") for row, seconds in result.hot_rows()]
    if key == "kills":
        told = [(_VICTIMS[Victim(name)].say(lang), str(count)) for name, count in result.kills.items()]
        return [*told, (_RESTART.say(lang), f"{max(result.restarts):.2f}")] if result.restarts else told
    checks = result.verdict.get("checks")
    return [(name.replace("_", " "), str(count)) for name, count in checks.items()] if isinstance(checks, dict) else []


def _event(name: str, lang: Lang) -> str:
    """What a kind of event is called."""
    kind = Kind[name]
    return EVENTS[kind].say(lang) if kind in EVENTS else name.replace("_", " ")


def _figure(result: LoadResult, name: str) -> float:
    if name in ("done", "again", "refused", "short"):
        return result.results().get(name, 0)
    own = {"orders": result.orders, "statements": result.statements, "flush_ms": result.flush_ms}
    return own[name] if name in own else result.traffic.get(name, 0)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def print_load(console: Console, result: LoadResult, ramp: Ramp | None, lang: Lang) -> None:
    """The result in the terminal."""
    for line in verdict(result, lang):
        console.print(Styled(line, style="bold"))
    for key in KEYS:
        cells = rows(result, ramp, key, lang)
        if cells:
            head(console, TITLES[key].say(lang))
            table = table_of(HEADS[key].say(lang))
            for row in cells:
                table.add_row(*map(Styled, row))
            console.print(table)


def load_told(scenario: str, plan: str, result: LoadResult, ramp: Ramp | None) -> dict[str, object]:
    """The result for `--json`."""
    overall = result.latency()
    told: dict[str, object] = {
        "scenario": scenario,
        "plan": plan,
        "orders": result.orders,
        "acknowledged": result.verdict.get("acknowledged", 0),
        "seconds": round(result.seconds, 3),
        "orders_per_second": round(result.orders / result.seconds, 2) if result.seconds else 0.0,
        "events_per_second": round(result.events_per_second, 2),
        "latency_ms": {"p50": overall.p50, "p95": overall.p95, "p99": overall.p99},
        "latency_by_kind": {
            kind: {"count": one.count, "p50": one.p50, "p95": one.p95, "p99": one.p99}
            for kind, one in result.by_kind().items()
        },
        "clients": result.clients,
        "workers": result.workers,
        "finished": result.finished,
        "results": result.results(),
        "kills": sum(result.kills.values()),
        "killed": dict(result.kills),
        "restart_seconds": [round(one, 3) for one in result.restarts],
        "hot_rows": [{"row": row, "seconds": round(seconds, 3)} for row, seconds in result.hot_rows()],
        "statements_per_event": round(result.statements, 2),
        "flush_ms": result.flush_ms,
    }
    told |= {name: result.verdict.get(name, 0) for name in ("lost", "duplicated", "unbalanced", "in_doubt", "checks")}
    told |= {name: round(result.traffic.get(name, 0)) for name in ("retries", "deadlocks", "stale")}
    if result.alone is not None:
        told |= {"entries_compared": result.alone.compared, "same_as_alone": result.alone.same}
    if ramp:
        steps = [{"rate": s.rate, "answered": s.answered, "p99": s.p99, "held": s.held} for s in ramp.steps]
        told |= {"ramp": steps, "sustained": ramp.sustained}
    return told
