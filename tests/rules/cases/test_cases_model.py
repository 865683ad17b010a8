"""Case files: the contract's example, and cases that do not hang together."""

from pathlib import Path

import pytest

from rules.cases.model import VERBS, Case
from rules.cases.read import parse_case, read_cases
from rules.cases.run import run_case
from rules.errors import InputError, Place
from rules.plan.model import Plan

CONTRACT = Path(__file__).with_name("contract_cases.yaml").read_text("utf-8")

CASE = """\
- name: x
  plan: three_tier
  members: [{id: A}, {id: B, inviter: A}, {id: C, inviter: B}]
  events:
    - {at: 2026-01-05 10:00, order: O1, buyer: C, lines: [{sku: milk, price: 10}, {sku: tea, price: 5}]}
    - {at: 2026-01-05 10:01, pay: O1}
    - {at: 2026-01-06 10:00, withdraw: B, amount: 100, id: W1}
    - {at: 2026-01-06 11:00, approve: W1}
  expect: {totals: {A: 1}}
"""


def test_the_cases_of_the_contract_load_as_they_stand():
    (case,) = read_cases(CONTRACT, "c.yaml")
    assert case.name == "推广员得 8%,退一半追回一半"
    assert isinstance(case.plan, Plan)
    assert [(member.id, member.rank, member.inviter) for member in case.members] == [
        ("B", "promoter", None),
        ("C", "member", "B"),
    ]
    assert [(event.verb, event.subject) for event in case.events] == [
        ("order", "O1"),
        ("pay", "O1"),
        ("receive", "O1"),
        ("refund", "O1"),
        ("close", "month"),
    ]
    first = case.events[0]
    assert first.at == 20_458 * 86_400 + 10 * 3_600
    assert (first.buyer, first.coupon, first.freight) == ("C", 10_00, 8_00)
    assert (first.lines[0].price, first.lines[0].quantity, first.lines[0].category) == (99_90, 2, "fmcg")
    assert [entry.amount for entry in case.expect.entries] == [15_18, -7_59]
    assert case.expect.totals == {"B": 7_59}
    assert case.expect.balances["B"].available == 7_59


def test_a_case_knows_its_place():
    (case,) = read_cases(CONTRACT, "c.yaml")
    assert case.place() == Place("c.yaml", 1, 3)
    assert case.place("events", 3) == Place("c.yaml", 8, 7)
    assert parse_case({"name": "x", "plan": "p"}).place("events", 3) is None


def test_every_verb_of_the_contract_is_read():
    text = CASE.replace(
        "  expect:",
        """\
    - {at: 2026-01-07, cancel: O1}
    - {at: 2026-01-07, ship: O1}
    - {at: 2026-01-07, receive: O1}
    - {at: 2026-01-07, refund: O1}
    - {at: 2026-01-07, refund: O1, line: 2}
    - {at: 2026-01-07, refund: O1, line: 1, quantity: 1}
    - {at: 2026-01-07, refund: O1, amount: 0.5}
    - {at: 2026-01-07, refund_open: O1}
    - {at: 2026-01-07, refund_refused: O1}
    - {at: 2026-01-07, dispute: O1, by: B, line: 2}
    - {at: 2026-01-07, settle_dispute: O1, outcome: upheld, member: C, amount: -0.5}
    - {at: 2026-01-07, register: X, inviter: A}
    - {at: 2026-01-07, register: Y}
    - {at: 2026-01-07, share: X}
    - {at: 2026-01-07, click: B, visitor: V}
    - {at: 2026-01-07, click: B, visitor: V, channel: h5, sku: milk}
    - {at: 2026-01-07, sign_in: B}
    - {at: 2026-01-07, rebind: C, inviter: X}
    - {at: 2026-01-07, promote: B, rank: partner}
    - {at: 2026-01-07, freeze: B}
    - {at: 2026-01-07, unfreeze: B}
    - {at: 2026-01-07, appoint: B, area: jinan}
    - {at: 2026-01-07, sign: B}
    - {at: 2026-01-07, reject: W1}
    - {at: 2026-01-07, paid: W1}
    - {at: 2026-01-07, failed: W1}
    - {at: 2026-01-07, unknown: W1}
    - {at: 2026-01-07, plan: other}
    - {at: 2026-01-07, close: day}
    - {at: 2026-01-07, redeem: B, gift: mug}
    - {at: 2026-01-07, assign: B, arm: main}
    - {at: 2026-01-07, credit: B, score: 55}
    - {at: 2026-01-07, grant: B, coupon: C50}
    - {at: 2026-01-07, plan: {ranks: [{id: a}]}}
    - {at: 2026-01-07, order: O2, buyer: V, lines: [{sku: a, price: 1, member_price: 0.5,
       freight: 1}], coupon: 1, coupon_lines: [1], points_off: 1, reduction: 1, freight: 1,
       activity: group_buy, fee: 1, channel: h5}
  expect:""",
    )
    (case,) = read_cases(text, "c.yaml")
    assert {event.verb for event in case.events} == set(VERBS)
    assert case.events[-2].subject == "plan"
    assert case.events[-3].coupon == "C50"
    assert case.events[-1].coupon_lines == [1]


def test_members_and_expectations_can_say_all_that_the_contract_lists():
    text = CASE.replace(
        "{id: A}",
        "{id: A, rank: r, frozen: true, real_name: true, tax_registered: true, device: d, joined: 2026-01-01,"
        " credit: 80, opening: {volume: 1, balance: -2, orders: 3, streak: 4}}",
    ).replace(
        "expect: {",
        "stock: {milk: 1}\n  expect: {partial: true, stock: {milk: 0},"
        " lines: [{order: O1, line: 2, paid: 5}],"
        " payouts: [{member: B, gross: 100, fee: 1, tax: 2, net: 97}], error: 'no', budgets: {launch: 9.5},"
        " pools: [{volume: 7, carried: -1, pool: 6, paid: 5, residue: 1}], balances: {A: {deferred: 3}}, ",
    )
    (case,) = read_cases(text, "c.yaml")
    assert case.members[0].opening.balance == -2_00
    assert [member.credit for member in case.members] == [80, 100, 100]
    assert case.stock == {"milk": 1}
    assert case.expect.payouts[0].net == 97_00
    assert case.expect.pools[0].carried == -1_00
    assert (case.expect.budgets, case.expect.balances["A"].deferred) == ({"launch": 9_50}, 3_00)
    assert case.expect.error == "no"


BAD = [
    ("{id: B, inviter: A}", "{id: A, inviter: A}", "3:27", "member 'A' is given twice", "each member once"),
    ("{id: A}", "{id: A, inviter: C}", "3:30", "cycle of inviters: A → C → B → A", "a chain that ends somewhere"),
    ("{id: A}", "{id: A, inviter: A}", "3:30", "cycle of inviters: A → A", "a chain that ends somewhere"),
    ("{id: A}", "{id: A, inviter: Z}", "3:30", "there is no member 'Z'", "A, B, C"),
    ("buyer: C", "buyer: D", "5:48", "there is no buyer 'D'", "A, B, C"),
    ("pay: O1", "pay: O2", "6:35", "there is no order 'O2'", "O1"),
    ("approve: W1", "approve: W9", "8:39", "there is no withdrawal 'W9'", "W1"),
    ("withdraw: B", "withdraw: Bob", "7:40", "there is no member 'Bob'", "A, B, C"),
    ("totals: {A: 1}", "totals: {E: 1}", "9:21", "there is no member 'E'", "A, B, C"),
    ("totals: {A: 1}", "entries: [{member: E, amount: 1}]", "9:31", "there is no member 'E'", "A, B, C"),
    (
        "totals: {A: 1}",
        "lines: [{order: O1, line: 3, paid: 1}]",
        "9:38",
        "order 'O1' has no line 3",
        "lines 1 to 2",
    ),
    ("pay: O1", "refund: O1, line: 3", "6:48", "order 'O1' has no line 3", "lines 1 to 2"),
    (
        "lines: [{sku: m",
        "coupon_lines: [1, 9], lines: [{sku: m",
        "5:69",
        "order 'O1' has no line 9",
        "lines 1 to 2",
    ),
    ("pay: O1", "pay: O1, share: A", "6:7", "exactly one verb is needed, got pay, share", ""),
    (", pay: O1", "", "6:7", "exactly one verb is needed, got none", ""),
    ("pay: O1", "pay: O1, amount: 3", "6:7", "amount does not belong to pay, which takes nothing else", ""),
    ("buyer: C, ", "", "5:7", "order needs buyer", ""),
    (
        "pay: O1",
        "pay: O1, buyr: C",
        "6:39",
        "the key 'buyr' is not known here (did you mean buyer?)",
        "at, order",
    ),
    ("pay: O1", "refund: O1, quantity: 1, amount: 1", "6:7", "by quantity or by amount, not by both", ""),
    ("price: 10}", "price: -10}", "5:78", "-10 is negative", "an amount in yuan"),
    ("price: 10}", "price: 9.999}", "5:78", "'9.999' is not an amount", "an amount in yuan"),
    ("price: 10}", "price: 10, quantity: 0}", "5:92", "0 is too small", "a whole number from 1 to 1000000"),
    ("price: 10}", "price: 10, member_price: 11}", "5:59", "member_price is more than price", ""),
    (
        "price: 10}",
        "price: 90000000000, quantity: 2}",
        "5:59",
        "price × quantity is more than the largest",
        "",
    ),
    (
        "2026-01-05 10:01",
        "yesterday",
        "6:12",
        "'yesterday' is not a time",
        "a local time such as 2026-01-05 10:00",
    ),
    ("2026-01-05 10:01", "10:01", "6:12", "'10:01' is not a time", "a local time"),
    ("plan: three_tier", "plan: {ranks: [{id: a}], cups: {}}", "2:28", "'cups' is not known", "attribution"),
    ("plan: three_tier", "plan: {ranks: [{id: a}, {id: a}]}", "2:32", "'a' is given twice", "each id once"),
    ("plan: three_tier", "plan: {ranks: [{id: a}], platform: x}", "2:38", "not known here", "yudao"),
    ("plan: three_tier", "plan: [a]", "2:9", "['a'] is not text", "the name or path of a plan"),
    (
        "plan: three_tier",
        "plan: {ranks: [{id: r}]}\n  x: 1",
        "3:3",
        "the key 'x' is not known here",
        "name, source",
    ),
    ("{id: A}", "{id: A, arm: trail}", "3:26", "there is no arm 'trail'", "main"),
    ("plan: three_tier", "plan: three_tier\n  arms: {main: p}", "3:10", "the arm 'main' is there already", "`plan`"),
    ("pay: O1", "assign: B", "6:7", "assign needs arm", ""),
    ("{id: A}", "{id: 1}", "3:18", '1 is not text (write "1" in quotes)', "a name of at most 64"),
    ("- name: x\n  plan", "- plan", "1:3", "[0].name: this key is missing", "text"),
]


@pytest.mark.parametrize(("old", "new", "place", "given", "allowed"), BAD)
def test_a_case_that_does_not_hang_together_is_refused_at_its_place(old, new, place, given, allowed):
    assert old in CASE
    with pytest.raises(InputError) as caught:
        read_cases(CASE.replace(old, new, 1), "c.yaml")
    message = str(caught.value)
    assert message.startswith(f"c.yaml:{place}: ")
    assert given in message
    assert allowed in message


def test_ranks_are_checked_where_the_plan_is_known():
    text = CASE.replace("{id: A}", "{id: A, rank: boss}")
    read_cases(text, "c.yaml")
    with pytest.raises(
        InputError, match=r"c\.yaml:3:27: \[0\]\.members\[0\]\.rank: there is no rank 'boss'; allowed: r"
    ):
        read_cases(text.replace("three_tier", "{ranks: [{id: r}]}"), "c.yaml")


def test_a_member_who_registers_later_can_be_named():
    text = CASE.replace("pay: O1", "register: N, inviter: C").replace("approve: W1", "share: N")
    assert len(read_cases(text, "c.yaml")[0].events) == 4


def test_a_cycle_through_somebody_who_registers_is_seen():
    text = CASE.replace("pay: O1", "register: N, inviter: C").replace("{id: A}", "{id: A, inviter: N}")
    with pytest.raises(InputError, match="cycle of inviters: A → N → C → B → A"):
        read_cases(text, "c.yaml")


@pytest.mark.parametrize("text", ["name: x", "[]", "5"])
def test_a_file_of_cases_is_a_list(text):
    with pytest.raises(InputError, match=r"^c\.yaml:1:1: the file holds no list of cases; allowed: a list"):
        read_cases(text, "c.yaml")


def test_the_second_case_of_a_file_has_its_own_place():
    with pytest.raises(InputError, match=r"^c\.yaml:10:3: \[1\]\.plan: this key is missing"):
        read_cases(CASE + "- name: y\n", "c.yaml")


def test_a_long_chain_of_inviters_is_no_cycle():
    members = [{"id": "M0"}] + [{"id": f"M{n}", "inviter": f"M{n - 1}"} for n in range(1, 20_000)]
    case = parse_case({"name": "x", "plan": "p", "members": members[::-1]})
    assert isinstance(case, Case)


def test_a_rank_that_the_plan_of_a_members_arm_does_not_have_is_refused_at_its_place():
    plans = "plan: {ranks: [{id: a}, {id: b}]}\n  arms: {trial: {ranks: [{id: c}]}}"
    text = CASE.replace("plan: three_tier", plans).replace("{id: A}", "{id: A, rank: b, arm: trial}")
    (case,) = read_cases(text, "c.yaml")
    with pytest.raises(InputError, match=r"c\.yaml:4:27: .*the plan of 'A' has no rank 'b'; allowed: c$"):
        run_case(case)
