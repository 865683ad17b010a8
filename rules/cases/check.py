"""Whether a case hangs together: all that it names exists, and nobody is invited by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from rules.cases.model import MEMBER_VERBS, ORDER_VERBS, WITHDRAWAL_VERBS, Case
from rules.plan.model import Plan
from rules.plan.validate import Problem, close_to, one_of
from rules.plan.values import Section
from rules.plan.versions import MAIN
from rules.plan.yaml import Path

_BY_MEMBER = ("totals", "balances", "points", "coupons")


def problems_of(case: Case) -> list[Problem]:
    """What a case names that does not exist, or that cannot be."""
    return [
        *_ids(case),
        *_accounts(case),
        *_arms(case),
        *islice(_references(case), 50),
        *_line_numbers(case),
        *_cycles(case),
    ]


def _arms(case: Case) -> Iterator[Problem]:
    if MAIN in case.arms:
        yield Problem(("arms", MAIN), f"the arm {MAIN!r} is there already", "its plan as the case's `plan`", key=True)


def _ids(case: Case) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, member in enumerate(case.members):
        if member.id in seen:
            yield Problem(("members", number, "id"), f"member {member.id!r} is given twice", "each member once")
        seen.add(member.id)


def _accounts(case: Case) -> Iterator[Problem]:
    """An account belongs to one member, and is not the name of one."""
    ids = {member.id for member in case.members}
    owners: dict[str, str] = {}
    for number, member in enumerate(case.members):
        for place, account in enumerate(member.accounts):
            path: Path = ("members", number, "accounts", place)
            if account in ids:
                yield Problem(path, f"{account!r} is a member", "a name that no member has")
            elif owners.setdefault(account, member.id) != member.id:
                yield Problem(path, f"account {account!r} belongs to {owners[account]!r}", "one member an account")


def _references(case: Case) -> Iterator[Problem]:
    """Every member, order, withdrawal and rank that is named exists."""
    known = _known(case)
    for path, kind, name in _named(case):
        names = known[kind]
        if names is not None and name not in names:
            message = f"there is no {kind} {name!r}{close_to(name, names)}"
            yield Problem(path, message, one_of(names), key=path[1] in _BY_MEMBER)


def _known(case: Case) -> dict[str, dict[str, None] | None]:
    """What there is by kind; what plans name is known only if every plan stands in the case itself."""
    events = case.events
    members = [member.id for member in case.members] + [event.register_ for event in events if event.register_]
    members += [account for member in case.members for account in member.accounts]
    plans = [case.plan, *case.arms.values(), *(event.plan for event in events if event.plan is not None)]
    own = [plan for plan in plans if isinstance(plan, Plan)]
    ranks = [rank.id for plan in own for rank in plan.ranks]
    coupons = [coupon for plan in own for coupon in plan.coupons]
    gifts = [gift for plan in own if plan.points for gift in plan.points.gifts]
    of_plans: dict[str, list[str]] = {"rank": ranks, "coupon": coupons, "gift": gifts}
    known = {kind: dict.fromkeys(names) if len(own) == len(plans) else None for kind, names in of_plans.items()}
    return known | {
        "member": dict.fromkeys(members),
        "buyer": dict.fromkeys(members + [event.visitor for event in events if event.visitor]),
        "order": dict.fromkeys(event.order for event in events if event.order),
        "withdrawal": dict.fromkeys(event.id for event in events if event.id),
        "arm": dict.fromkeys([MAIN, *case.arms]),
    }


def _named(case: Case) -> Iterator[tuple[Path, str, str]]:
    """Everything a case names: where, what kind of thing, and the name."""
    for number, member in enumerate(case.members):
        yield from _present(("members", number), member, inviter="member", rank="rank", arm="arm")
    for number, event in enumerate(case.events):
        at: Path = ("events", number)
        yield from _present(at, event, **dict.fromkeys(ORDER_VERBS, "order"))
        yield from _present(at, event, **dict.fromkeys(MEMBER_VERBS, "member"))
        yield from _present(at, event, **dict.fromkeys(WITHDRAWAL_VERBS, "withdrawal"))
        yield from _present(at, event, buyer="buyer", inviter="member", rank="rank", use="coupon", gift="gift")
        yield from _present(at, event, by="member", member="member", same_as="order", arm="arm")
        if isinstance(event.coupon, str):
            yield (*at, "coupon"), "coupon", event.coupon
    expect = case.expect
    for number, entry in enumerate(expect.entries or []):
        yield from _present(("expect", "entries", number), entry, order="order", member="member")
    for number, line in enumerate(expect.lines or []):
        yield from _present(("expect", "lines", number), line, order="order")
    for number, payout in enumerate(expect.payouts or []):
        yield from _present(("expect", "payouts", number), payout, member="member")
    for section in _BY_MEMBER:
        for name in getattr(expect, section) or {}:
            yield ("expect", section, name), "member", name
    for name, coupons in (expect.coupons or {}).items():
        for number, coupon in enumerate(coupons):
            yield ("expect", "coupons", name, number), "coupon", coupon


def _present(at: Path, section: Section, **kinds: str) -> Iterator[tuple[Path, str, str]]:
    for field, kind in kinds.items():
        name = getattr(section, field)
        if name is not None:
            yield (*at, field), kind, name


def _line_numbers(case: Case) -> Iterator[Problem]:
    """A line that is named exists in its order."""
    lines = {event.order: len(event.lines) for event in case.events if event.order and event.lines}
    named: list[tuple[Path, str, int]] = []
    for number, event in enumerate(case.events):
        if event.line and (order := event.refund or event.dispute):
            named.append((("events", number, "line"), order, event.line))
        for place, line in enumerate(event.coupon_lines or []):
            named.append((("events", number, "coupon_lines", place), event.order or "", line))
    for number, entry in enumerate(case.expect.entries or []):
        if entry.order and entry.line:
            named.append((("expect", "entries", number, "line"), entry.order, entry.line))
    for number, priced in enumerate(case.expect.lines or []):
        named.append((("expect", "lines", number, "line"), priced.order, priced.line))
    for path, order, line in named:
        if line > lines.get(order, line):
            yield Problem(path, f"order {order!r} has no line {line}", f"lines 1 to {lines[order]}")


def _cycles(case: Case) -> Iterator[Problem]:
    """Nobody is, through inviters, invited by themselves. One problem a case."""
    owner = {account: member.id for member in case.members for account in member.accounts}
    inviters: dict[str, tuple[str, Path]] = {}
    for number, member in enumerate(case.members):
        if member.inviter:
            inviter = owner.get(member.inviter, member.inviter)
            inviters[member.id] = inviter, ("members", number, "inviter")
    for number, event in enumerate(case.events):
        if event.register_ and event.inviter:
            joining, inviter = (owner.get(one, one) for one in (event.register_, event.inviter))
            inviters.setdefault(joining, (inviter, ("events", number, "inviter")))
    cleared: set[str] = set()
    for start in inviters:
        chain, seen = [start], {start}
        while chain[-1] in inviters and chain[-1] not in cleared:
            above = inviters[chain[-1]][0]
            chain.append(above)
            if above in seen:
                cycle = chain[chain.index(above) :]
                names = " → ".join([*cycle[:6], "…", cycle[-1]] if len(cycle) > 8 else cycle)
                yield Problem(inviters[above][1], f"cycle of inviters: {names}", "a chain that ends somewhere")
                return
            seen.add(above)
        cleared |= seen
