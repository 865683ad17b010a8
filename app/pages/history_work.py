"""A replay as a job: what `fenxiao replay` does with the shipped orders, or with those of an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.histories import Data
from app.jobs import Tell
from app.warming import warm
from rules.compliance.rulebook import Rulebook
from rules.plan.model import Plan

if TYPE_CHECKING:
    from sim.matching.result import Matched
    from sim.report.replayed import Replayed


@dataclass(frozen=True)
class Found:
    """A replay; and the first plan held against what the platform recorded, where the import has records."""

    replayed: Replayed
    recorded: Matched | None


def work(tell: Tell, data: Data, plans: tuple[Plan, ...], rulebook: Rulebook | None, command: str) -> Found:
    """Replay the orders; tells what it begins."""
    from sim.matching.report import held_against
    from sim.report.replayed import replayed

    data.refuse_large(command)
    warm(tell)
    past = data.past()
    found = replayed(past, plans, rulebook, lambda kind, what: tell((kind, what)))
    if data.folder:
        tell(("recorded", ""))
    recorded = held_against(data.folder, past, plans[:1])
    return Found(found, recorded[0] if recorded else None)
