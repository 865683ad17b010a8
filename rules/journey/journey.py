"""The journey 全程 of an entry: from click and binding through the amount to the wallet, each step with its part."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from rules.events import Names
from rules.journey.binding import before
from rules.journey.moments import moments, released, taken
from rules.journey.wallet import in_all, payouts_after
from rules.journey.words import Told, clock, say
from rules.readable import Entry, Request, State, Step
from rules.records import EntryStatus

Part = Literal["binding", "amount", "wallet"]
PART_TITLES: dict[str, Step] = {
    "binding": Step("来路", "before"),
    "amount": Step("金额", "amount"),
    "wallet": Step("去向", "after"),
}
"""What the parts are called."""


@dataclass(frozen=True)
class Journey:
    """How an entry came about: `binding` before it, `amount` itself, `wallet` after it."""

    binding: list[Step]
    amount: list[Step]
    wallet: list[Step]

    def parts(self) -> list[tuple[Part, list[Step]]]:
        """The three parts in order of time."""
        return [("binding", self.binding), ("amount", self.amount), ("wallet", self.wallet)]


class Journeys:
    """Tells the journeys of the entries of a state as it stands; `names` stand behind its numbers."""

    def __init__(self, state: State, names: Names) -> None:
        self.state, self.names = state, names
        self._told = Told(state, names)
        self._reversals: dict[int, list[Entry]] = defaultdict(list)
        self._payouts: dict[int, list[tuple[int, Request]]] = defaultdict(list)
        for entry in state.entries:
            if entry.reverses is not None:
                self._reversals[entry.reverses].append(entry)
        for before_it, request in enumerate(state.withdrawals.values()):
            self._payouts[request.member].append((before_it, request))

    def of(self, number: int) -> Journey:
        """The journey of an entry by its number, which is one of a member that the engine watched."""
        entry = self.state.entries[number]
        return Journey(before(self._told, entry), entry.steps, self._after(number, entry))

    def _after(self, number: int, entry: Entry) -> list[Step]:
        if entry.reverses is not None:
            return [say("{at} {taken}", "{at} {taken}", at=clock(entry.time), taken=taken(entry))]
        reversals = self._reversals[number]
        steps = [*moments(self._told, entry, reversals), in_all(entry, reversals)]
        if entry.status is EntryStatus.available and released(entry, reversals) > 0:
            steps += payouts_after(self._told, entry, self._payouts[entry.member])
        return steps
