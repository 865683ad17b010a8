"""Random payouts over months, for two members with money in their wallets from the beginning."""

import random

from rules.engine import Engine
from rules.events import DAY, Kind, Names, Records, blank
from rules.opening import Opening
from rules.plan.model import Plan
from rules.trace import ReadableEngine

PEOPLE = 2
AMOUNTS = [1, 10_00, 800_00, 6_000_00, 10_000_00, 99_990_00, 100_000_00, 250_000_00]
GAPS = [0, 3_600, 2 * DAY, 9 * DAY, 31 * DAY, 45 * DAY, 70 * DAY]


def plan_of(tax: str, **given: object) -> Plan:
    return Plan.model_validate({"ranks": [{"id": "a"}], "withdrawal": {"tax": tax, **given}})


def engines(plans: list[Plan], day: int, balance: int) -> tuple[Engine, ReadableEngine]:
    both = Engine.open(plans, Names(), PEOPLE, day), ReadableEngine(plans, Names(), PEOPLE, day)
    for engine in both:
        for member in range(PEOPLE):
            engine.enrol(member, Opening(joined_at=day * DAY, balance=balance), day)
    return both


def payouts(luck: random.Random, day: int, count: int) -> Records:
    """Requests over months, their answers some time later, and now and then another plan."""
    events: list[tuple[int, int, dict[str, int]]] = []
    time = day * DAY
    for number in range(count):
        time += luck.choice(GAPS)
        events.append(
            (time, number, {"kind": Kind.withdraw, "member": luck.randrange(PEOPLE), "amount": luck.choice(AMOUNTS)})
        )
        answers = [Kind.approve, luck.choice([Kind.paid, Kind.paid, Kind.unknown, Kind.failed, Kind.reject])]
        if luck.random() < 0.4:
            answers.append(luck.choice([Kind.paid, Kind.failed]))
        later = time
        for kind in answers[luck.randint(0, 1) :]:
            later += luck.choice([0, 3_600, 2 * DAY, 40 * DAY])
            events.append((later, number, {"kind": kind}))
        if luck.random() < 0.1:
            events.append((time, -1, {"kind": Kind.plan, "rank": luck.randint(0, 1)}))
    events.sort(key=lambda event: event[0])
    log = blank(len(events))
    for row, (at, number, given_fields) in zip(log, events, strict=True):
        row["time"], row["order"] = at, number
        for name, value in given_fields.items():
            row[name] = value
    return log
