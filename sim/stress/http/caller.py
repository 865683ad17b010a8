"""A counter behind HTTP: where a client brings its events to a shop that it sees from outside alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rules.errors import InputError
from rules.events import Records
from rules.records import WithdrawalStatus
from sim.store.asks import Reply
from sim.stress.http.contract import Answer, Contract, Withdrawal, Withdrawals

Model = TypeVar("Model", bound=BaseModel)
Send = Callable[[str, str, bytes | None], tuple[int, bytes]]
"""Sends a request: method, path, body; returns the status, 0 where no answer came, and the body of the answer."""

AWAY = (0, 429, 500, 502, 503, 504)
"""Statuses after which the same request is sent again: nobody knows, or somebody says, that it had no effect."""
_PAUSE = 0.05


class NoAnswerError(Exception):
    """The shop has not answered for longer than it is worth waiting."""


@dataclass
class HttpCounter:
    """Brings events to a shop over HTTP.

    Attributes:
        send: sends a request. contract: writes the events. give_up: after so many seconds without an answer.
        sent: requests so far. retries: of these, sent again. lost: after no answer came.
    """

    send: Send
    contract: Contract
    give_up: float = 20.0
    sent: int = 0
    retries: int = 0
    lost: int = 0

    def bring(self, events: Records, number: int, source: int) -> Reply:
        """Bring an event until there is an answer."""
        body = self.contract.tell(events, number, source).encode()
        status, said = self._until_answered("POST", "/events", body)
        if status not in (200, 409):
            raise _refused("POST /events", status, said, body)
        answer = _read(Answer, said, "POST /events")
        if answer.number != source or (answer.result == "conflict") != (status == 409):
            raise _refused("POST /events", status, said, body)
        return answer.reply()

    def payouts(self, client: int, clients: int) -> list[tuple[int, ...]]:
        """Withdrawals of the client's members that the channel has not answered: number, member, net fen."""
        found: list[tuple[int, ...]] = []
        path: str | None = "/withdrawals?status=open"
        while path:
            status, said = self._until_answered("GET", path, None)
            if status != 200:
                raise _refused(f"GET {path}", status, said)
            page = _read(Withdrawals, said, f"GET {path}")
            found += [(one.withdrawal, one.member, one.net) for one in page.withdrawals]
            path = None if page.next is None else f"/withdrawals?status=open&after={page.next}"
        return [one for one in found if one[1] % clients == client]

    def payout(self, withdrawal: int) -> tuple[int, ...] | None:
        """A withdrawal: number, status, net fen; None if there is none."""
        path = f"/withdrawals/{withdrawal}"
        status, said = self._until_answered("GET", path, None)
        if status == 404:
            return None
        if status != 200:
            raise _refused(f"GET {path}", status, said)
        one = _read(Withdrawal, said, f"GET {path}")
        return one.withdrawal, int(WithdrawalStatus[one.status]), one.net

    def waits(self) -> dict[str, float]:
        """What is told of a counter at its end."""
        return {"retries": self.retries, "lost": self.lost}

    def close(self) -> None:
        """Nothing is held."""

    def _until_answered(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        begun = time.monotonic()
        while True:
            self.sent += 1
            status, said = self.send(method, path, body)
            if status not in AWAY:
                return status, said
            if time.monotonic() - begun > self.give_up:
                shown = f"answered {status}" if status else "did not answer"
                raise NoAnswerError(f"{method} {path}: the shop {shown} for {self.give_up:.0f} seconds")
            self.retries += 1
            self.lost += not status
            time.sleep(_PAUSE)


def _read(model: type[Model], said: bytes, request: str) -> Model:
    try:
        return model.model_validate_json(said)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(map(str, problem["loc"])) or "the body"
        raise InputError(
            f"{request}: the shop's answer is not that of the contract: {where}: {problem['msg']}",
            allowed="docs/STAGING.md",
        ) from None


def _refused(request: str, status: int, said: bytes, body: bytes = b"") -> InputError:
    """What a shop may not answer to what the contract allows."""
    answer, asked = said[:300].decode("utf-8", "replace"), body[:300].decode("utf-8", "replace")
    return InputError(f"{request} {asked}: the shop answered {status} {answer}", allowed="what docs/STAGING.md lists")
