"""A simulated market under a platform's arithmetic, as that platform's tables, imported again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from rules.events import EventLog, Kind, Records
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.plan.yaml import read_yaml
from scenarios.find import find
from sim.cli.common import load_scenario
from sim.exports.lived import Lived, Tables, write_tables
from sim.history.replay import walk
from sim.model import StoreModel

PEOPLE, DAYS, SEED = 12_000, 110, 5


def platform_plan(platform: str, **semantics: object) -> dict[str, object]:
    """The terms of `three_tier` on orders, and a second level, as the data of a plan on a platform."""
    data = dict(read_yaml(*find("plans", "three_tier")).data)
    first = data["commission"]["base"]["levels"][0]
    second = {"level": 2, "rates": {"default": "2.5%"}, "ranks": first["ranks"]}
    kept = {name: data[name] for name in ("ranks", "attribution", "campaigns", "caps")}
    return kept | {
        "plan": f"three_tier_{platform}",
        "platform": platform,
        "start": "2026-01-05",
        "commission": {"base": {"levels": [first, second]}},
        "semantics": {"promoter_by": "rank", **semantics},
    }


def simulated(platform: str) -> Lived:
    """The market `three_tier` under a platform's plan, with freight."""
    plan, market, days = parse_plan(platform_plan(platform)), load_scenario("three_tier"), []
    model = StoreModel(
        scenario=market,
        plan=plan,
        people=PEOPLE,
        days=DAYS,
        seed=SEED,
        sink=lambda events, _: days.append(events.copy()),
    )
    model.run()
    events = _sold(np.concatenate(days), split=platform == "yudao")
    return lived(EventLog(events, model.names), plan)


def lived(log: EventLog, plan: Plan) -> Lived:
    """What a plan makes of the log."""
    return Lived(log, walk(log, plan, None, None).book)


def _sold(events: Records, split: bool) -> Records:
    """The same with freight on every second order, and without withdrawals, which no export of orders shows.

    Args:
        split: whether refunds of a part of an order's lines stay; else all of it goes back.
    """
    events = events[~np.isin(events["kind"], [Kind.withdraw, Kind.paid, Kind.approve, Kind.failed, Kind.unknown])]
    placed = events["kind"] == Kind.order
    lines = np.bincount(events["order"][placed], minlength=events["order"].max() + 1)
    sent = placed & (events["order"] % 2 == 0)
    events["freight"][sent] = 600 + 35 * events["line"][sent]
    if split:
        return events
    back = events["kind"] == Kind.refund
    part = back & (events["amount"] > 0) & (lines[events["order"]] == 1)
    events["quantity"][back] = 0
    events["line"][back & ~part] = 0
    events["amount"][back & ~part] = 0
    return events


def exported(lived: Lived, write: Callable[[Lived], Tables], folder: Path) -> Path:
    """The run as the platform's tables."""
    write_tables(folder, write(lived))
    return folder
