"""Random plans and random event logs for the tests of both engines: valid more often than not, but not always."""

from __future__ import annotations

import random

import numpy as np

from rules.events import DAY, Kind, Names, Records, blank
from rules.plan.defects import DEFECTS
from rules.plan.model import Plan
from rules.plan.read import parse_plan

MEMBERS = 9
START_DAY = 20_458  # 2026-01-05, a Monday
NAMES = Names(
    categories=["fmcg", "digital"],
    skus=["milk", "phone", "soap"],
    channels=["wechat", "app"],
    ranks=["member", "promoter", "partner", "ghost"],
    areas=["jinan", "shandong", "qingdao"],
    coupons=["C5", "C20", "ghost"],
    gifts=["pen", "mug", "ghost"],
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
        "bonuses": _bonuses(luck) + _rewards(_aside(luck, "rewards")),
        "points": _points(_aside(luck, "points")),
        "coupons": {"C5": {"amount": 5, "days": 3}, "C20": {"amount": "0.20", "over": 10 * number}},
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
    data["withdrawal"] |= _payouts(random.Random(str(data)))
    _add_chain(data)
    _moving_rates(_aside(luck, "moving"), data)
    _member_caps(_aside(luck, "caps"), data["caps"])
    _dividend(_aside(luck, "dividend"), data["commission"])
    _add_knobs(data)
    _fit_together(data)
    data["semantics"]["fee_rounding"] = _aside(luck, "fee").choice(["half_up", "floor", "ceil"])
    _credit_rules(_aside(luck, "credit"), data)
    _mentors(_aside(luck, "mentors"), data["bonuses"])
    data["contests"] = _contests(_aside(luck, "contests"))
    return parse_plan(data)


def _fit_together(data: dict[str, object]) -> None:
    """Take out what `rules.plan.read` refuses beside something else."""
    semantics, caps, campaigns = data["semantics"], data["caps"], data["campaigns"]
    assert isinstance(semantics, dict)
    assert isinstance(caps, dict)
    assert isinstance(campaigns, list)
    if semantics.get("round_per") == "order":
        for campaign in campaigns:
            campaign.pop("budget", None)
    if semantics.get("rank_rate") == "multiply":  # with more factors the rates are no whole parts per million
        commission = data["commission"]
        assert isinstance(commission, dict)
        commission.pop("dynamic", None)
        commission.get("base", {}).pop("product_age", None)
    whole = semantics.get("entry_per") == "order" or semantics.get("clawback_unit") == "trunc4"
    if whole or semantics.get("defects") or semantics.get("fee_share"):
        caps["over_cap"] = "forfeit"


def _add_chain(data: dict[str, object]) -> None:
    """Components along the chain, by luck of their own that the rest of the plan decides."""
    luck = random.Random(repr(data))
    commission = data["commission"]
    assert isinstance(commission, dict)
    for level in commission.get("base", {}).get("levels", [])[1:]:
        level["of"] = luck.choice(["sale", "level_1_commission"])
    if luck.random() < 0.5:
        commission["differential"] = {
            "rates": {name: luck.choice(["5%", "20%", "33.33%", "60%"]) for name in _some_ranks(luck)},
            "difference": luck.choice(["rates", "amounts", "clamped_rates"]),
            "counts_base": luck.random() < 0.5,
            "exclusive": luck.random() < 0.5,
            "depth": luck.choice([8, 2, {"promoter": 1}, {"partner": 2, "member": 3}]),
        }
        if luck.random() < 0.6:
            commission["peer"] = {
                "rate": luck.choice(["10%", "33.33%"]),
                "of": luck.choice(["differential", "sale"]),
                "ranks": _ranks(luck),
                "generations": luck.choice([1, 2, 8]),
            }
    if luck.random() < 0.4:
        rates = {name: luck.choice(["5%", "0.0033", "0%"]) for name in [*_some_ranks(luck), "default"]}
        within = luck.choice([{}, {"jinan": "shandong"}, {"jinan": "lu", "lu": "shandong", "qingdao": "shandong"}])
        commission["area"] = {"rates": luck.choice(["2%", rates]), "within": within}
    if luck.random() < 0.4:
        grades = {
            name: luck.choice(["80%", "66.67%", {"fmcg": "75%"}, {"default": "50%"}]) for name in _some_ranks(luck)
        }
        skus = {"milk": {name: luck.choice(["0.03", "60"]) for name in _some_ranks(luck)}}
        commission["margin"] = {"prices": grades, "skus": luck.choice([{}, skus])}


def _some_ranks(luck: random.Random) -> list[str]:
    return luck.choice([["promoter", "partner"], ["partner"], *2 * [["member", "promoter", "partner"]]])


def _payouts(luck: random.Random) -> dict[str, object]:
    """What the payouts of a plan need beside their limits; large amounts pass in two plans of three."""
    channel = {
        "minimum": luck.choice([0, 1]),
        "per_payment": luck.choice([None, 200, 20_000]),
        "per_day": luck.choice([None, 300, 30_000]),
        "payments_per_day": luck.choice([None, 1, 2]),
        "shop_per_day": luck.choice([None, 400, 50_000]),
    }
    large = {} if luck.random() < 0.33 else {"maximum": None, "review_over": luck.choice([None, 20_000])}
    return {
        "tax": luck.choice(["none", "cn_labour", "cn_platform_2025", "cn_platform_2025_vat", "cn_platform_2025_vat"]),
        "channel": luck.choice([None, None, "wechat_2024", channel]),
        "per_month": luck.choice([None, None, 2]),
        "e_signature": luck.random() < 0.1,
        **large,
    }


def _credit_rules(luck: random.Random, data: dict) -> None:
    """Longer holds for low scores, and requests that are reviewed for them: in two plans of three."""
    if luck.random() < 0.33:
        return
    shortest = data["settlement"]["hold_days"]
    holds = [{"below": below, "days": shortest + luck.choice([0, 1, 6, 23, 40])} for below in (80, 40, 100, 60)]
    data["settlement"]["credit_holds"] = holds[: luck.randint(0, 4)]
    data["withdrawal"]["review_credit_below"] = luck.choice([None, 1, 60, 100])


def _dividend(luck: random.Random, commission: dict) -> None:
    """A pool for the heads of some ranks."""
    if luck.random() < 0.6:
        shares = {"member": luck.choice([1, 3]), "promoter": 2, "partner": luck.choice([3, 7])}
        for rank in luck.sample(["member", "promoter", "partner"], luck.randint(0, 2)):
            del shares[rank]
        commission["dividend"] = {
            "period": luck.choice(["day", "week", "month"]),
            "pool": luck.choice(["1%", "0.0333", "12%"]),
            "shares": shares,
            "residue": luck.choice(["keep", "carry"]),
        }


def _mentors(luck: random.Random, bonuses: list) -> None:
    """Pay for who brought somebody that sells."""
    for number, count in enumerate([1, 2]):
        if luck.random() < 0.5:
            terms = {"pay": luck.choice(["0.90", 4]), "count": count, "days": luck.choice([2, 9, 60])}
            bonuses.append({"id": f"mentor{number}", "event": "apprentice", "ranks": _ranks(luck), **terms})


def _contests(luck: random.Random) -> list[dict[str, object]]:
    """Contests of any measure and round, between members or teams, for money or goods, or pair by pair."""
    contests: list[dict[str, object]] = []
    for number in range(luck.choice([0, 2, 5])):
        measure = luck.choice(["promoted_volume", "promoted_orders", "new_members", "direct_team_volume"])
        every = luck.choice(["day", "week", "month", "once"])
        pk = every != "once" and luck.random() < 0.6
        goods = {"goods": {"zh": "锅", "en": "a pot"}, "value": luck.choice(["0.01", 99, 12_000])}
        prizes = [{"places": 1, **goods}, {"places": [2, 3], "pay": 3}, {"places": [5, 6], "pay": "0.07"}]
        first = {"places": 1} | luck.choice([{"pay": 5}, {"pay": "0.01"}, goods])
        span = {"days": luck.choice([[0, 70], [3, 30], [2, 9]])}
        contest = {
            "id": luck.choice(["alike", f"contest{number}"]) if number == 0 else f"contest{number}",
            "every": every,
            "measure": measure,
            "of": luck.choice(["member", "team"]),
            "ranks": _ranks(luck),
            "minimum": luck.choice([0, 1, 2] if measure in ("promoted_orders", "new_members") else [0, "0.05", 60]),
            "pk": pk,
            "prizes": [first] if pk else luck.choice([[first], prizes, prizes[1:]]),
            **luck.choice([span, span, {"dates": ["2026-01-06", "2026-02-11"]}]),
        }
        if contest["id"] == "alike":  # the same in every plan: its figures go on
            contest |= {"every": "week", "measure": "promoted_volume", "of": "member", "days": [3, 30]}
            contest.pop("dates", None)
            contest |= {"pk": False, "prizes": prizes}
        contests.append(contest)
    return contests


def _member_caps(luck: random.Random, caps: dict) -> None:
    """Caps on a member's month beside the day, and what is over them lost or put off."""
    luck.random()
    caps["over_cap"] = luck.choice(["forfeit", "defer", "defer"])
    caps["member_month"] = luck.choice([None, None, "2", "9.99"])


def _moving_rates(luck: random.Random, data: dict) -> None:
    """Rates that differ by channel and age, that rise with conversion, and campaigns that have a budget."""
    if luck.random() < 0.5:
        lasting = {"id": "lasting", "days": [0, 90], "skus": ["phone", "soap"], "multiply": {"base": "2"}}
        data["campaigns"].append(lasting)
    for campaign in data["campaigns"]:
        if luck.random() < 0.3:
            campaign["channels"] = luck.choice([["app"], ["wechat", "app"], ["radio"]])
    grown = [one for one in data["campaigns"] if one["id"] != "few"]
    if grown and luck.random() < 0.6:
        luck.choice(grown)["budget"] = luck.choice([0, "0.50", 5, 1000])
    if "base" in data["commission"] and luck.random() < 0.4:
        bands = [{"days": [0, 9], "multiply": "1.2"}, {"days": [12, 400], "multiply": "0.8"}]
        launched = {"milk": "2026-01-08", "soap": luck.choice(["2025-12-30", "2026-02-01", "2027-01-01"])}
        data["commission"]["base"]["product_age"] = {"launched": launched, "bands": bands[: luck.randint(1, 2)]}
    if luck.random() < 0.5:
        data["commission"]["dynamic"] = {
            "period": luck.choice(["day", "week", "month"]),
            "above": luck.choice(["0%", "20%", "100%"]),
            "clicks": luck.choice([1, 1, 2]),
            "multiply": luck.choice(["1.2", "0.8"]),
        }


def _add_knobs(data: dict[str, object]) -> None:
    """Arithmetic knobs, activities and known faults, each at any value, by luck that the rest of the plan decides."""
    luck = random.Random(repr(data))
    if luck.random() < 0.3:
        return
    semantics, commission = data["semantics"], data["commission"]
    assert isinstance(semantics, dict)
    assert isinstance(commission, dict)
    semantics |= {
        "base_on": luck.choice(["paid", "paid", "list", "member_price", "profit"]),
        "base_round": luck.choice(["none", "line", "unit", "unit_trunc4"]),
        "subtract_lower": luck.random() < 0.2,
        "fee_share": luck.random() < 0.3,
        "round_per": luck.choice(["line", "unit", "order"]),
        "entry_per": luck.choice(["line", "line", "order"]),
        "rank_rate": luck.choice(["replace", "multiply"]),
        "stack": luck.choice(["add", "highest"]),
        "zero_amount": luck.choice(["continue", "continue", "stop"]),
        "sku_left_out": luck.choice(["rate", "zero"]),
        "duration_months": luck.choice([*6 * [None], 0, 1, 2]),
        "clawback_unit": luck.choice(["exact", "trunc4"]),
        "freight_split": luck.choice(["price", "quantity", "weight", "equal"]),
        "discount_split": luck.choice(["truncate", "ratio4", "half_up", "half_up_each", "double"]),
        "discount_weights": luck.choice(["left", "original"]),
        "defects": luck.choice([[], [], luck.sample(list(DEFECTS), luck.randint(1, 3))]),
    }
    if luck.random() < 0.5:
        semantics |= {"partial_refund": "pro_rata", "late_refund": "recompute"}
    commission["activities"] = luck.sample(["group_buy", "seckill", "bargain"], luck.randint(0, 3))
    commission["group_head"] = luck.choice([0, "12.5%", "3%"])
    for level in commission.get("base", {}).get("levels", []):
        if semantics["rank_rate"] == "multiply" and "by_rank" in level:
            level["by_rank"] = {"partner": {"digital": luck.choice(["60%", "100%", "0%"])}}


def _measure(luck: random.Random) -> str:
    measure = luck.choice(["promoted_volume", "personal_volume", "direct_team_volume"])
    return "team_volume" if _aside(luck, "measure").random() < 0.25 else measure


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
        if luck.random() < 0.1:
            settings["rates"] = {"digital": _rate(luck)}
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
    commission["influence"] = _influence(_aside(luck, "influence"))
    return commission


def _aside(luck: random.Random, purpose: str = "") -> random.Random:
    """Luck of one's own that draws nothing from `luck`: what other mechanisms draw stays what it was."""
    numbers = luck.getstate()[1]
    return random.Random(f"{purpose} {numbers[0]} {numbers[-1]}")


def _influence(luck: random.Random) -> dict[str, object] | None:
    if luck.random() < 0.4:
        return None
    path = luck.choice([3, 3, 4, 5])
    return {
        "path": path,
        "node": luck.randint(2, path - 1),
        "clicks": luck.choice([0, 1, 2, 5]),
        "pay": luck.choice([0, 2, "0.37"]),
        "without_sale": luck.random() < 0.5,
        "per_day": luck.choice([None, 0, 3]),
    }


def _rewards(luck: random.Random) -> list[dict[str, object]]:
    """Bonuses of every event but the first order and the streak, each there or not."""
    gift = luck.choice([{"pay": 2}, {"coupon": "C5"}, {"coupon": "C20"}])
    team: dict[str, object] = {"pay": luck.choice([0, 4]), "title": {"zh": "金牌", "en": "gold"}}
    if luck.random() < 0.8:
        team |= {"allowance": luck.choice([0, 3]), "period": luck.choice(["day", "week", "month"])}
    rewards = [
        {"id": "morning", "event": "first_order_of_day", "pay": luck.choice([0, 1])},
        {"id": "gold", "event": "direct_team", "count": luck.randint(1, 3)} | team,
        {"id": "star", "event": "direct_team", "count": 2, "allowance": 1, "period": "week"},
        {"id": "bring", "event": "invites", "count": luck.randint(1, 2), "counted": "first_order"} | gift,
        {"id": "invite", "event": "invites", "count": luck.randint(1, 3)} | gift,
        {"id": "register", "event": "register", "to": "inviter", "pay": 2, "per_day": luck.choice([0, 3, 100])},
        {"id": "welcome", "event": "register", "to": "newcomer"} | gift,
        {"id": "fresh", "event": "new_promoter", "months": 1, "rate": luck.choice(["20%", "3.33%", "0%"])},
    ]
    return [one | {"ranks": _ranks(luck)} for one in rewards if luck.random() < 0.5]


def _points(luck: random.Random) -> dict[str, object] | None:
    if luck.random() < 0.2:
        return None
    earn: dict[str, object] = {"sign_in": luck.choice([0, 5]), "share": 2, "per_yuan": luck.choice([0, 1, 3])}
    earn["share_per_day"] = luck.choice([None, 1])
    return {
        "earn": earn,
        "value": luck.choice([0, "0.01", "0.03"]),
        "max_share_of_order": luck.choice(["100%", "30%"]),
        "gifts": {"pen": 1} if luck.random() < 0.5 else {"pen": 3, "mug": 20},
    }


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
        "refund_after_payout": luck.choice(["negative_balance", "cap_at_balance", "cap_at_wallet", "none"]),
        "late_refund": luck.choice(["recompute", "at_paid_rate", "keep"]),
        "self_purchase": luck.choice(["none", "as_level_1"]),
        "clawback_rounding": luck.choice(["floor", "ceil", "half_up"]),
    }


def random_log(luck: random.Random, events: int) -> Records:
    """A log of about two months: people join, share, click, buy, return, are rebound, frozen, promoted, paid out."""
    log: list[np.void] = []
    orders: list[int] = []
    paying = random.Random(str(luck.getstate()))
    scale = paying.choice([1, 1, 10_000])
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
        if _aside(luck).random() < 0.1:
            time = (time // DAY + 1) * DAY
        _write_clicks(_aside(luck, "clicks"), write, other)
        choice = luck.random()
        if choice < 0.30:
            number = orders[-1] + luck.choice([1, 1, 1, 1, 1, 1, 3]) if orders else 0
            for line in range(1, luck.choice([1, 1, 2, 3]) + 1):
                _write_line(luck, write, number, line, member, scale)
            _take_off(_aside(luck, "basket"), log, number)
            if _aside(luck, "repeated").random() < 0.05:
                _repeat(log, number)
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
            via = _aside(luck, "via").randint(0, 3)
            write(Kind.click, member=member, other=other, sku=_aside(luck, "sku").randint(-1, 2), via=via)
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
        _write_reward(_aside(luck, "reward"), write, member, other)
        _write_assignment(_aside(luck, "assign"), write, member)
    payouts = _payout_events(paying, withdrawals + 3, int(log[0]["time"]) if log else time, time, scale)
    time += 40 * DAY
    write(Kind.tick)
    return _with_scores(
        _with_areas(np.array(sorted([*log, *payouts], key=lambda event: event["time"]), blank(0).dtype))
    )


def random_arms(luck: random.Random) -> list[int]:
    """The plans that the arms of a world begin with; half of the worlds have one arm alone."""
    return _aside(luck, "arms").choice([[0], [0], [0, 1], [1, 0, 0]])


def _write_assignment(luck: random.Random, write: object, member: int) -> None:
    if luck.random() < 0.08:
        write(Kind.assign, member=member, other=luck.choice([0, 1, 1, 2]))  # type: ignore[operator]


def _with_scores(log: Records) -> Records:
    """Credit scores between the events, around every threshold, and some that are none: by luck of their own."""
    luck = random.Random(log["time"].tobytes() + log["member"].tobytes())
    scores = [0, 39, 40, 55, 59, 60, 79, 80, 80, 100, 100, 100, -1, 101]
    places = sorted(luck.randrange(len(log)) for _ in range(len(log) // 10))
    given = blank(len(places))
    given["kind"], given["time"] = Kind.credit, log["time"][places]
    given["member"] = [luck.randrange(MEMBERS) for _ in places]
    given["rank"] = [luck.choice(scores) for _ in places]
    return np.insert(log, places, given)


def _repeat(log: list[np.void], number: int) -> None:
    """Let an order repeat the first one."""
    for event in log:
        if event["kind"] == Kind.order and event["order"] == number:
            event["other"] = 0


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


def _with_areas(log: Records) -> Records:
    """Orders in areas, and appointments between the events, by luck of their own that the rest of the log decides."""
    luck = random.Random(log["time"].tobytes() + log["order"].tobytes())
    placed = np.array([luck.randint(-1, 3) for _ in range(int(log["order"].max(initial=-1)) + 1)])
    orders = log["kind"] == Kind.order
    log["area"][orders] = placed[log["order"][orders]]
    appointed = []
    for place in sorted(luck.randrange(len(log)) for _ in range(len(log) // 8)):
        event = blank(1)
        event["kind"], event["time"] = Kind.appoint, log["time"][place]
        event["member"], event["area"] = luck.randrange(MEMBERS), luck.choice([-1, 0, 0, 1, 1, 2, 3])
        appointed.append((place, event))
    return np.insert(
        log, [place for place, _ in appointed], np.concatenate([event for _, event in appointed] or [blank(0)])
    )


def _payout_events(luck: random.Random, number: int, begin: int, end: int, scale: int) -> list[np.void]:
    """More requests of few members, with their answers: so that payouts of one member add up over months."""
    events: list[np.void] = []
    few = [luck.randrange(4) for _ in range(2)]
    for place in range(number, number + luck.randint(0, 30)):
        asked = luck.randint((begin + end) // 2, end)
        first = luck.choice([Kind.paid, Kind.paid, Kind.unknown, Kind.approve, Kind.failed, Kind.reject])
        amount = luck.choice([1, 7, 100, 900, 3000]) * luck.choice([1, scale // 100 or 1, scale])
        steps = [(Kind.withdraw, asked), (first, asked + luck.choice([0, 3600, 20 * DAY]))]
        if luck.random() < 0.6:
            steps.append((luck.choice([Kind.paid, Kind.paid, Kind.failed]), steps[-1][1] + luck.choice([0, DAY])))
        for kind, time in steps:
            event = blank(1)[0]
            event["kind"], event["time"], event["order"] = kind, min(time, end), place
            event["member"], event["amount"] = (luck.choice(few), amount) if kind is Kind.withdraw else (-1, 0)
            events.append(event)
    for _ in range(luck.randint(0, 4)):
        event = blank(1)[0]
        event["kind"], event["time"], event["member"] = Kind.sign, luck.randint(begin, end), luck.randrange(MEMBERS)
        events.append(event)
    return events


def _write_clicks(luck: random.Random, write: object, sharer: int) -> None:
    """Now and then strangers click on a share of a product."""
    for _ in range(luck.choice([0, 0, 0, 1, 3])):
        write(Kind.click, member=luck.randrange(MEMBERS), other=sharer, sku=luck.randint(-1, 2))  # type: ignore[operator]


def _write_line(luck: random.Random, write: object, number: int, line: int, member: int, scale: int) -> None:
    price, quantity = luck.choice([1, 5, 99, 1000, 9990]) * scale, luck.choice([1, 1, 2, 7])
    grade = luck.choice([-1, -1, price - price // 10])
    paid = (grade if grade >= 0 else price) * quantity
    own = random.Random(f"{number} {line} {member} {price} {quantity}")
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
        channel=_aside(luck, "channel").randint(0, 2),
        cost=own.choice([0, price // 2, 2 * price]),
        fee=own.choice([0, 0, 30]),
        activity=own.choice([*20 * [0], 1, 2, 3, 4]),
        unit_cut=own.choice([0, 0, 0, 1]),
    )


def _take_off(luck: random.Random, log: list[np.void], number: int) -> None:
    """Let an order that was just written use a coupon, or points, or both."""
    if luck.random() < 0.7:
        return
    amount, coupon = luck.choice([0, 0, 1, 5, 40]), luck.choice([-1, -1, 0, 1, 2, 9])
    for event in log:
        if event["kind"] == Kind.order and event["order"] == number:
            event["amount"], event["rank"] = amount, coupon


def _write_reward(luck: random.Random, write: object, member: int, other: int) -> None:
    choice = luck.random()
    if choice < 0.10:
        write(Kind.sign_in, member=member)  # type: ignore[operator]
    elif choice < 0.14:
        write(Kind.redeem, member=member, rank=luck.randint(-1, 3))  # type: ignore[operator]
    elif choice < 0.20:
        write(Kind.grant, member=member, rank=luck.choice([-1, 0, 1, 1, 2, 3]))  # type: ignore[operator]
    elif choice < 0.28:
        write(Kind.click, member=member, other=other)  # type: ignore[operator]


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
        arm = _aside(luck, "arm").choice([-1, -1, 0, 1, 2])
        write(Kind.plan, rank=luck.randint(0, 2), other=arm)  # type: ignore[operator]
    elif choice == 4:
        write(Kind.close, rank=luck.randint(0, 2))  # type: ignore[operator]
    else:
        write(luck.choice([Kind.refund_open, Kind.sign_in]), member=member, order=0)  # type: ignore[operator]
