"""A renewal of recruiting: who joins tomorrow, from how long everybody has been a member today.

Members bring people at a rate by age, as in demography (Lotka's renewal equation), and the market is well mixed: a link
meets a stranger as often as there are strangers in the market. Where people know their neighbours, as in the simulated
markets, neighbourhoods fill up before the market does, and the forecast is then too high.
"""

from __future__ import annotations

import numpy as np

from rules.events import DAY
from rules.records import NEVER
from sim.spread.branching import Floats
from sim.spread.forest import NOBODY
from sim.spread.trail import Trail

_WEEK = 7
_ROUNDS, _CLOSE = 100, 1e-10


def recruit(trail: Trail, days: int, *, finite: bool = True) -> Floats:
    """Members who join on each of the next days, (2, days): invited, and by themselves.

    Members recruit at a rate that fades with the weeks since they joined, seeds at theirs. Rates are those of a market
    of strangers; a link finds fewer and fewer of them.

    Args:
        finite: whether those who are no members become fewer; else they stay as many as they were on average.
    """
    past = trail.days
    cohorts = _cohorts(trail)
    total = np.concatenate([cohorts, np.zeros((2, days))], axis=1)
    strangers = 1 - (np.cumsum(cohorts.sum(axis=0)) - cohorts.sum(axis=0)) / trail.people
    open_share = strangers if finite else np.ones(past)
    rates = _recruiting_rates(trail, cohorts, open_share, past + days)
    alone_rate = _alone(trail, open_share)
    out = np.zeros((2, days))
    for ahead in range(days):
        today = past + ahead
        left = max(0.0, 1 - total.sum() / trail.people) if finite else 1.0
        ages = today - np.arange(today)
        pull = sum(float(total[kind, :today] @ rates[kind, ages]) for kind in (0, 1))
        out[:, ahead] = pull * left, alone_rate * left
        total[1, today] = out[:, ahead].sum()
    return out


def _cohorts(trail: Trail) -> Floats:
    """Who joined on each day, (2, days): seeds and others."""
    members = trail.members
    day = np.clip((trail.joined[members] - trail.begin) // DAY, 0, trail.days - 1)
    counts = np.zeros((2, trail.days))
    np.add.at(counts, (np.where(trail.seeds[members], 0, 1), day), 1)
    return counts


def _recruiting_rates(trail: Trail, cohorts: Floats, open_share: Floats, ages: int) -> Floats:
    """Invitees a day by age in days, (2, ages): seeds and others, if everybody were a stranger."""
    past = trail.days
    invited = np.flatnonzero((trail.inviter != NOBODY) & (trail.joined != NEVER))
    inviter = trail.inviter[invited]
    age = np.clip((trail.joined[invited] - np.maximum(trail.joined[inviter], trail.begin)) // DAY, 0, past - 1)
    kind = np.where(trail.seeds[inviter], 0, 1)
    weeks = past // _WEEK + 1
    brought, exposed = np.zeros((2, weeks)), np.zeros((2, weeks))
    np.add.at(brought, (kind, age // _WEEK), 1)
    for days in range(past):
        at_risk = cohorts[:, : past - days] @ open_share[days:]
        exposed[:, days // _WEEK] += at_risk
    return np.stack([fading(brought[kind], exposed[kind], ages) for kind in (0, 1)])


def fading(brought: Floats, exposed: Floats, ages: int) -> Floats:
    """A rate by day of age, (ages + 1,), that fades by the same part each week: Poisson regression by Newton's method.

    A rate that grows instead is held at its mean: what grows so would have no end.

    Args:
        brought, exposed: invitees, and member-days among strangers, by week of age.
    """
    seen = exposed > 0
    invitees, days, week = brought[seen], exposed[seen], np.flatnonzero(seen)
    if invitees.sum() == 0:
        return np.zeros(ages + 1)
    line = np.stack([np.ones(len(week)), week])
    level = np.array([np.log(invitees.sum() / days.sum()), 0.0])
    for _ in range(_ROUNDS):
        mean = days * np.exp(level @ line)
        step = np.linalg.lstsq((line * mean) @ line.T, line @ (invitees - mean))[0]
        level += np.clip(step, -1, 1)
        if np.abs(step).max() < _CLOSE:
            break
    if level[1] > 0:
        level = np.array([np.log(invitees.sum() / days.sum()), 0.0])
    rates: Floats = np.exp(level[0] + level[1] * (np.arange(ages + 1) // _WEEK))
    return rates


def _alone(trail: Trail, open_share: Floats) -> float:
    """Members a day who come by themselves, seeds left out, if everybody were a stranger."""
    alone = (trail.joined != NEVER) & (trail.inviter == NOBODY) & ~trail.seeds
    return float(alone.sum() / open_share.sum())
