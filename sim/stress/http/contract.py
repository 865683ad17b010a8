"""What goes over the wire between a load and a shop: events as JSON and as rows of a log, replies, withdrawals.

Both ways are exact: rows of a log become JSON (`sim.stress.http.models`) and the same rows again, or are refused; so is
what the shop's catalogue does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from rules.errors import InputError, shown
from rules.events import Activity, Kind, Mark, Names, Records, blank
from rules.lifecycle import Refusal
from sim.store.asks import Reply, Result
from sim.store.assembly import NOTHING
from sim.stress.http.models import MOST, Event, Happened, Order, OrderLine, Refund, iso

_ANY: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_MODELS: dict[str, type[Happened]] = {
    kind: model for model in Event.__args__ for kind in model.model_fields["kind"].annotation.__args__
}
KINDS = tuple(_MODELS)
"""Kinds of events that there are on the wire."""

_COLUMN = {
    "inviter": "other",
    "sharer": "other",
    "repeats": "other",
    "withdrawal": "order",
    "points_off": "amount",
    "coupon": "rank",
    "gift": "rank",
    "score": "rank",
    "upheld": "rank",
}
"""The columns of `EVENT` that go by other names on the wire."""
_NAMED = {
    "sku": "skus",
    "category": "categories",
    "channel": "channels",
    "rank": "ranks",
    "area": "areas",
    "coupon": "coupons",
    "gift": "gifts",
}
"""Fields whose values are names, and the list of `Names` in which they stand; where that is empty, numbers as text."""
_ELSEWHERE = ("number", "time", "kind", "lines", "refund")
_LIMIT = {"channel": 255, "rank": 32_767, "area": 32_767, "coupon": 32_767, "gift": 32_767, "category": 32_767}


@dataclass(frozen=True)
class Asked:
    """An event as a counter takes it: rows of `EVENT`, which refund of its order, its number at its source."""

    events: Records
    refund: int
    source: int

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return Kind(int(self.events["kind"][0]))


class Contract:
    """Reads and writes events for one catalogue.

    Args:
        names: behind the numbers of events. people: how many members there can be.
    """

    def __init__(self, names: Names, people: int) -> None:
        self._lists: dict[str, list[str]] = {field: getattr(names, place) for field, place in _NAMED.items()}
        self._places = {field: {name: at for at, name in enumerate(known)} for field, known in self._lists.items()}
        self._people = people

    def tell(self, events: Records, refund: int, source: int) -> str:
        """An event as JSON.

        Args:
            events: all rows of one event. refund: which refund of its order it is. source: its number at its source.

        Raises:
            InputError: the contract has no place for something in it.
        """
        row = events[0]
        kind = Kind(int(row["kind"])).name
        if kind not in _MODELS:
            raise InputError(f"an event of kind {kind} is not brought to a shop", allowed=", ".join(KINDS))
        told = {"number": source, "kind": kind, "time": iso(int(row["time"]))} | self._told(_MODELS[kind], row)
        if kind == "order":
            told["lines"] = [self._told(OrderLine, line) for line in events]
        if kind == "refund":
            told["refund"] = refund
        text = _parse(told).model_dump_json(exclude_defaults=True)
        if not (self.read(text.encode()).events == events).all():
            raise InputError(f"event {source} ({kind}) has a value that the contract has no place for")
        return text

    def read(self, body: bytes) -> Asked:
        """An event from JSON.

        Raises:
            InputError: what was given where, and what is allowed there.
        """
        event = _parse(body)
        rows = blank(len(event.lines) if isinstance(event, Order) else 1)
        rows["kind"], rows["time"] = Kind[event.kind], event.time
        self._fill(rows, event, "")
        if isinstance(event, Order):
            for place, line in enumerate(event.lines):
                self._fill(rows[place : place + 1], line, f"lines.{place}.")
                rows["line"][place] = place + 1
        return Asked(rows, event.refund if isinstance(event, Refund) else 0, event.number)

    def _told(self, model: type[BaseModel], row: np.void) -> dict[str, object]:
        """The fields of a row, by their names on the wire."""
        fields = [field for field in model.model_fields if field not in _ELSEWHERE]
        return {field: self._value(field, int(row[_COLUMN.get(field, field)])) for field in fields}

    def _value(self, field: str, value: int) -> object:
        if field == "upheld":
            return value == 1
        if field == "activity":
            return Activity(value).name
        if field == "via":
            return None if value == Mark.unknown else Mark(value).name
        if value < 0 and field not in ("unit_cut", "amount"):
            return None
        if field in _NAMED:
            known = self._lists[field]
            return known[value] if value < len(known) else str(value)
        return value

    def _fill(self, rows: Records, told: BaseModel, where: str) -> None:
        """Fill the columns that an object on the wire has fields for."""
        for field in type(told).model_fields:
            if field in _ELSEWHERE or (value := getattr(told, field)) is None:
                continue
            rows[_COLUMN.get(field, field)] = self._number(field, value, where)

    def _number(self, field: str, value: Any, where: str) -> int:  # noqa: ANN401 - whatever the field holds
        """The number that stands for a value.

        Raises:
            InputError: the shop has no such thing, or no room for such a member.
        """
        if field == "activity":
            return Activity[value]
        if field == "via":
            return Mark[value]
        if field in _NAMED:
            return self._place(field, value, where)
        if field in ("member", "inviter", "sharer") and value >= self._people:
            raise InputError(f"{where}{field} is {value}", allowed=f"members from 0 to {self._people - 1}")
        return int(value)

    def _place(self, field: str, name: str, where: str) -> int:
        known, places = self._lists[field], self._places[field]
        if name in places:
            return places[name]
        most = _LIMIT.get(field, MOST)
        if not known and name.isascii() and name.isdigit() and len(name) < 11 and int(name) <= most:
            return int(name)
        allowed = f"one of {_few(known)}" if known else f"a number from 0 to {most}, as text"
        raise InputError(f"{where}{field} is {shown(name)}", allowed=allowed)


def _few(known: Sequence[str]) -> str:
    return ", ".join(known[:6]) + (f", … ({len(known)} in all)" if len(known) > 6 else "")


def _parse(given: bytes | dict[str, object]) -> Event:
    try:
        return _ANY.validate_json(given) if isinstance(given, bytes) else _ANY.validate_python(given)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise _refusal(problem["type"], problem["loc"], problem.get("input"), problem["msg"]) from None


def _refusal(problem: str, place: Sequence[int | str], given: object, said: str) -> InputError:
    """The first thing that is wrong with an event, in words."""
    where = ".".join(map(str, place[1:] if place and place[0] in _MODELS else place))
    if problem == "json_invalid":
        return InputError(said, allowed="one JSON object")
    if problem.startswith("union_tag"):
        kind = shown(given.get("kind")) if isinstance(given, dict) else shown(given)
        return InputError(f"kind is {kind}", allowed=", ".join(KINDS))
    if problem == "missing":
        return InputError(f"{where} is missing", allowed="every field that has no default")
    if problem == "extra_forbidden":
        return InputError(f"{where} is not a field of such an event")
    allowed = said.removeprefix("Value error, ").removeprefix("Input should be ")
    return InputError(f"{where or 'the body'} is {shown(given)}", allowed=allowed)


class Answer(BaseModel):
    """What became of an event: the reply to it, on the wire."""

    model_config = ConfigDict(strict=True, frozen=True)

    result: Literal["done", "again", "refused", "short", "early", "conflict"]
    refusal: str | None = None
    number: int

    @classmethod
    def of(cls, reply: Reply, number: int) -> Answer:
        """A counter's reply to event `number`."""
        refusal = None if reply.refusal == NOTHING else Refusal(reply.refusal).name
        return cls(result=reply.result.value, refusal=refusal, number=number)

    def reply(self) -> Reply:
        """As a counter replies; a reason that only this shop knows is left out."""
        known = self.refusal in Refusal.__members__
        return Reply(Result(self.result), Refusal[str(self.refusal)] if known else NOTHING)


class Withdrawal(BaseModel):
    """A withdrawal, on the wire; `net` is what the payout channel is to pay, in fen."""

    model_config = ConfigDict(strict=True, frozen=True)

    withdrawal: int
    member: int
    status: Literal["reviewing", "sent", "paid", "failed", "unknown", "rejected"]
    net: int


class Withdrawals(BaseModel):
    """Some withdrawals, on the wire; `next` = ask again with `after` so much, None = these were the last."""

    model_config = ConfigDict(strict=True, frozen=True)

    withdrawals: list[Withdrawal]
    next: int | None = None
