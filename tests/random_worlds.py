"""Random plans and random event logs for the tests of both engines: valid more often than not, but not always."""

from __future__ import annotations

import random

import numpy as np

from rules.events import DAY, Kind, Names, Records, blank
from rules.plan.model import Plan

MEMBERS = 9
START_DAY = 20_458  # 2026-01-05, a Monday
NAMES = Names(
    categories=["fmcg", "digital"], skus=["milk", "phone", "soap"], ranks=["member", "promoter", "partner", "ghost"]
)


def random_plan(luck: random.Random, number: int = 0) -> Plan:
    """A plan with any mechanism on or off and any knob at any value."""
    ranks = [{"id": "member"}, {"id": "promoter"}, {"id": "partner"}]
    if luck.random() < 0.7:
        ranks[1]["join"] = {"orders": luck.randint(1, 2)} if luck.random() < 0.7 else {"spend": luck.randint(0, 300)}
    for rank in ranks[1:]:
        if luck.random() < 0.6:
            rank["promote"] = {"months": luck.randint(1, 2), _measure(luck): luck.randint(0, 400)}
        if luck.random() < 0.5:
            rank["demote"] = {"months": luck.randint(1, 2), _measure(luck): luck.randint(0, 400)}
        _more_of_a_rank(luck, rank)
    data = {
        "plan": f"random{number}",
        "ranks": ranks,
        "attribution": _attribution(luck),
        "commission": _commission(luck),
        "bonuses": _bonuses(luck),
        "campaigns": _campaigns(luck),
        "caps": _caps(luck),
        "semantics": _semantics(luck) | _people(luck),
        "disputes": luck.choice([None, {"days": 0}, {"days": 4}, {"days": 90}]),
        "settlement": {
            "hold_days": luck.choice([0, 1, 7]),
            "cycle": {"every": luck.choice(["day", "week", "month"]), "weekday": "thursday", "at": "02:00"},
            "auto_receive_days": luck.choice([1, 10]),
        },
        "withdrawal": {
            "minimum": luck.choice([0, 5]),
            "fee": luck.choice(["0%", "0.6%"]),
            "per_day": luck.choice([None, 1]),
            "maximum": luck.choice([None, 20]),
            "review_over": luck.choice([None, 10]),
            "real_name": luck.random() < 0.1,
        },
    }
    return Plan.model_validate(data)


def _measure(luck: random.Random) -> str:
    return luck.choice(["promoted_volume", "personal_volume", "direct_team_volume"])


def _more_of_a_rank(luck: random.Random, rank: dict[str, object]) -> None:
    """Joining by anything, at once or next month, and targets of several measures."""
    if luck.random() < 0.4:
        thresholds: dict[str, object] = {
            "orders": luck.randint(0, 3),
            "spend": luck.randint(0, 200),
            "single_order": luck.randint(0, 100),
            "direct_team": luck.randint(0, 3),
            "promoted_orders": luck.randint(0, 3),
            "promoted_volume": luck.randint(0, 200),
            "earned": luck.choice(["0.00", "0.50", "3"]),
        }
        rank["join"] = {name: thresholds[name] for name in luck.sample(list(thresholds), luck.randint(1, 3))}
        rank["join"] |= {"need": luck.choice(["all", "any"])}  # type: ignore[operator]
    if luck.random() < 0.3:
        rank["effective"] = luck.choice(["at_once", "next_month"])
    for target in ("promote", "demote"):
        if luck.random() < 0.3:
            measures: dict[str, object] = {
                "promoted_volume": luck.randint(0, 400),
                "direct_team": luck.randint(0, 3),
                "orders": luck.randint(0, 3),
                "promoted_orders": luck.randint(0, 3),
                "active_days": luck.randint(0, 3),
            }
            several = {name: measures[name] for name in luck.sample(list(measures), luck.randint(1, 4))}
            rank[target] = {"months": luck.randint(1, 2), "need": luck.choice(["all", "any"])} | several


def _people(luck: random.Random) -> dict[str, object]:
    """When what is fixed and checked, who is a promoter, and what settlement waits for."""
    moments = ["create", "pay", "receipt", "settle"]
    first = luck.randint(0, 3)
    by_level = {1: moments[first], 2: moments[luck.randint(first, 3)]}
    return {
        "rate_snapshot": luck.choice(["pay", *moments]),
        "upline_snapshot": luck.choice(["pay", *moments, by_level]),
        "unbound_at_create": luck.choice(["pay", "pay", "nobody"]),
        "promoter_by": luck.choice(
            ["rank", "rank", "rank", "all", "appointed", "spend_over:10", "order_at_least:20.50"]
        ),
        "eligible_at": luck.choice(["pay", *moments, luck.sample(moments, luck.randint(1, 4))]),
        "settle_while_refund_open": luck.choice(["pay", "wait"]),
        "frozen_at_settlement": luck.choice(["pay", "wait"]),
    }


def _ranks(luck: random.Random) -> list[str] | None:
    return luck.choice([None, None, ["promoter", "partner"], ["partner"], ["member", "partner"]])


def _rate(luck: random.Random) -> object:
    return luck.choice(["8%", "0.05", "12.5%", "0.0033", "3%", {"fixed": "0.88"}, {"fixed": "0"}])


def _attribution(luck: random.Random) -> dict[str, object]:
    return {
        "who": luck.choice(["all", "all", "new"]),
        "bind_on": luck.choice(["register", "first_click", "first_order", "invite_code"]),
        "keep": luck.choice(["permanent", "permanent", "days:3", "last_click"]),
        "on_conflict": luck.choice(["keep", "override", "protect:2"]),
    }


def _commission(luck: random.Random) -> dict[str, object]:
    levels = []
    for level in range(1, luck.randint(0, 3) + 1):
        settings: dict[str, object] = {"level": level, "rates": {"fmcg": _rate(luck), "default": _rate(luck)}}
        settings["ranks"] = _ranks(luck)
        if luck.random() < 0.3:
            settings["skus"] = {"milk": _rate(luck)}
        if luck.random() < 0.3:
            settings["by_rank"] = {"partner": {"digital": _rate(luck)}}
        if luck.random() < 0.2:
            settings["minimum"] = "0.01"
        levels.append(settings)
    commission: dict[str, object] = {"base": {"levels": levels}} if levels else {}
    if luck.random() < 0.7:
        brackets = [{"from": 0, "rate": "5%"}, {"from": 50, "rate": "8%"}, {"from": 200, "rate": "3.33%"}]
        commission["ladder"] = {
            "period": luck.choice(["day", "week", "month"]),
            "measure": _measure(luck),
            "mode": luck.choice(["whole", "marginal"]),
            "brackets": brackets[: luck.randint(1, 3)],
            "ranks": _ranks(luck),
        }
    if luck.random() < 0.7:
        period = luck.choice(["day", "week", "month"])
        commission["team"] = {"period": period, "measure": _measure(luck), "rate": "2%", "ranks": _ranks(luck)}
    return commission


def _bonuses(luck: random.Random) -> list[dict[str, object]]:
    bonuses: list[dict[str, object]] = []
    if luck.random() < 0.4:
        bonuses.append({"id": "newcomer", "event": "first_promoted_order", "pay": 5, "ranks": _ranks(luck)})
    if luck.random() < 0.4:
        bonuses.append({"id": "streak", "event": "promotion_streak", "days": 2, "pay": 3})
    return bonuses


def _campaigns(luck: random.Random) -> list[dict[str, object]]:
    campaigns: list[dict[str, object]] = []
    if luck.random() < 0.5:
        campaigns.append({"id": "launch", "days": [1, 9], "multiply": {"base": "1.5"}})
    if luck.random() < 0.3:
        campaigns.append({"id": "milk", "days": [5, 30], "skus": ["milk"], "multiply": {"base": "2"}})
    if luck.random() < 0.3:
        campaigns.append({"id": "few", "days": [3, 60], "ranks": ["partner"], "multiply": {"base": "0.5"}})
    return campaigns


def _caps(luck: random.Random) -> dict[str, object]:
    return {
        "levels": luck.choice([1, 2, 3]),
        "order_ratio": luck.choice([None, "30%", "6%", "1%"]),
        "member_day": luck.choice([None, "2.50"]),
        "trim": luck.choice(["far_levels_first", "pro_rata", "bonuses_first"]),
    }


def _semantics(luck: random.Random) -> dict[str, object]:
    return {
        "base_on": luck.choice(["paid", "list", "member_price"]),
        "freight": luck.choice(["exclude", "include"]),
        "rounding": luck.choice(["floor", "half_up", "half_even", "ceil", {1: "half_up", 2: "floor"}]),
        "round_per": luck.choice(["line", "unit"]),
        "hold_from": luck.choice(["create", "pay", "receipt"]),
        "hold_boundary": luck.choice(["at", "after"]),
        "ineligible_level": luck.choice(["skip", "stop", "compress"]),
        "partial_refund": luck.choice(["pro_rata", "cancel_line", "cancel_order", "none"]),
        "refund_after_payout": luck.choice(["negative_balance", "cap_at_balance", "none"]),
        "late_refund": luck.choice(["recompute", "at_paid_rate", "keep"]),
        "self_purchase": luck.choice(["none", "as_level_1"]),
        "clawback_rounding": luck.choice(["floor", "ceil", "half_up"]),
    }


def random_log(luck: random.Random, events: int) -> Records:
    """A log of about two months: people join, share, click, buy, return, are rebound, frozen, promoted, paid out."""
    log: list[np.void] = []
    orders: list[int] = []
    time, withdrawals = START_DAY * DAY + 9 * 3600, 0

    def write(kind: Kind, **given: int) -> None:
        event = blank(1)[0]
        event["kind"], event["time"] = kind, time
        for name, value in given.items():
            event[name] = value
        log.append(event)

    for member in range(MEMBERS):
        if luck.random() < 0.8:
            write(Kind.register, member=member, other=luck.randint(-1, member - 1))
    for _ in range(events):
        if luck.random() < 0.2:
            _write_about_people(luck, write, orders)
        time += luck.choice([0, 1, 600, 7200, DAY, 2 * DAY, 5 * DAY])
        member, other = luck.randrange(MEMBERS), luck.randrange(MEMBERS)
        choice = luck.random()
        if choice < 0.30:
            number = orders[-1] + luck.choice([1, 1, 1, 1, 1, 1, 3]) if orders else 0
            refused = luck.choice(_WRONG_ORDERS) if luck.random() < 0.08 else {}
            for line in range(1, luck.choice([1, 1, 2, 3]) + 1):
                _write_line(luck, write, number, line, member, **refused)
            orders.append(number)
            if luck.random() < 0.8:
                write(Kind.pay, order=number)
        elif choice < 0.60 and orders:
            kind = luck.choice([Kind.pay, Kind.cancel, Kind.ship, Kind.receive, Kind.receive, Kind.refund, Kind.refund])
            order = luck.choice(orders[-4:]) if luck.random() < 0.8 else luck.choice(orders) + luck.randint(0, 1)
            if kind is Kind.refund:
                _write_refund(luck, write, order)
            else:
                write(kind, order=order)
        elif choice < 0.68:
            write(Kind.click, member=member, other=other, via=luck.randint(0, 3))
        elif choice < 0.74:
            write(Kind.share, member=member)
        elif choice < 0.78:
            write(
                Kind.register,
                member=member,
                other=luck.choice([-1, other]),
                via=luck.randint(0, 3),
                rank=luck.choice([-1, -1, 2]),
            )
        elif choice < 0.90:
            answers = [Kind.paid, Kind.paid, Kind.failed, Kind.unknown, Kind.approve, Kind.reject]
            kind = luck.choice([Kind.withdraw, *answers])
            if kind is Kind.withdraw:
                write(kind, member=member, order=withdrawals, amount=luck.choice([100, 900, 3000]))
                withdrawals += luck.choice([1, 1, 1, 0, 2])
            else:
                write(kind, order=max(0, withdrawals - luck.randint(0, 2)))
        else:
            _write_administration(luck, write, member, other)
    time += 40 * DAY
    write(Kind.tick)
    return np.array(log, blank(0).dtype)


_WRONG_ORDERS: list[dict[str, int]] = [{"rank": 2}, {"other": 0}]
"""A rank that the buyer states, an order that came before."""


def _write_about_people(luck: random.Random, write: object, orders: list[int]) -> None:
    """Disputes and their ends, open refunds, freezing: much of it refused."""
    if not orders:
        return
    order, member = luck.choice(orders[-4:]), luck.randrange(MEMBERS)
    choice = luck.randrange(6)
    if choice < 2:
        write(Kind.dispute, order=order, member=member, line=luck.choice([0, 0, 1, 2, 5]))  # type: ignore[operator]
    if choice in (0, 2):
        amount = luck.choice([0, 1, 250, 250, -1, -3, -40, -5000])
        outcome, payee = luck.choice([0, 1, 1, 1]), luck.choice([-1, member])
        write(Kind.settle_dispute, order=order, member=payee, rank=outcome, amount=amount)  # type: ignore[operator]
        if luck.random() < 0.5:  # what was added is taken back again, in part
            write(Kind.dispute, order=order, member=member)  # type: ignore[operator]
            write(Kind.settle_dispute, order=order, rank=1, amount=-luck.choice([40, 250]))  # type: ignore[operator]
    elif choice == 3:
        write(luck.choice([Kind.refund_open, Kind.refund_open, Kind.refund_refused]), order=order)  # type: ignore[operator]
    elif choice == 4:
        write(luck.choice([Kind.freeze, Kind.unfreeze, Kind.unfreeze]), member=member)  # type: ignore[operator]
    elif choice == 5:
        write(Kind.receive, order=order)  # type: ignore[operator]


def _write_line(luck: random.Random, write: object, number: int, line: int, member: int, **more: int) -> None:
    price, quantity = luck.choice([1, 5, 99, 1000, 9990]), luck.choice([1, 1, 2, 7])
    grade = luck.choice([-1, -1, price - price // 10])
    paid = (grade if grade >= 0 else price) * quantity
    write(  # type: ignore[operator]
        Kind.order,
        order=number,
        line=line,
        member=member,
        sku=luck.randint(-1, 2),
        category=luck.randint(-1, 1),
        price=price,
        member_price=grade,
        quantity=quantity,
        discount=luck.choice([0, 0, paid // 3, paid]),
        freight=luck.choice([0, 0, 80]),
        **more,
    )


def _write_refund(luck: random.Random, write: object, order: int) -> None:
    form = luck.random()
    if form < 0.4:
        write(Kind.refund, order=order, line=0, quantity=0)  # type: ignore[operator]
    elif form < 0.7:
        write(Kind.refund, order=order, line=luck.randint(0, 2), quantity=luck.randint(0, 2))  # type: ignore[operator]
    else:
        write(Kind.refund, order=order, line=luck.randint(0, 2), quantity=0, amount=luck.choice([1, 50, 700]))  # type: ignore[operator]


def _write_administration(luck: random.Random, write: object, member: int, other: int) -> None:
    choice = luck.randrange(6)
    if choice == 0:
        write(Kind.rebind, member=member, other=luck.choice([other, -1]))  # type: ignore[operator]
    elif choice == 1:
        write(Kind.promote, member=member, rank=luck.randint(0, 3))  # type: ignore[operator]
    elif choice == 2:
        write(luck.choice([Kind.freeze, Kind.unfreeze]), member=member)  # type: ignore[operator]
    elif choice == 3:
        write(Kind.plan, rank=luck.randint(0, 2))  # type: ignore[operator]
    elif choice == 4:
        write(Kind.close, rank=luck.randint(0, 2))  # type: ignore[operator]
    else:
        write(luck.choice([Kind.refund_open, Kind.sign_in]), member=member, order=0)  # type: ignore[operator]
