"""Other ranks: whether a payee was paid as one of another rank is."""

from __future__ import annotations

from rules.commission.base import BaseLevel
from rules.plan.model import Plan
from sim.matching.dials import Change, Dial, fits
from sim.matching.words import rank_of


def ranks_of(plan: Plan) -> list[Dial]:
    """A dial for each rank: every payee is paid base commission as one of it."""
    if len(plan.ranks) < 2 or plan.commission.base is None:
        return []
    dials = [Dial(f"rank={rank.id}", "rank", _as_if(rank.id), rank_of(rank.id)) for rank in plan.ranks]
    return [dial for dial in dials if fits([plan], [dial])]


def _as_if(rank: str) -> Change:
    def level_for(level: BaseLevel, ranks: list[str]) -> BaseLevel:
        open_to: list[str] | None = None if level.ranks is None or rank in level.ranks else []
        own = level.by_rank.get(rank, {})
        return level.model_copy(update={"ranks": open_to, "by_rank": dict.fromkeys(ranks, own) if own else {}})

    def change(plan: Plan) -> Plan:
        base, ranks = plan.commission.base, [one.id for one in plan.ranks]
        assert base is not None
        levels = [level_for(level, ranks) for level in base.levels]
        commission = plan.commission.model_copy(update={"base": base.model_copy(update={"levels": levels})})
        update: dict[str, object] = {"commission": commission}
        if plan.semantics.promoter_by == ("rank", 0) and rank != ranks[0]:
            update["semantics"] = plan.semantics.model_copy(update={"promoter_by": ("all", 0)})
        return plan.model_copy(update=update)

    return change
