"""Cliffs 断崖: one order that releases pay on orders before it, as a ladder does that pays one rate on everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rules.commission.ladder import Ladder
from rules.compliance.contests import top_prize, won
from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio.chain import share
from rules.compliance.witness import DAY, Witness, chain_of
from rules.money import PPM, Rounding, percent, yuan
from rules.plan.limits import TEAM_VOLUMES
from rules.plan.model import Plan
from rules.plan.values import Title


@dataclass(frozen=True)
class Jump:
    """An order that raises the rate: volume before it, the volume and rate it reaches, what it releases, in fen."""

    before: int
    reached: int
    rate: int
    released: int


def cliff(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """The most that one order can release on orders before it, in fen.

    That is what the volume before it earns at the rate that the order reaches, less what it earned until then. Only a
    `whole` ladder releases anything, and the more the larger that volume is, but for rounding: so of each two rates the
    volumes just below the higher one are looked at, as far down as rounding can make up for.
    """
    if plan.contests:
        return _prizes(plan, limit)
    ladder = plan.commission.ladder
    if ladder is None or ladder.mode == "marginal":
        none = Title(zh="没有整档返利的阶梯", en="no ladder pays one rate on everything")
        return Decision(0, False, why=none)
    worst = max(_jumps(ladder, Rounding[plan.semantics.rounding_of(0)]), key=lambda one: one.released, default=None)
    why = Title(zh="只在档位起点跳变", en="the rate rises at the brackets alone")
    if worst is None or worst.released <= limit:
        return Decision(worst.released if worst else 0, False, why=why)
    evidence = Title(
        zh=f"达到 {yuan(worst.reached)} 的一单使此前业绩 {yuan(worst.before)} 按 {percent(worst.rate)} 计，"
        f"释放 {yuan(worst.released)}",
        en=f"the order that reaches {yuan(worst.reached)} puts the {yuan(worst.before)} before it at "
        f"{percent(worst.rate)} and releases {yuan(worst.released)}",
    )
    return Decision(worst.released, True, evidence, why, _crossed(plan, ladder, worst))


def _prizes(plan: Plan, limit: int) -> Decision:
    """A prize is won as a whole by the order that takes a place: it may stand on orders before it."""
    best = max(plan.contests, key=top_prize)
    most = top_prize(best)
    evidence = Title(
        zh=f"竞赛 {best.id} 的一个名次得 {yuan(most)}", en=f"a place in contest {best.id} wins {yuan(most)}"
    )
    if most <= limit or best.recruits:
        unknown = Title(
            zh="未穷尽竞赛与阶梯的组合", en="not every way in which contests and ladders meet was looked at"
        )
        return Decision(most, None, evidence, unknown)
    shown = won(plan, best)
    return Decision(most, True, evidence, case=shown.told(shown.play().entries) if shown else None)


def _jumps(ladder: Ladder, mode: Rounding) -> Iterator[Jump]:
    """The largest jump from each bracket to each one further up that pays more."""
    for place, bracket in enumerate(ladder.brackets[:-1]):
        last = ladder.brackets[place + 1].from_ - 1
        for reached in ladder.brackets[place + 1 :]:
            rise = reached.rate - bracket.rate
            first = max(1, bracket.from_, last - 2 * PPM // rise) if rise > 0 else last + 1
            if first <= last:
                before = np.arange(first, last + 1, dtype=np.int64)
                released = share(before, reached.rate, mode) - share(before, bracket.rate, mode)
                most = len(released) - 1 - int(np.argmax(released[::-1]))
                yield Jump(int(before[most]), reached.from_, reached.rate, int(released[most]))


def _crossed(plan: Plan, ladder: Ladder, jump: Jump) -> dict[str, object]:
    """The orders before, a close, the order that reaches the bracket, a close."""
    rank = (ladder.ranks or [plan.ranks[-1].id])[-1]
    people = chain_of(["top", "middle", "seller"] if ladder.measure in TEAM_VOLUMES else ["seller"], rank=rank)
    people.append({"id": "buyer", "inviter": "seller"})
    buyer = "seller" if ladder.measure == "personal_volume" else "buyer"
    witness = Witness(plan, f"{ladder.period} {yuan(jump.reached)}", people, [])
    witness.order(f"{DAY} 10:00", "O1", buyer, jump.before)
    witness.events.append({"at": f"{DAY} 11:00", "close": ladder.period})
    witness.order(f"{DAY} 12:00", "O2", buyer, jump.reached - jump.before)
    witness.events.append({"at": f"{DAY} 13:00", "close": ladder.period})
    return witness.told(witness.play().entries)
