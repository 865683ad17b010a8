"""What no rule has a limit for, and a reader should know: entry purchases, and payouts just below a threshold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.compliance.evidence import EntryPurchase, NearThreshold, Threshold
from rules.plan.model import Plan
from rules.records import NEVER
from sim.compliance.account import Account
from sim.compliance.running import Integers, looked_up, totals

NAME_CHECK, LARGE_TRANSFER = 200_000, 50_000_000
"""Fen: WeChat Pay asks for the payee's name at this much; a bank reports a person's transfers of this much a day."""


def entry_purchase(account: Account, plans: Sequence[Plan], before: NDArray[np.bool_]) -> EntryPurchase:
    """What promoters had bought when they first were above the lowest rank; `before` are those who were already."""
    since = account.book.members["promoter_since"].astype(np.int64)
    since[before] = NEVER
    promoters = np.flatnonzero(since >= 0)
    if len(promoters) == 0:
        return EntryPurchase()
    orders = account.orders
    buyers, paid_at, goods = (orders[name].astype(np.int64) for name in ("buyer", "paid_at", "goods"))
    rows = np.flatnonzero((paid_at >= 0) & (paid_at <= since[buyers]))
    bought = looked_up(*totals(buyers[rows], goods[rows]), promoters)
    first = rows[_firsts_in_time(paid_at[rows], buyers[rows])]
    exact = np.isin(goods[first] + orders["freight"][first], _asked(plans))
    median = int(np.sort(bought)[(len(bought) - 1) // 2])
    return EntryPurchase(len(promoters), len(first), median, int(exact.sum()))


def near_thresholds(account: Account, plans: Sequence[Plan]) -> tuple[NearThreshold, ...]:
    """Requests for payout next to each threshold, by the amount asked for."""
    rows = account.book.rows("withdrawals")
    amounts = rows["amount"][rows["known"]].astype(np.int64)
    over = sorted({plan.withdrawal.review_over for plan in plans if plan.withdrawal.review_over})
    found = [_near(amounts, "name_check", NAME_CHECK, NAME_CHECK)]
    found += [_near(amounts, "review", limit, limit + 1) for limit in over]
    return (*found, _near(amounts, "large_transfer", LARGE_TRANSFER, LARGE_TRANSFER))


def _near(amounts: Integers, threshold: Threshold, amount: int, caught: int) -> NearThreshold:
    """Requests within 5 % of an amount; `caught` is the least that the threshold catches."""
    below = (amounts * 20 >= amount * 19) & (amounts < caught)
    above = (amounts * 20 <= amount * 21) & (amounts >= caught)
    return NearThreshold(threshold, amount, int(below.sum()), int(above.sum()))


def _firsts_in_time(times: Integers, buyers: Integers) -> Integers:
    """The place of each buyer's first order; of several at one moment the one with the lowest number."""
    order = np.argsort(times, kind="stable")
    places: Integers = order[np.unique(buyers[order], return_index=True)[1]]
    return places


def _asked(plans: Sequence[Plan]) -> list[int]:
    """What ranks ask to be spent, in fen; freight counts."""
    rules = [rank.join for plan in plans for rank in plan.ranks if rank.join]
    return sorted({fen for rule in rules for fen in (rule.spend, rule.single_order) if fen})
