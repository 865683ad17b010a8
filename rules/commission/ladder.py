"""Ladder 阶梯奖励: a rate that rises with the volume of a period, on all of it (whole) or on each part (marginal)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.jit import kernel
from rules.money import PPM, Rounding, divide, percent, rounded, yuan
from rules.plan.compiled import Tables
from rules.plan.limits import Measure, Period
from rules.plan.values import Rate, Section, Yuan
from rules.readable import Step


class Bracket(Section):
    """One step of a ladder: from this volume on, this rate."""

    from_: Annotated[Yuan, Field(alias="from")]
    rate: Rate


class Ladder(Section):
    """Ladder 阶梯奖励 by volume of a period: whole (one rate on all) or marginal (each part at its own)."""

    period: Period = "month"
    measure: Measure = "promoted_volume"
    mode: Literal["whole", "marginal"] = "marginal"
    brackets: Annotated[list[Bracket], Field(min_length=1, max_length=16)]
    ranks: list[str] | None = None


@kernel
def amount_of_volume(plan: Tables, number: int, slot: int, volume: int) -> int:
    """What a volume earns in a period component, rounded once, in fen."""
    if volume <= 0:
        return 0
    rule = plan.slots[number, slot]
    product = 0
    for step in range(rule.brackets):
        bracket = plan.brackets[number, slot, step]
        if volume < bracket.start:
            break
        if rule.whole == 1:
            product = volume * bracket.rate
        else:
            end = volume
            if step + 1 < rule.brackets:
                end = min(volume, plan.brackets[number, slot, step + 1].start)
            product += (end - bracket.start) * bracket.rate
    return divide(product, PPM, plan.plans[number].rounding[0])


@kernel
def rate_of_volume(plan: Tables, number: int, slot: int, volume: int) -> int:
    """The rate to show on the entry: the one rate of a whole ladder, 0 where several rates were added up."""
    rule = plan.slots[number, slot]
    rate = 0
    for step in range(rule.brackets):
        if volume >= plan.brackets[number, slot, step].start:
            if step > 0 and rule.whole == 0:
                return 0
            rate = plan.brackets[number, slot, step].rate
    return rate


def ladder_amount(ladder: Ladder, volume: int, mode: Rounding) -> tuple[int, int, list[Step]]:
    """What a volume earns on a ladder: amount, the one rate if there is only one, and the steps. The readable rule."""
    reached = [step for step in ladder.brackets if volume >= step.from_]
    if ladder.mode == "whole":
        rate = reached[-1].rate
        product, terms = volume * rate, f"{yuan(volume)} × {percent(rate)}"
    else:
        ends = [step.from_ for step in reached[1:]] + [volume]
        parts = [(end - step.from_, step.rate) for step, end in zip(reached, ends, strict=True)]
        rate = reached[0].rate if len(reached) == 1 else 0
        product = sum(part * each for part, each in parts)
        terms = " + ".join(f"{yuan(part)} × {percent(each)}" for part, each in parts)
    amount = rounded(product, PPM, mode)
    return amount, rate, [Step(f"阶梯：{terms} = {yuan(amount)}", f"ladder: {terms} = {yuan(amount)}")]
