"""Sums by group over rows in the order of time, in whole numbers: in all, and up to each row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def totals(groups: Integers, amounts: Integers) -> tuple[Integers, Integers]:
    """The groups there are, ascending, and the sum of each."""
    found, place = np.unique(groups, return_inverse=True)
    sums = np.zeros(len(found), np.int64)
    np.add.at(sums, place, amounts)
    return found, sums


def looked_up(groups: Integers, sums: Integers, wanted: Integers) -> Integers:
    """The sums of the groups that are wanted; 0 for those that are not among `groups`, which ascend."""
    if len(groups) == 0:
        return np.zeros(len(wanted), np.int64)
    place = np.minimum(np.searchsorted(groups, wanted), len(groups) - 1)
    return np.where(groups[place] == wanted, sums[place], 0)


def running(groups: Integers, amounts: Integers) -> Integers:
    """The sum of each row's group up to and with this row, by row."""
    order = np.argsort(groups, kind="stable")
    sums = np.cumsum(amounts[order])
    begins = np.flatnonzero(np.diff(groups[order], prepend=groups.min(initial=0) - 1))
    before = sums[begins] - amounts[order[begins]]
    sums -= np.repeat(before, np.diff(begins, append=len(order)))
    result = np.empty(len(order), np.int64)
    result[order] = sums
    return result


def firsts(groups: Integers) -> Integers:
    """1 for the first row of each group, else 0, by row."""
    result = np.zeros(len(groups), np.int64)
    result[np.unique(groups, return_index=True)[1]] = 1
    return result


def rates_of(parts: Integers, wholes: Integers, unbounded: int) -> Integers:
    """`rules.compliance.evidence.rate_of` over columns."""
    rates = -(-parts * 1_000_000 // np.maximum(wholes, 1))
    return np.where(parts <= 0, 0, np.where(wholes > 0, rates, unbounded))


def rises(days: Integers, values: Integers) -> list[tuple[int, int]]:
    """Day and value of every row that is above 0 and above all rows before it; of a day only the highest."""
    highest = np.maximum.accumulate(values)
    higher = np.flatnonzero(np.diff(highest, prepend=0) > 0)
    return list({int(days[row]): int(values[row]) for row in higher}.items())


def worst_by(members: Integers, values: Integers) -> tuple[int, ...]:
    """The worst value of each member, ascending; only those above 0."""
    found, place = np.unique(members, return_inverse=True)
    worst = np.zeros(len(found), np.int64)
    np.maximum.at(worst, place, values)
    return tuple(np.sort(worst[worst > 0]).tolist())
