"""A risk service of somebody else's, as its documentation shows it."""

from __future__ import annotations

import inspect
import textwrap

import numpy as np
import worlds

from rules.events import DAY, Kind
from sim.model import StoreModel
from sim.risk import service
from sim.risk.rules import RiskRules, Sign
from sim.risk.service import Seen, Verdicts

KNOWN = {"139-7", "139-11"}


def phone_of(member: int) -> str:
    return f"139-{member % 20}"


def documented():
    """The class of the documentation, run as it stands there."""
    text = inspect.getdoc(service) or ""
    code = text[text.index("class Blacklist") : text.index("StoreModel(")]
    names = {"Seen": Seen, "Verdicts": Verdicts, "Kind": Kind, "phone_of": phone_of, "known": KNOWN}
    exec(textwrap.dedent(code), names)
    return names["Blacklist"]()


def test_the_documented_service_makes_findings():
    log = worlds.Log()
    model = worlds.model(
        400, 20, behaviour={"organic": 0.02}, market={"risk": RiskRules()}, services=[documented()], sink=log
    )
    assert isinstance(model, StoreModel)
    model.run()
    registered = log.events[log.events["kind"] == Kind.register]
    days = registered["time"] // DAY - model.world.start
    expected = {
        (int(day), int(one["member"]))
        for day, one in zip(days, registered, strict=True)
        if one["member"] % 20 in (7, 11)
    }
    outside = model.desk.findings[model.desk.findings["sign"] == Sign.outside]
    assert {(int(one["day"]), int(one["member"])) for one in outside} == expected
    assert len(expected) > 3
    assert set(outside["value"].tolist()) == {100}
    assert set(outside["points"].tolist()) == {50}


class Attentive:
    """Trusts everybody, and remembers what it saw."""

    def __init__(self) -> None:
        self.days: list[Seen] = []

    def assess(self, seen: Seen) -> Verdicts:
        self.days.append(seen)
        return {}


def test_a_service_sees_every_day_as_it_was():
    log, one, two = worlds.Log(), Attentive(), Attentive()
    model = worlds.model(400, 10, market={"risk": RiskRules(limits={"shares_a_day": 1})}, services=[one, two], sink=log)
    model.run()
    assert [seen.day for seen in one.days] == [seen.day for seen in two.days] == list(range(10))
    for seen, events in zip(one.days, log.groups, strict=False):
        assert seen.midnight == (model.world.start + seen.day) * DAY
        assert (seen.events["time"] // DAY * DAY == seen.midnight).all()
        assert (seen.events == events).all()
        assert seen.book is model.store.book
    assert np.count_nonzero(model.desk.findings["sign"] == Sign.outside) == 0
