"""What a check of a plan says, in words, and the case that shows it as a chain: the buyer and who is paid above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.cases.model import Case
from rules.cases.read import parse_case
from rules.cases.result import Explained
from rules.cases.run import run_case
from rules.compliance.verdict import PlanVerdict, RuleVerdict
from rules.money import PPM
from rules.plan.model import Plan
from rules.plan.values import Title
from rules.plan.yaml import Data
from rules.readable import Member, Order
from sim.experiments.metric_names import Text

RULE_WORDS: Mapping[RuleVerdict, Text] = {
    "pass": Text("守住", "holds"),
    "fail": Text("违反", "broken"),
    "lawyer": Text("请问律师", "ask a lawyer"),
    "unknown": Text("未能判定", "unknown"),
}
PLAN_WORDS: Mapping[PlanVerdict, Text] = {
    "proved": Text(
        "已证明：方案允许的任何订单和经过都不违反这些规则。这并不等于合法。",
        "proved: nothing that the plan allows breaks these rules. That is not to say that it is legal.",
    ),
    "violated": Text("违反：下列情形在方案下可以发生", "violated: what follows can happen under the plan"),
    "lawyer": Text("有问题须由律师回答", "questions for a lawyer"),
    "unknown": Text("未证明：部分规则未能判定", "not proved: some rules could not be decided"),
}


@dataclass(frozen=True)
class Paid:
    """What somebody gets of an order: fen, for what (`bonus` is its id), and how it was worked out."""

    amount: int
    component: str
    bonus: str | None
    steps: tuple[Text, ...]


@dataclass(frozen=True)
class Link:
    """A person of the chain: `place` 0 is the buyer. `rate` is what she gets, of the goods paid, rounded, in ppm."""

    name: str
    place: int
    rank: Title
    frozen: bool
    paid: tuple[Paid, ...]
    goods: int

    @property
    def amount(self) -> int:
        """All that she gets, in fen."""
        return sum(one.amount for one in self.paid)

    @property
    def rate(self) -> int:
        """What she gets of what is paid for the goods."""
        return rate_of(self.amount, self.goods)


@dataclass(frozen=True)
class Witnessed:
    """An order that a case shows; amounts in fen.

    Attributes:
        buyer: who pays. goods: for the goods, without freight.
        chain: the buyer, then everybody above and whoever else is paid.
        besides: everything of the case that belongs to no single order, by payee.
    """

    order: str
    goods: int
    chain: tuple[Link, ...]
    besides: tuple[Link, ...]

    @property
    def total(self) -> int:
        """All that the order pays out."""
        return sum(one.amount for one in self.chain)

    @property
    def rate(self) -> int:
        """What is paid out of what is paid for the goods, in parts per million, rounded up."""
        return -(-self.total * PPM // self.goods) if self.goods else 0


def rate_of(part: int, whole: int) -> int:
    """A share in parts per million, rounded to a hundredth of a per cent; of nothing, nothing."""
    return (part * 10_000 + whole // 2) // whole * 100 if whole else 0


def witnessed(data: Mapping[str, Data]) -> Witnessed | None:
    """What both engines make of a case's last order that pays anything; None if no order of it does."""
    case = parse_case(dict(data))
    result = run_case(case)
    assert result.state is not None
    plan = case.plan
    assert isinstance(plan, Plan)
    paying = [one for one in result.entries if one.order is not None]
    if not paying:
        return None
    last = paying[-1].order
    assert last is not None
    numbers = _orders(case)
    order: Order = result.state.orders[numbers.index(last)]
    names = [member.id for member in case.members]
    above = _above(case, names[order.buyer], result.state.members, names)
    of_order = [one for one in paying if one.order == last]
    others = [one.member for one in of_order if one.member not in above]
    ranks = {member.id: _rank(plan, member.rank) for member in case.members}
    frozen = {member.id for member in case.members if member.frozen}
    chain = tuple(
        Link(name, place, ranks[name], name in frozen, _paid(of_order, name), order.goods)
        for place, name in enumerate([*above, *dict.fromkeys(others)])
    )
    rest = [one for one in result.entries if one.order != last]
    besides = tuple(
        Link(name, 0, ranks[name], name in frozen, _paid(rest, name), 0)
        for name in dict.fromkeys(one.member for one in rest)
    )
    return Witnessed(last, order.goods, chain, besides)


def _orders(case: Case) -> list[str]:
    """The orders of a case in the order in which they are placed."""
    return [event.order for event in case.events if event.order is not None]


def _above(case: Case, buyer: str, members: Sequence[Member], names: list[str]) -> list[str]:
    """The buyer and everybody above, nearest first."""
    chain, number = [buyer], names.index(buyer)
    while (upline := members[number].upline) is not None and names[upline] not in chain:
        chain.append(names[upline])
        number = upline
    return chain


def _rank(plan: Plan, rank: str | None) -> Title:
    """What a rank is called; of somebody who begins with none, the first."""
    one = next((one for one in plan.ranks if one.id == rank), plan.ranks[0])
    return one.title or Title(zh=one.id, en=one.id)


def _paid(entries: list[Explained], name: str) -> tuple[Paid, ...]:
    return tuple(
        Paid(one.amount, one.component, one.bonus, tuple(Text(step["zh"], step["en"]) for step in one.worked_out))
        for one in entries
        if one.member == name
    )
