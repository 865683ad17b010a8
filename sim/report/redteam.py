"""What a red team found, for `--json` and for pages: figures, steps, and what would close each exploit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.money import fen as fen_of
from rules.plan.difference import difference
from rules.plan.values import Title
from sim.experiments.metric_names import Lang
from sim.redteam.closing import Change, withdrawn_under
from sim.redteam.search import Exploit
from sim.redteam.telling import Step, steps_of
from sim.redteam.world import World
from sim.scenario import Scenario

_MONEY = ("amount", "entry", "gap", "price")
"""Numbers of a template that are fen."""


@dataclass(frozen=True)
class Clause:
    """A key of a plan that lets an exploit through, and what it would be, in words and as the file has it."""

    place: str
    words: Title


@dataclass(frozen=True)
class Mending:
    """A change that closes an exploit.

    Attributes:
        setting: as the plan file would have it. title: what that means. clauses: what differs from the plan.
        withdrawn: fen that the same moves draw out then, as both engines find; None where the plan stays as it is and
            the risk desk changes.
    """

    setting: str
    title: Title
    clauses: tuple[Clause, ...]
    withdrawn: int | None


@dataclass(frozen=True)
class Finding:
    """An exploit as a page shows it; amounts are fen.

    Attributes:
        honest: what the same accounts would have come to without the trick, and that `profit` leaves out.
        withdrawn: what all accounts drew out, before fee and tax.
        sets: phones, cards and addresses, where a desk looks.
        mendings: the mildest first; none where no single change of those tried closes it.
    """

    name: str
    title: Title
    profit: int
    honest: int
    outlay: int
    paid_in: int
    refunded: int
    paid_out: int
    owed: int
    withdrawn: int
    accounts: int
    days: int
    sets: int | None
    steps: tuple[Step, ...]
    mendings: tuple[Mending, ...]

    @property
    def each(self) -> int:
        """Profit of one account, rounded down."""
        return self.profit // self.accounts


def finding_of(one: Exploit, changes: list[Change], world: World) -> Finding:
    """An exploit with its steps and what would close it."""
    came = one.outcome
    balances = one.case["expect"]["balances"]
    return Finding(
        name=one.template.name,
        title=one.template.title,
        profit=one.profit,
        honest=came.profit - one.profit,
        outlay=came.outlay,
        paid_in=came.paid_in,
        refunded=came.refunded,
        paid_out=came.paid_out,
        owed=-came.owed,
        withdrawn=sum(fen_of(wallet["withdrawn"]) for wallet in balances.values()),
        accounts=came.accounts,
        days=came.days,
        sets=one.numbers.get("sets") if world.risk else None,
        steps=tuple(steps_of(one.case)),
        mendings=tuple(_mending(one, change, world) for change in changes),
    )


def _mending(one: Exploit, change: Change, world: World) -> Mending:
    said = {(each.words.zh, each.words.en): each.place for each in reversed(difference(world.plan, change.plan))}
    clauses = tuple(Clause(place, Title(zh=zh, en=en)) for (zh, en), place in reversed(said.items()))
    withdrawn = None if change.risk else withdrawn_under(one, change)
    return Mending(change.setting, change.title, clauses, withdrawn)


def told_steps(one: Exploit, lang: Lang) -> list[tuple[str, str]]:
    """When and what, step by step."""
    return [(getattr(step.when, lang), getattr(step.words, lang)) for step in steps_of(one.case)]


def redteam_told(
    world: World, market: Scenario | None, found: list[Exploit], closed: list[list[Change]], made: int, seed: int
) -> dict[str, object]:
    """What `--json` prints; amounts in yuan."""
    means = world.means
    return {
        "plan": world.plan.plan,
        "scenario": market.scenario if market else None,
        "seed": seed,
        "evaluations": made,
        "accounts": means.accounts,
        "days": means.days,
        "capital": _yuan(means.capital),
        "resale": means.resale / 1_000_000,
        "returns": means.returns,
        "guard": world.risk is not None,
        "exploits": [_told(one, changes, world) for one, changes in zip(found, closed, strict=True)],
    }


def _told(one: Exploit, changes: list[Change], world: World) -> dict[str, object]:
    came, closers = one.outcome, [{"setting": each.setting, "title": each.title.model_dump()} for each in changes]
    return {
        "name": one.template.name,
        "title": one.template.title.model_dump(),
        "profit": _yuan(one.profit),
        "cost": _yuan(came.outlay),
        "paid_in": _yuan(came.paid_in),
        "refunded": _yuan(came.refunded),
        "paid_out": _yuan(came.paid_out),
        "goods": _yuan(came.goods),
        "left_owing": _yuan(-came.owed),
        "accounts": came.accounts,
        "days": came.days,
        "numbers": _numbers(one.numbers, world),
        "closed_by": closers[0] if closers else None,
        "also_closed_by": closers[1:],
        "steps": [_told_step(step) for step in steps_of(one.case)],
        "case": one.case,
    }


def _told_step(step: Step) -> dict[str, object]:
    told: dict[str, object] = {"days": list(step.days), "act": step.act, "who": list(step.who)}
    if step.amount is not None:
        told["amount"] = _yuan(step.amount)
    return told | {"zh": step.words.zh, "en": step.words.en}


def _numbers(numbers: Mapping[str, int], world: World) -> dict[str, object]:
    """What the search tuned: money in yuan, a good by its name."""
    told: dict[str, object] = {name: _yuan(value) if name in _MONEY else value for name, value in numbers.items()}
    return told | ({"good": world.goods[numbers["good"]].sku} if "good" in numbers else {})


def _yuan(fen: int) -> float:
    return fen / 100
