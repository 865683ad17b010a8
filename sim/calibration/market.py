"""A calibration as files: `behaviour.yaml`, which a scenario names, and `scenario.yaml`, ready for run and compare.

The scenario is a shipped market in which everything that was found stands in the place of what was assumed: goods,
calendar, channels, hours, people. What the data do not say stays as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from rules.calendar import date_of
from rules.events import DAY
from rules.plan.write import write_yaml
from rules.plan.yaml import Data
from scenarios.find import find
from sim.behaviour.given import market_document, read_behaviour
from sim.behaviour.posterior import Block, Joint
from sim.calibration.estimate import Calibration
from sim.calibration.joining import market_size
from sim.report.files import jsonable, replace_file
from sim.scenario import Scenario, read_scenario

BEHAVIOUR, SCENARIO = "behaviour.yaml", "scenario.yaml"
MOST_DAYS = 365
_FEW_CHANNELS = 20
_NAMES_GOODS = ("suppliers", "nodes", "shops", "stock", "cold_start", "actors", "communities")
"""Sections of a market that may name goods or days which are no more; they are left out."""
_HEAD = "# Written by `fenxiao calibrate`: docs/CALIBRATION.md says how each value was found.\n"


def write_market(folder: Path, found: Calibration, base: str) -> Scenario:
    """Write both files, each whole or not at all; gives the scenario as it is read back."""
    behaviour = behaviour_text(found)
    read_behaviour(behaviour, BEHAVIOUR)
    replace_file(folder / BEHAVIOUR, lambda path: path.write_text(behaviour, "utf-8"))
    text = scenario_text(found, base)
    scenario = read_scenario(text, str(folder / SCENARIO))
    replace_file(folder / SCENARIO, lambda path: path.write_text(text, "utf-8"))
    return scenario


def behaviour_text(found: Calibration) -> str:
    """The file of behaviour."""
    blocks = [_block(block) for block in found.found.blocks]
    values = {name: _rounded(value) for name, value in found.found.values.items()}
    span = [date_of(day * DAY).isoformat() for day in (found.shop.first_day, found.shop.last_day)]
    record = {
        "behaviour": found.shop.name[:200],
        "data": {"from": span[0], "to": span[1], "orders": len(found.shop.orders.member)},
        "values": values,
        "intervals": {name: [_rounded(end) for end in ends] for name, ends in found.found.intervals.items()},
        "posterior": blocks,
    }
    return _HEAD + write_yaml(jsonable(record))


def scenario_text(found: Calibration, base: str) -> str:
    """The scenario, on the ground of a market."""
    data = _plain(market_document(*find("markets", base)).data)
    for section in (*_NAMES_GOODS, "posterior"):
        data.pop(section, None)
    known = set(found.found.values)
    own = {name: value for name, value in data.get("behaviour", {}).items() if name not in known}
    days = min(found.shop.days, MOST_DAYS)
    name = _id(found.shop.name)
    data |= {
        "scenario": name,
        "title": {"zh": f"按数据校准：{name}", "en": f"Calibrated: {name}"},
        "people": market_size(found.shop),
        "days": days,
        "start": date_of(found.shop.first_day * DAY).isoformat(),
        "catalogue": {"categories": _categories(found, data["catalogue"]["categories"])},
        "behaviour": {"from": BEHAVIOUR} | own,
        "calendar": _calendar(found, days),
    }
    if "after_sales" in data:
        data["after_sales"] = {"default": data["after_sales"].get("default", {})}
    if channels := _channels(found, data.get("channels", [])):
        data["channels"] = channels
    if found.seasons.hourly:
        data["hourly"] = [round(part, 3) for part in found.seasons.hourly]
    return _HEAD + f"# What the data do not say is as in the market {base}.\n" + write_yaml(jsonable(data))


def _categories(found: Calibration, base: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The goods that were sold; what is not known is as in the base: of the category, or its mean."""
    weights = np.array([float(one.get("weight", 1)) for one in base])
    margin, returned = (
        round(float(np.average([_part(one.get(key, 0)) for one in base], weights=weights)), 4)
        for key in ("margin", "return_rate")
    )
    whole = sum(one.lines for one in found.catalogue)
    rows = []
    for one in found.catalogue:
        rate = found.returned.get(one.name)
        same: dict[str, Any] = next((other for other in base if other["id"] == one.name), {})
        own = same.get("margin", margin) if one.margin is None else min(max(round(one.margin, 4), 0.0), 1.0)
        rows.append({
            "id": one.name[:64],
            **({"title": same["title"]} if "title" in same else {}),
            "weight": max(round(10 * one.lines / whole, 4), 0.001),
            "margin": own,
            "return_rate": round(rate.yes / (rate.yes + rate.no), 4) if rate else same.get("return_rate", returned),
            "prices": [round(fen / 100, 2) for fen in one.prices],
            "skus": one.skus,
        })  # fmt: skip
    return rows


def _calendar(found: Calibration, days: int) -> list[dict[str, Any]]:
    return [
        {"day": peak.day, "traffic": round(min(peak.times, 99.0), 2)}
        | ({"discount": round(peak.discount, 3)} if peak.discount else {})
        for peak in found.seasons.peaks
        if peak.day < days
    ]


def _channels(found: Calibration, base: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Front doors by their part of the orders, where orders say which; how they convert is as in the base, if there."""
    known = {one["id"]: one for one in base}
    channel = found.shop.lines.channel[found.shop.orders.main]
    counts = np.bincount(channel[channel >= 0], minlength=len(found.shop.channels))
    if (counts > 0).sum() < 2 or (channel >= 0).mean() < 0.5:
        return []
    largest = np.argsort(-counts, kind="stable")[:_FEW_CHANNELS]
    return [
        known.get(found.shop.channels[at], {"id": found.shop.channels[at][:64]})
        | {"weight": max(round(float(10 * counts[at] / counts.sum()), 4), 0.001)}
        for at in largest.tolist()
        if counts[at]
    ]


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Joint):
        covariance = np.array(block.covariance)
        covariance = (covariance + covariance.T) / 2
        rows = [[float(f"{one:.9g}") for one in row] for row in covariance.tolist()]
        return {"normal": list(block.normal), "at": [_rounded(one) for one in block.at], "covariance": rows}
    return {"beta": block.beta, "yes": block.yes, "no": block.no}


def _rounded(value: float | list[float]) -> Any:  # noqa: ANN401 - a number or a list of them
    return [float(f"{one:.6g}") for one in value] if isinstance(value, list) else float(f"{value:.6g}")


def _part(given: object) -> float:
    text = str(given)
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def _id(name: str) -> str:
    """A name that a scenario can have, from the name of a folder or file."""
    stem = re.sub(r"[^\w一-鿿-]+", "_", Path(name).stem or "shop").strip("_-") or "shop"
    return (stem if not stem[0].isdigit() else f"shop_{stem}")[:64]


def _plain(data: Data) -> Any:  # noqa: ANN401 - what YAML can hold
    """Data as the writer of YAML takes it."""
    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    if isinstance(data, Decimal):
        return int(data) if data == int(data) else float(data)
    return data
