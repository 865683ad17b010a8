"""A replay as a job: what `fenxiao replay` does with the shipped orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.jobs import Tell
from app.warming import warm
from rules.compliance.rulebook import Rulebook
from rules.plan.model import Plan

if TYPE_CHECKING:
    from sim.report.replayed import Replayed


def work(tell: Tell, plans: tuple[Plan, ...], rulebook: Rulebook | None) -> Replayed:
    """Replay the shipped orders; tells what it begins."""
    from sim.history.shipped import cdnow
    from sim.report.replayed import replayed

    warm(tell)
    return replayed(cdnow(), plans, rulebook, lambda kind, what: tell((kind, what)))
