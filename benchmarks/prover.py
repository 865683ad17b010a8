"""The prover against z3: does an order of a plan pay out more than a limit? `python -m benchmarks.prover`.

The plans are large: 3 levels, 10 ranks with rates of their own, 8 campaigns, four roundings; some hold and some do
not. Both say yes or no; the prover also names the smallest order over the limit and shows it in both engines, z3 is
only asked whether there is one.
"""

from __future__ import annotations

import z3

from benchmarks.common import Contestant, Figures, command, in_turns
from rules.compliance.order_ratio import order_ratio
from rules.compliance.order_ratio.sales import all_terms
from rules.money import PPM
from rules.plan.model import Plan
from rules.plan.read import parse_plan

FIGURES = {
    "seconds_per_plan": "wall-clock time to decide one plan, with the case that shows it",
    "seconds_that_hold": "the same for plans that hold",
    "z3_seconds_per_plan": "z3 on the same plans, in the same run",
    "z3_times_slower": "z3's time ÷ the prover's",
    "plans": "plans in the run",
    "agreed": "whether both gave the same verdicts",
}
_LIMIT = 300_000


def plan(highest: int, rounding: str) -> Plan:
    """3 levels, 10 ranks, 8 campaigns that overlap; the best rank has `highest` hundredths of a percent at level 1."""
    ranks = [f"r{number}" for number in range(10)]
    rates = [[highest - 15 * number for number in range(10)], [400 - 10 * number for number in range(10)], [250] * 10]
    levels = [
        {
            "level": level,
            "rates": {"default": f"{row[-1] / 100:.2f}%"},
            "by_rank": {rank: {"default": f"{rate / 100:.2f}%"} for rank, rate in zip(ranks, row, strict=True)},
        }
        for level, row in enumerate(rates, 1)
    ]
    campaigns = [
        {"id": f"c{number}", "days": [10 * number, 10 * number + 14], "multiply": {"base": "1.1"}}
        | ({"categories": [f"k{number}"]} if number % 2 else {})
        for number in range(8)
    ]
    return parse_plan(
        {
            "ranks": [{"id": rank} for rank in ranks],
            "commission": {"base": {"levels": levels}},
            "campaigns": campaigns,
            "semantics": {"rounding": rounding},
        }
    )


def with_z3(given: Plan) -> bool:
    """Whether z3 finds an order over the limit."""
    solver, paid = z3.Solver(), z3.Int("paid")
    solver.add(paid >= 1)
    kinds = []
    for number, terms in enumerate(all_terms(given)):
        amounts = [z3.Int(f"a{number}.{level}") for level in (1, 2, 3)]
        ways = [z3.Sum(amounts) * PPM > _LIMIT * paid]
        for level, amount in enumerate(amounts, 1):
            mode = given.semantics.rounding_of(level)
            rates = {int(rate) for rate in terms.rates[level] if rate >= 0}
            ways.append(z3.Or(*[_is_rounded(amount, paid * rate, mode) for rate in rates]))
        kinds.append(z3.And(*ways))
    solver.add(z3.Or(*kinds))
    return bool(solver.check() == z3.sat)


def _is_rounded(amount: z3.ArithRef, product: z3.ArithRef, mode: str) -> z3.BoolRef:
    rest = product - amount * PPM
    if mode == "floor":
        return z3.And(rest >= 0, rest < PPM)
    if mode == "ceil":
        return z3.And(rest > -PPM, rest <= 0)
    if mode == "half_up":
        return z3.And(2 * rest >= -PPM, 2 * rest < PPM)
    tie = z3.Or(2 * rest == PPM, 2 * rest == -PPM)
    return z3.And(2 * rest >= -PPM, 2 * rest <= PPM, z3.Implies(tie, amount % 2 == 0))


def measure(small: bool) -> Figures:
    """The figures."""
    modes = ("floor", "half_up", "half_even", "ceil")
    highest = (1800, 2000) if small else (1700, 1800, 1900, 2000, 2100, 2200)
    plans = [plan(rate, mode) for rate in highest for mode in modes]
    holding = [one for one in plans if order_ratio(one, _LIMIT).broken is False]
    ours = Contestant(lambda: plans, lambda given: [order_ratio(one, _LIMIT).broken for one in given])
    theirs = Contestant(lambda: plans, lambda given: [with_z3(one) for one in given])
    held = Contestant(lambda: holding, lambda given: [order_ratio(one, _LIMIT).broken for one in given])
    agreed = ours.once() == theirs.once()
    in_turns({"prover": ours, "z3": theirs, "held": held}, 1 if small else 5)
    each, peer = ours.seconds / len(plans), theirs.seconds / len(plans)
    return {
        "seconds_per_plan": round(each, 4),
        "seconds_that_hold": round(held.seconds / max(1, len(holding)), 4),
        "z3_seconds_per_plan": round(peer, 4),
        "z3_times_slower": round(peer / each, 1),
        "cpu_share": ours.cpu_share,
        "plans": len(plans),
        "agreed": agreed,
    }


if __name__ == "__main__":
    command("prover", measure, FIGURES)
