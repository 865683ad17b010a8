"""Small logs written by hand: what happened on which day, and the plan they are played under."""

from __future__ import annotations

import datetime as dt

from rules.calendar import day_of
from rules.events import DAY, EventLog, Kind, Names, Records, blank
from rules.plan.model import Plan

PLAN = Plan.model_validate(
    {
        "plan": "two_levels_and_team",
        "ranks": [{"id": "member"}],
        "commission": {
            "base": {
                "levels": [
                    {"level": 1, "rates": {"default": "10%"}},
                    {"level": 2, "rates": {"default": "5%"}},
                ]
            },
            "team": {"period": "month", "rate": "2%"},
        },
        "bonuses": [{"id": "welcome", "event": "register", "to": "inviter", "pay": 3}],
    }
)


class Story:
    """Events in order, each on a date; several on one date are a minute apart."""

    def __init__(self, year: int = 2026) -> None:
        self._year = year
        self._rows: list[dict[str, int]] = []
        self._orders = 0

    def on(self, date: str, **fields: int) -> Story:
        """An event on a date such as 01-31."""
        time = day_of(dt.date.fromisoformat(f"{self._year}-{date}")) * DAY
        if self._rows and self._rows[-1]["time"] >= time:
            time = self._rows[-1]["time"] + 60
        self._rows.append({"time": time, **fields})
        return self

    def joins(self, date: str, member: int, inviter: int = -1) -> Story:
        """Somebody registers."""
        return self.on(date, kind=Kind.register, member=member, other=inviter)

    def buys(self, date: str, member: int, fen: int) -> Story:
        """Somebody orders one piece and pays it; orders are numbered from 0."""
        self.on(date, kind=Kind.order, order=self._orders, member=member, line=1, quantity=1, price=fen)
        self.on(date, kind=Kind.pay, order=self._orders)
        self._orders += 1
        return self

    def ends(self, date: str) -> Story:
        """Nothing more happens up to the midnight that begins a date."""
        return self.on(date, kind=Kind.tick)

    @property
    def events(self) -> Records:
        """All of it."""
        events = blank(len(self._rows))
        for row, fields in zip(events, self._rows, strict=True):
            for name, value in fields.items():
                row[name] = value
        return events

    @property
    def log(self) -> EventLog:
        """All of it, with members and orders as numbers."""
        return EventLog(self.events, Names())


def date(text: str) -> dt.date:
    """A date of 2026, such as 01-31."""
    return dt.date.fromisoformat(f"2026-{text}")
