"""What contests can pay, for the deciders: prizes in money and in kind, and histories in which somebody wins one.

A prize belongs to no order and no refund takes it back after the close, so where it matters what stays after refunds a
plan with contests is never proved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rules.calendar import date_of, day_of
from rules.cases.result import Explained
from rules.commission.campaign import plan_start
from rules.commission.contest import VOLUMES, Contest, Race, race_of, round_on
from rules.compliance.decision import Decision
from rules.compliance.witness import DAY, Witness
from rules.events import DAY as SECONDS
from rules.money import PPM, yuan
from rules.plan.model import Plan
from rules.plan.values import Title

_MOST_EVENTS = 500
"""Orders or people of a witness, at the most."""
_LONGEST = 400
"""Days of a witness, at the most."""
_ROUNDS_OF_A_MONTH = {"day": 31, "week": 5, "month": 1, "once": 1}
"""How many rounds can end in a month."""


def top_prize(contest: Contest) -> int:
    """The most that one place wins, money or goods, in fen."""
    return max((prize.pay or 0) + (prize.value or 0) for prize in contest.prizes)


def of_teams(plan: Plan) -> list[Contest]:
    """The contests that compare what teams bring."""
    return [contest for contest in plan.contests if contest.of_team]


def most_of_a_month(contests: Sequence[Contest]) -> int:
    """The most that one member can win in contests whose rounds end in one month, in fen."""
    return sum(top_prize(one) * _ROUNDS_OF_A_MONTH[one.every] for one in contests)


def most_in_all(plan: Plan, contests: Sequence[Contest]) -> int:
    """The most that one member can ever win in these contests, in fen."""
    return sum(top_prize(one) * _rounds(_race(plan, one)) for one in contests)


def _race(plan: Plan, contest: Contest) -> Race:
    return race_of(contest, plan_start(plan, day_of(dt.date.fromisoformat(DAY))))


def _rounds(race: Race) -> int:
    return len({round_on(race, day) for day in range(race.first, race.last + 1)})


def _ratio_of(contest: Contest) -> int | None:
    """What the first prize can be of the volume that wins it, in parts per million; None = that has no bound."""
    return -(-top_prize(contest) * PPM // contest.least) if contest.measure in VOLUMES else None


def with_prizes(plan: Plan, limit: int, decision: Decision) -> Decision:
    """A decision on pay as a share of sales, with the prizes that sales can win beside it.

    Where no prize alone is above the limit, nobody knows: goods that are given back after the close keep their prize.
    """
    if decision.broken or not plan.contests:
        return decision
    for contest in plan.contests:
        ratio = _ratio_of(contest)
        if ratio is None or ratio > limit:
            prize, least = yuan(top_prize(contest)), contest.least
            shown = won(plan, contest)
            evidence = Title(
                zh=f"竞赛 {contest.id}：成绩 {yuan(least) if ratio else least} 即可得 {prize}",
                en=f"contest {contest.id}: a figure of {yuan(least) if ratio else least} can win {prize}",
            )
            return Decision(ratio, True, evidence, case=shown.told(shown.play().entries) if shown else None)
    why = Title(zh="轮次结束后退货不追回奖品", en="goods given back after a round keep the prize that they won")
    return Decision(None, None, decision.evidence, why)


def won(plan: Plan, contest: Contest) -> Witness | None:
    """A history in which `winner` wins a contest's first prize with the least figure; None if that takes too much.

    In pairs it takes two rounds: one to be paired with a `rival`, one to win.
    """
    race, least = _race(plan, contest), contest.least
    rounds = [race.first] if not contest.pk else [race.first, _next_round(race)]
    many = 1 if contest.measure in VOLUMES else least
    if many > _MOST_EVENTS or rounds[-1] > race.last or _end(race, rounds[-1]) - race.first > _LONGEST:
        return None
    rank = (contest.ranks or [plan.ranks[-1].id])[-1]
    witness = Witness(plan, f"{contest.id}: {least}", [{"id": "winner", "rank": rank}], [])
    if contest.pk:
        witness.people.append({"id": "rival", "rank": rank})
    if _date(race.first) > DAY:
        witness.events.append({"at": f"{DAY} 00:00", "sign": "winner"})  # day 0 is that of the first event
    for number, day in enumerate(rounds):
        for name in ("winner", "rival") if contest.pk and number == 0 else ("winner",):
            _reach(witness, contest, name, day, many)
    witness.events.append({"at": f"{_date(_end(race, rounds[-1]) + 1)} 00:00", "sign": "winner"})
    return witness


def _next_round(race: Race) -> int:
    return _end(race, race.first) + 1


def _end(race: Race, day: int) -> int:
    """The last day of the round that a day lies in."""
    running = round_on(race, day)
    while round_on(race, day + 1) == running:
        day += 1
    return day


def _date(day: int) -> str:
    return date_of(day * SECONDS).isoformat()


def _reach(witness: Witness, contest: Contest, name: str, day: int, many: int) -> None:
    """Let somebody reach the least figure on a day."""
    above, at = name, f"{_date(day)} 10:00"
    if contest.of_team:
        above = f"seller of {name}"
        if not any(one["id"] == above for one in witness.people):
            witness.people.append({"id": above, "inviter": name})
    for number in range(many):
        who = f"{above} {_date(day)} {number}"
        if contest.recruits:
            witness.events.append({"at": at, "register": who, "inviter": above})
        else:
            witness.people.append({"id": who, "inviter": above})
            witness.order(at, f"O {who}", who, contest.least if contest.measure in VOLUMES else 1)


def worth(entry: Explained) -> int:
    """What an entry is worth to its payee in fen: its amount, or the value of a prize."""
    return entry.amount + entry.value
