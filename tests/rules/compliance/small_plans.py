"""Small random plans for the tests of deciders: few levels and ranks, every knob that changes what an order pays."""

from __future__ import annotations

import random

from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.read import parse_plan

ROUNDINGS = ["floor", "half_up", "half_even", "ceil"]
LIMITS = [150_000, 200_000, 300_000]


def small_plan(seed: int, beyond: bool = False) -> Plan:
    """A plan with a coupon, a ladder or a bonus; half of them with a cap. `beyond`: with differential and the like."""
    for luck in (random.Random(f"{seed}/{turn}") for turn in range(1_000)):
        try:
            return parse_plan(_data(luck, beyond))
        except InputError:
            continue
    raise AssertionError("no plan")


def _data(luck: random.Random, beyond: bool) -> dict[str, object]:
    depth = luck.randint(1, 3)
    levels = [_level(luck, number) for number in range(1, depth + 1)]
    semantics: dict[str, object] = {
        "rounding": luck.choice([*ROUNDINGS, {level: luck.choice(ROUNDINGS) for level in range(1, depth + 1)}]),
        "base_on": luck.choice(["paid", "paid", "list"]),
        "ineligible_level": luck.choice(["skip", "stop", "compress"]),
        "stack": luck.choice(["add", "highest"]),
    }
    data: dict[str, object] = {
        "ranks": [{"id": "member"}, {"id": "promoter"}],
        "commission": {"base": {"levels": levels}},
        "semantics": semantics,
        "campaigns": _campaigns(luck),
    }
    if luck.random() < 0.4:
        data["caps"] = {"order_ratio": f"{luck.randint(10, 45)}%", "trim": luck.choice(TRIMS)}
    _mix(luck, data)
    if beyond:
        _go_beyond(luck, data, semantics)
    return data


TRIMS = ["far_levels_first", "bonuses_first"]


def _rate(luck: random.Random, most: int = 40) -> str:
    return f"{luck.randint(0, most) * 0.5}%"


def _level(luck: random.Random, number: int) -> dict[str, object]:
    level: dict[str, object] = {"level": number, "rates": {"default": _rate(luck, 24), "food": _rate(luck, 24)}}
    if luck.random() < 0.4:
        level["by_rank"] = {"promoter": {"default": _rate(luck, 24)}}
    if luck.random() < 0.2:
        level["ranks"] = ["promoter"]
    if luck.random() < 0.08:
        level["minimum"] = "0.01"
    if luck.random() < 0.06:
        level["rates"] = {"default": {"fixed": "0.02"}}
    if number > 1 and luck.random() < 0.25:
        level["of"] = "level_1_commission"
    return level


def _campaigns(luck: random.Random) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for number in range(luck.randint(0, 2)):
        campaign: dict[str, object] = {"id": f"c{number}", "days": [number, 3], "multiply": {"base": "1.5"}}
        campaign["multiply"] = {"base": luck.choice(["0.5", "1.2", "1.5", "2"])}
        if luck.random() < 0.3:
            campaign["categories"] = ["food"]
        if luck.random() < 0.3:
            campaign["ranks"] = ["promoter"]
        found.append(campaign)
    return found


def _mix(luck: random.Random, data: dict[str, object]) -> None:
    """At least one of a coupon, a ladder and a bonus."""
    kinds = luck.sample(["coupon", "ladder", "bonus"], luck.choice([1, 1, 2]))
    if "coupon" in kinds:
        data["coupons"] = {"K": {"amount": f"0.{luck.randint(1, 30):02d}", "over": f"{luck.randint(1, 150) / 100:.2f}"}}
    if "ladder" in kinds:
        data["commission"]["ladder"] = _ladder(luck)  # type: ignore[index]
    if "bonus" in kinds:
        first = {"id": "b", "event": luck.choice(["first_promoted_order", "first_order_of_day"]), "pay": "0.05"}
        more = {"id": "n", "event": "new_promoter", "months": 3, "rate": _rate(luck)}
        people = {"id": "r", "event": "register", "to": "inviter", "pay": 5}
        data["bonuses"] = [luck.choice([first, more, more, people])]


def _ladder(luck: random.Random) -> dict[str, object]:
    brackets = [{"from": 0, "rate": _rate(luck)}, {"from": f"{luck.randint(1, 999) / 10:.2f}", "rate": _rate(luck)}]
    brackets += [{"from": luck.randint(100, 900), "rate": _rate(luck)}] if luck.random() < 0.5 else []
    return {"mode": luck.choice(["whole", "marginal"]), "brackets": brackets}


def _go_beyond(luck: random.Random, data: dict[str, object], semantics: dict[str, object]) -> None:
    semantics["zero_amount"] = luck.choice(["continue", "stop"])
    semantics["round_per"] = luck.choice(["line", "unit", "order"])
    semantics["entry_per"] = luck.choice(["line", "order"])
    semantics["subtract_lower"] = luck.random() < 0.3
    semantics["self_purchase"] = luck.choice(["none", "as_level_1"])
    semantics["base_round"] = luck.choice(["none", "unit"])
    commission = data["commission"]
    assert isinstance(commission, dict)
    if luck.random() < 0.5:
        commission["differential"] = {
            "rates": {"member": _rate(luck), "promoter": _rate(luck, 60)},
            "difference": luck.choice(["rates", "amounts", "clamped_rates"]),
            "counts_base": luck.random() < 0.6,
            "exclusive": luck.random() < 0.3,
            "depth": luck.choice([2, 3, 8]),
        }
        if luck.random() < 0.5:
            commission["peer"] = {"rate": _rate(luck), "of": luck.choice(["differential", "sale"])}
    if luck.random() < 0.1:
        commission["area"] = {"rates": _rate(luck)}
