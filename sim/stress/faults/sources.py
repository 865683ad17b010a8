"""What sources bring: events with a key that is the same however often they come, and how they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rules.events import Kind, Records

JobKey: TypeAlias = tuple[str, int, int]
"""What happens, to which order, withdrawal or member, and the how-manieth of its kind that is."""


@dataclass(slots=True)
class Job:
    """An event as its source tells it, always the same.

    Attributes:
        key: see above. events: `EVENT`, of an order all lines. number: which refund of its order it is.
        source: its number at its source; -1 = it has none.
        after: what has to have happened before it. other: whether its contents are not those of the event whose
            key it has, so that it has to be refused loudly.
        share: of a withdrawal, parts per hundred of what is available when it is asked for; 0 = the amount stands.
    """

    key: JobKey
    events: Records
    number: int = 0
    source: int = -1
    after: JobKey | None = None
    other: bool = False
    share: int = 0

    @property
    def kind(self) -> Kind:
        """What happens."""
        return Kind(int(self.events["kind"][0]))

    @property
    def time(self) -> int:
        """When it happened, as its source has it."""
        return int(self.events["time"][0])

    @property
    def name(self) -> str:
        """Its name in traces."""
        what, of, number = self.key
        return f"{what} {of}" + (f" #{number}" if number else "") + (" (other contents)" if self.other else "")


@dataclass(slots=True)
class Delivery:
    """A job on its way to a client: one of several, perhaps.

    Attributes:
        at: when it arrives. client: where. hasty: it does not wait for what has to happen before it.
    """

    at: int
    job: Job
    client: int
    hasty: bool = False
