"""Small histories for the tests of spread: who shared, clicked, registered and bought, in a few words each."""

from __future__ import annotations

import numpy as np

from rules.events import DAY, EventLog, Kind, Names, blank
from rules.records import MEMBER, NEVER
from sim.history.shipped import Past

PEOPLE = 12


def past(*told: tuple[object, ...], people: int = PEOPLE) -> Past:
    """A history of strangers that begins at midnight of day 0.

    Args:
        told: (second, word, who, of whom): `join` (of whom = inviter or -1), `share`, `click`, or `buy` with fen.
    """
    events, number = [], 0
    for second, word, who, *rest in told:
        event = blank(1)
        event["time"], event["member"] = second, who
        if word == "buy":
            event["kind"], event["order"], event["line"], event["quantity"] = Kind.order, number, 1, 1
            event["price"] = rest[0]
            paid = blank(1)
            paid["time"], paid["kind"], paid["order"] = second, Kind.pay, number
            events += [event, paid]
            number += 1
            continue
        event["kind"] = {"join": Kind.register, "share": Kind.share, "click": Kind.click}[str(word)]
        if rest:
            event["other"] = rest[0]
        events.append(event)
    opening = np.zeros(people, MEMBER)
    opening["joined_at"], opening["upline"] = NEVER, -1
    return Past("story", EventLog(np.concatenate(events), Names()), 0, opening)


def day(number: float) -> int:
    """The second at which a day begins."""
    return int(number * DAY)
