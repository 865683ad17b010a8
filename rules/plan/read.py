"""Reading a plan: from text to a `Plan` whose parts fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.commission.base import Fixed
from rules.commission.campaign import APART, budget_clashes, clash_message
from rules.errors import InputError, Place
from rules.people.care import care_problems
from rules.plan.limits import MOMENTS
from rules.plan.model import Plan
from rules.plan.validate import Problem, close_to, given_twice, one_of, refusal, validate
from rules.plan.yaml import Data, Document, Path, read_yaml


def read_plan(text: str, name: str) -> Plan:
    """The plan in a file.

    Args:
        text: what the file holds.
        name: the file name that messages begin with.

    Raises:
        InputError: with line and column, what was given and what is allowed.
    """
    document = read_yaml(text, name)
    if isinstance(document.data, dict) and "plan" not in document.data:
        raise InputError("a plan file needs the key plan", Place(name, 1, 1), "plan: a name, such as three_tier")
    return parse_plan(document.data, document)


def parse_plan(data: Data, document: Document | None = None, path: Path = ()) -> Plan:
    """The plan in plain data: a whole document, a part of one (a case's own plan), or data made by a program.

    Args:
        data: the plan's mapping; `plan` and `title` can be left out.
        document: where the data comes from; without it messages have no line.
        path: where in the document the plan stands.
    """
    plan = validate(Plan, data, document, path)
    check_plan(plan, document, path)
    return plan


def check_plan(plan: Plan, document: Document | None = None, path: Path = ()) -> None:
    """Refuse a plan whose parts do not fit together, although each is well formed."""
    problems = [
        *_ids(plan),
        *_first_rank(plan),
        *_rank_names(plan),
        *_raising_ranks(plan),
        *_levels(plan),
        *_brackets(plan),
        *_limits(plan),
        *_credit_holds(plan),
        *_chain(plan),
        *_coupons(plan),
        *care_problems(plan),
        *_budgets(plan),
        *_together(plan),
        *_moments(plan),
    ]
    if problems:
        raise refusal([problem.below(path) for problem in problems], document)


def _ids(plan: Plan) -> Iterator[Problem]:
    yield from given_twice(("ranks",), [rank.id for rank in plan.ranks])
    yield from given_twice(("bonuses",), [bonus.id for bonus in plan.bonuses])
    yield from given_twice(("campaigns",), [campaign.id for campaign in plan.campaigns])
    yield from given_twice(("contests",), [contest.id for contest in plan.contests])


def _first_rank(plan: Plan) -> Iterator[Problem]:
    first = plan.ranks[0]
    for rule in ("join", "promote", "demote"):
        if getattr(first, rule) is not None:
            message = f"{first.id!r} is the first rank, which every member starts with: it has no {rule}"
            yield Problem(("ranks", 0, rule), message, f"{rule} from the second rank on", key=True)


def _rank_names(plan: Plan) -> Iterator[Problem]:
    """Every rank that is named anywhere exists."""
    base, ladder, team = plan.commission.base, plan.commission.ladder, plan.commission.team
    lists: list[tuple[Path, list[str] | None]] = []
    for number, level in enumerate(base.levels if base else []):
        at: Path = ("commission", "base", "levels", number)
        lists.append(((*at, "ranks"), level.ranks))
        yield from _unknown(plan, [((*at, "by_rank", rank), rank) for rank in level.by_rank], key=True)
    lists += [(("commission", "ladder", "ranks"), ladder.ranks)] if ladder else []
    lists += [(("commission", "team", "ranks"), team.ranks)] if team else []
    heads = plan.commission.dividend.shares if plan.commission.dividend else {}
    yield from _unknown(plan, [(("commission", "dividend", "shares", rank), rank) for rank in heads], key=True)
    lists += [(("bonuses", number, "ranks"), bonus.ranks) for number, bonus in enumerate(plan.bonuses)]
    lists += [(("campaigns", number, "ranks"), one.ranks) for number, one in enumerate(plan.campaigns)]
    lists += [(("contests", number, "ranks"), one.ranks) for number, one in enumerate(plan.contests)]
    lists += [(("commission", "peer", "ranks"), plan.commission.peer.ranks)] if plan.commission.peer else []
    for path, ranks in lists:
        yield from _unknown(plan, [((*path, number), rank) for number, rank in enumerate(ranks or [])])
    yield from _unknown(plan, list(_ranks_as_keys(plan)), key=True)


def _ranks_as_keys(plan: Plan) -> Iterator[tuple[Path, str]]:
    """Ranks that differential, area agents and margin name by a key."""
    differential, area, margin = plan.commission.differential, plan.commission.area, plan.commission.margin
    at: Path = ("commission",)
    if differential:
        yield from (((*at, "differential", "rates", rank), rank) for rank in differential.rates)
        depths = differential.depth if isinstance(differential.depth, dict) else {}
        yield from (((*at, "differential", "depth", rank), rank) for rank in depths)
    if area:
        yield from (((*at, "area", "rates", rank), rank) for rank in area.rates if rank != "default")
    if margin:
        yield from (((*at, "margin", "prices", rank), rank) for rank in margin.prices)
        yield from (((*at, "margin", "skus", sku, rank), rank) for sku, one in margin.skus.items() for rank in one)


def _raising_ranks(plan: Plan) -> Iterator[Problem]:
    """Where a rank multiplies the rate of its level, it states percentages only."""
    base = plan.commission.base
    if plan.semantics.rank_rate == "replace" or base is None:
        return
    for number, level in enumerate(base.levels):
        for rank, rates in level.by_rank.items():
            for category, rate in rates.items():
                if isinstance(rate, Fixed):
                    path: Path = ("commission", "base", "levels", number, "by_rank", rank, category)
                    message = "a fixed amount cannot multiply a rate (rank_rate: multiply)"
                    yield Problem(path, message, "a percentage by which the rate is raised")


def _unknown(plan: Plan, named: Iterable[tuple[Path, str]], key: bool = False) -> Iterator[Problem]:
    ids = [rank.id for rank in plan.ranks]
    for path, rank in named:
        if rank not in ids:
            yield Problem(path, f"there is no rank {rank!r}{close_to(rank, ids)}", one_of(ids), key)


def _levels(plan: Plan) -> Iterator[Problem]:
    """Level numbers are unique and run from 1 without a gap."""
    base = plan.commission.base
    numbers = [level.level for level in base.levels] if base else []
    for number, level in enumerate(numbers):
        path: Path = ("commission", "base", "levels", number, "level")
        if level in numbers[:number]:
            yield Problem(path, f"level {level} is given twice", "each level once")
        elif level > 1 and level - 1 not in numbers:
            yield Problem(path, f"level {level} is given and level {level - 1} is not", "levels from 1 without a gap")
    for number, one in enumerate(base.levels if base else []):
        if one.level == 1 and one.of != "sale":
            at: Path = ("commission", "base", "levels", number, "of")
            yield Problem(at, "level 1 cannot be a rate of itself", "sale; or level_1_commission from level 2 on")


def _brackets(plan: Plan) -> Iterator[Problem]:
    """A ladder starts at 0 and climbs."""
    ladder = plan.commission.ladder
    starts = [bracket.from_ for bracket in ladder.brackets] if ladder else []
    for number, start in enumerate(starts):
        path: Path = ("commission", "ladder", "brackets", number, "from")
        if number == 0 and start != 0:
            yield Problem(path, "the first bracket does not start at 0", "from: 0, with rate: 0% if nothing is paid")
        elif number and start <= starts[number - 1]:
            yield Problem(path, "this bracket does not start above the one before it", "brackets in ascending order")


def _chain(plan: Plan) -> Iterator[Problem]:
    """A peer bonus stands on a differential."""
    if plan.commission.peer and not plan.commission.differential:
        message = "a peer bonus goes by the differential below, and there is none"
        yield Problem(("commission", "peer"), message, "commission.differential beside it", key=True)


def _coupons(plan: Plan) -> Iterator[Problem]:
    """Every coupon that a bonus grants exists."""
    for number, bonus in enumerate(plan.bonuses):
        if bonus.coupon is not None and bonus.coupon not in plan.coupons:
            message = f"there is no coupon {bonus.coupon!r}{close_to(bonus.coupon, plan.coupons)}"
            yield Problem(("bonuses", number, "coupon"), message, one_of(plan.coupons))


def _budgets(plan: Plan) -> Iterator[Problem]:
    """No two budgets are spent on the same goods at the same time."""
    for first, second in budget_clashes(plan):
        yield Problem(("campaigns", second, "budget"), clash_message(plan, first, second), APART)


def _limits(plan: Plan) -> Iterator[Problem]:
    rule = plan.withdrawal
    if rule.maximum is not None and rule.maximum < rule.minimum:
        yield Problem(("withdrawal", "maximum"), "maximum is below minimum", "at least the minimum")


def _credit_holds(plan: Plan) -> Iterator[Problem]:
    """Every score is named once, and held longer than everybody is."""
    rule, at = plan.settlement, ("settlement", "credit_holds")
    for number, hold in enumerate(rule.credit_holds):
        if hold.below in [one.below for one in rule.credit_holds[:number]]:
            yield Problem((*at, number, "below"), f"below {hold.below} is given twice", "each score once")
        if hold.days < rule.hold_days:
            message = f"{hold.days} days are less than the hold of everybody, and would do nothing"
            yield Problem((*at, number, "days"), message, f"at least the hold_days, {rule.hold_days}")


def _together(plan: Plan) -> Iterator[Problem]:
    """Settings that have no meaning together: two ways of dividing one amount."""
    semantics = plan.semantics
    budgets = [number for number, campaign in enumerate(plan.campaigns) if campaign.budget is not None]
    if budgets and semantics.round_per == "order":
        message = "a budget is spent line by line, and round_per: order rounds an order as a whole"
        yield Problem(("campaigns", budgets[0], "budget"), message, "round_per: line or unit")
    whole = [semantics.entry_per == "order", semantics.clawback_unit == "trunc4", semantics.fee_share]
    whole.append(bool(semantics.defects))
    if plan.caps.over_cap == "defer" and any(whole):
        message = "what waits for later days is taken back line by line and exactly"
        yield Problem(
            ("caps", "over_cap"), message, "forfeit, or entry_per: line, clawback_unit: exact, no fee_share, no defects"
        )


def _moments(plan: Plan) -> Iterator[Problem]:
    """Who is fixed last must not be below who is fixed first."""
    first, above = (MOMENTS.index(plan.semantics.upline_at(level)) for level in (1, 2))
    if first > above:
        message = f"level 1 is fixed at {MOMENTS[first]}, after those above it at {MOMENTS[above]}"
        yield Problem(
            ("semantics", "upline_snapshot"), message, "a moment for level 1 that is not after that of level 2"
        )
