"""Random plans and histories that the bulk engine takes, as columns and as the event log that says the same."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from random_worlds import NAMES, START_DAY, random_plan

from rules.bulk.columns import OrderColumns, RefundColumns
from rules.bulk.members import ChangeColumns, ChangeKind, MemberColumns
from rules.engine import Engine
from rules.events import DAY, Kind, Records, blank
from rules.plan.model import Plan
from rules.plan.read import parse_plan

MEMBERS = 9
SINCE = START_DAY * DAY


@dataclass
class History:
    """The same history twice."""

    members: MemberColumns
    orders: OrderColumns
    refunds: RefundColumns
    changes: ChangeColumns
    until: int
    log: Records


def bulk_plan(luck: random.Random) -> Plan:
    """A random plan, less what the bulk engine leaves to the event engine."""
    plan = random_plan(luck)
    data = plan.model_dump(mode="json", by_alias=True)
    for rank in data["ranks"]:
        rank["effective"] = "at_once"
        if rank["join"]:
            known = {name: rank["join"][name] for name in ("orders", "spend", "need")}
            rank["join"] = known if known["orders"] is not None or known["spend"] is not None else None
        for rule in ("promote", "demote"):
            rank[rule] = _volumes_alone(rank[rule])
    commission = data["commission"]
    data["commission"] = {"base": commission["base"], "ladder": commission["ladder"], "team": commission["team"]}
    if commission["base"]:
        commission["base"]["product_age"] = None
        for level in commission["base"]["levels"]:
            level["of"] = "sale"
    for part in (commission["ladder"], commission["team"]):
        if part and part["measure"] == "team_volume":
            part["measure"] = luck.choice(MEASURES)
    data["bonuses"] = [one for one in data["bonuses"] if one["event"] in ("first_promoted_order", "promotion_streak")]
    data["contests"] = []
    for campaign in data["campaigns"]:
        campaign["channels"] = campaign["budget"] = None
    data["caps"] |= {"member_month": None, "over_cap": "forfeit"}
    data["semantics"] |= _KNOWN_SEMANTICS | {"rounding": plan.semantics.rounding}
    if data["semantics"]["base_on"] == "profit":
        data["semantics"]["base_on"] = "member_price"
    for name, others in (("base_round", ["unit_trunc4"]), ("round_per", ["order"])):
        if data["semantics"][name] in others:
            data["semantics"][name] = "unit"
    if data["attribution"]["keep"].startswith("days"):
        data["attribution"]["keep"] = "permanent"
    return parse_plan(data)


MEASURES = ("promoted_volume", "personal_volume", "direct_team_volume")
_KNOWN_SEMANTICS = {
    "rate_snapshot": "pay",
    "upline_snapshot": "pay",
    "unbound_at_create": "pay",
    "promoter_by": "rank",
    "eligible_at": "pay",
    "refund_after_payout": "negative_balance",
    "subtract_lower": False,
    "fee_share": False,
    "entry_per": "line",
    "zero_amount": "continue",
    "duration_months": None,
    "clawback_unit": "exact",
    "defects": [],
}


def _volumes_alone(rule: dict[str, object] | None) -> dict[str, object] | None:
    """A target of volumes that count for one person; None if it has none of these."""
    known = {name: rule[name] for name in MEASURES if rule[name] is not None} if rule else {}
    return {"months": rule["months"], "need": rule["need"], **known} if rule and known else None


def random_history(luck: random.Random, orders: int) -> History:
    """About two months: orders of one to three lines, refunds of all forms, members bound, ranked, frozen, joining."""
    members = _members(luck)
    time, events, changes = SINCE, [], []
    bought: list[dict[str, int]] = []
    begins, buyers, paid_at = [0], [], []
    refunds: list[dict[str, int]] = []
    state = {"upline": members.upline.tolist(), "joined": members.joined.tolist()}
    while len(paid_at) < orders:
        time += luck.choice([0, 1, 600, 7200, DAY, 2 * DAY, 5 * DAY])
        choice = luck.random()
        if choice < 0.5:
            number, buyer = len(paid_at), luck.randrange(MEMBERS)
            lines = [_line(luck) for _ in range(luck.choice([1, 1, 2, 3]))]
            for place, line in enumerate(lines, 1):
                fields = {name: value for name, value in line.items() if name != "paid"}
                events.append((Kind.order, time, {"order": number, "line": place, "member": buyer, **fields}))
            events.append((Kind.pay, time, {"order": number}))
            bought += lines
            begins.append(len(bought))
            buyers.append(buyer)
            paid_at.append(time)
        elif choice < 0.8 and paid_at:
            refund = _refund(luck, len(paid_at))
            refunds.append({"time": time, **refund})
            events.append((Kind.refund, time, refund))
        elif paid_at and choice < 0.85:
            events.append((luck.choice([Kind.ship, Kind.receive]), time, {"order": luck.randrange(len(paid_at))}))
        else:
            _change(luck, state, time, changes, events, len(paid_at))
    until = time + luck.choice([0, 1, 40]) * DAY
    events.append((Kind.tick, until, {}))
    columns = {name: np.array([line[name] for line in bought]) for name in bought[0] if name != "discount"}
    return History(
        members=members,
        orders=OrderColumns(buyer=np.array(buyers), paid_at=np.array(paid_at), first_line=np.array(begins), **columns),
        refunds=RefundColumns(**_columns(refunds, ("time", "order", "line", "quantity", "amount"))),
        changes=ChangeColumns(**_columns(changes, ("time", "member", "kind", "value", "before"))),
        until=until,
        log=_log(events),
    )


def _columns(rows: list[dict[str, int]], names: tuple[str, ...]) -> dict[str, np.ndarray]:
    return {name: np.array([row[name] for row in rows], np.int64) for name in names}


def _log(events: list[tuple[Kind, int, dict[str, int]]]) -> Records:
    log = blank(len(events))
    for row, (kind, time, fields) in zip(log, events, strict=True):
        row["kind"], row["time"] = kind, time
        for name, value in fields.items():
            row[name] = value
    return log


def _members(luck: random.Random) -> MemberColumns:
    joined = [luck.random() < 0.85 for _ in range(MEMBERS)]
    upline = [
        luck.choice([-1] + [above for above in range(member) if joined[above]]) if luck.random() < 0.8 else -1
        for member in range(MEMBERS)
    ]
    return MemberColumns(
        upline=np.array(upline),
        rank=np.array([luck.choice([0, 0, 1, 2]) for _ in range(MEMBERS)]),
        frozen=np.array([luck.random() < 0.1 for _ in range(MEMBERS)], np.uint8),
        joined=np.array(joined, np.uint8),
        orders=np.array([luck.choice([0, 0, 1]) for _ in range(MEMBERS)]),
        spent=np.array([luck.choice([0, 5000]) for _ in range(MEMBERS)]),
        promoted=np.array([luck.choice([0, 0, 1]) for _ in range(MEMBERS)]),
    )


def _line(luck: random.Random) -> dict[str, int]:
    price, quantity = luck.choice([1, 5, 99, 1000, 9990]), luck.choice([1, 1, 2, 7])
    grade = luck.choice([-1, -1, price - price // 10])
    full = (grade if grade >= 0 else price) * quantity
    discount = luck.choice([0, 0, full // 3, full])
    return {
        "sku": luck.randint(-1, 2),
        "category": luck.randint(-1, 1),
        "price": price,
        "member_price": grade,
        "quantity": quantity,
        "discount": discount,
        "paid": full - discount,
        "freight": luck.choice([0, 0, 80]),
    }


def _refund(luck: random.Random, orders: int) -> dict[str, int]:
    order = orders - 1 - luck.choice([0, 0, 0, 1, 2, orders - 1]) % orders
    form = luck.random()
    if form < 0.4:
        return {"order": order, "line": 0, "quantity": 0, "amount": 0}
    if form < 0.7:
        return {"order": order, "line": luck.randint(0, 2), "quantity": luck.randint(0, 2), "amount": 0}
    return {"order": order, "line": luck.randint(0, 2), "quantity": 0, "amount": luck.choice([1, 50, 700])}


def _change(luck: random.Random, state, time: int, changes: list, events: list, before: int) -> None:
    member, kind = luck.randrange(MEMBERS), luck.choice(list(ChangeKind))
    if kind is ChangeKind.upline:
        value = luck.choice([-1, *range(MEMBERS)])
        if value >= 0 and (not state["joined"][value] or member in _and_above(state["upline"], value)):
            return
        state["upline"][member] = value
        event = (Kind.rebind, {"member": member, "other": value})
    elif kind is ChangeKind.rank:
        value = luck.randint(0, 2)
        event = (Kind.promote, {"member": member, "rank": value})
    elif kind is ChangeKind.frozen:
        value = luck.randint(0, 1)
        event = (Kind.freeze if value else Kind.unfreeze, {"member": member})
    else:
        value = 1
        if state["joined"][member]:
            return
        state["joined"][member] = 1
        event = (Kind.register, {"member": member})
    changes.append({"time": time, "member": member, "kind": int(kind), "value": value, "before": before})
    events.append((event[0], time, event[1]))


def _and_above(upline: list[int], member: int) -> list[int]:
    found = []
    while member >= 0:
        found.append(member)
        member = upline[member]
    return found


def event_engine(plan: Plan, history: History) -> Engine:
    """The event engine after the same history."""
    engine = Engine.open([plan], NAMES, MEMBERS, START_DAY)
    rows, members = engine.book.members, history.members
    rows["upline"], rows["rank"], rows["frozen"] = members.upline, members.rank, members.frozen
    rows["joined_at"] = np.where(members.joined == 1, SINCE, -1)
    rows["orders"], rows["spent"], rows["promoted_orders"] = members.orders, members.spent, members.promoted
    tick = blank(1)
    tick["kind"], tick["time"] = Kind.tick, SINCE
    engine.apply(tick)
    engine.apply(history.log)
    return engine
