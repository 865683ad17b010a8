"""What a plan cannot say: each mistake is refused at its place, with what was given and what is allowed."""

import pytest

from rules.errors import InputError
from rules.plan.read import read_plan

RATE = "a rate from 0% to 100%, such as 8% or 0.08"
YUAN = "an amount in yuan with at most two decimals, such as 12.50, not negative"

CHANGED = [
    # unknown and misspelt keys
    (
        "caps:",
        "cups:",
        "19:1",
        "the key 'cups' is not known here (did you mean caps?)",
        "attribution, commission",
    ),
    (
        "{level: 1,",
        "{levl: 1,",
        "11:10",
        "the key 'levl' is not known here (did you mean level?)",
        "level, rates, skus",
    ),
    (
        "from: 50000",
        "from_: 50000",
        "12:102",
        "the key 'from_' is not known here (did you mean from?)",
        "from, rate",
    ),
    ("fmcg: 8%", "fmcg: {fixd: 1}", "11:35", "'fixd' is not known here (did you mean fixed?)", "fixed"),
    ("fmcg: 8%", "7: 8%", "11:28", "7 cannot be a key here", 'write it in quotes, "7"'),
    (
        "minimum: 100",
        "minimum: 100, kyc: true",
        "23:28",
        "the key 'kyc' is not known here",
        "minimum, maximum",
    ),
    # rates
    ("8%", "800%", "11:34", "'800%' is more than 100%", RATE),
    ("8%", "8", "11:34", "'8' is more than 100%", RATE),
    ("8%", "-8%", "11:34", "'-8%' is not a rate", RATE),
    ("8%", "8.00001%", "11:34", "'8.00001%' is not a rate", RATE),
    ("8%", "0.0800001", "11:34", "'0.0800001' is not a rate", RATE),
    ("8%", "yes", "11:34", "'yes' is not a rate", RATE),
    ("8%", "true", "11:34", "true is not a rate", RATE),
    ("8%", "", "11:33", "nothing is not a rate", RATE),
    ("8%", "[8%]", "11:34", "['8%'] is not a rate", RATE),
    ("8%", "NaN", "11:34", "'NaN' is not a rate", RATE),
    ("8%", ".nan", "11:34", ".nan is not a number", "a finite number"),
    ("8%", "{fixed: -1}", "11:42", "-1 is negative", YUAN),
    ("8%", "{fixed: 1, rate: 8%}", "11:45", "the key 'rate' is not known here", "fixed"),
    # money
    ("minimum: 100", "minimum: -1", "23:23", "-1 is negative", YUAN),
    ("minimum: 100", "minimum: 99.999", "23:23", "'99.999' is not an amount", YUAN),
    ("minimum: 100", "minimum: 1e999", "23:23", "1e999 is too large", "at most 30 digits"),
    (
        "minimum: 100",
        "minimum: 99999999999999",
        "23:23",
        "'99999999999999' is more than the largest amount",
        YUAN,
    ),
    (
        "minimum: 100",
        f"minimum: {'9' * 5000}",
        "23:23",
        "(5000 characters) is too large",
        "at most 30 digits",
    ),
    ("minimum: 100", "minimum: 1,000", "23:25", "the key 0 is not known here", "minimum, maximum"),
    ("minimum: 100", "minimum: 30000", "23:39", "maximum is below minimum", "at least the minimum"),
    ("pay: 50", "pay: a lot", "15:54", "'a lot' is not an amount", YUAN),
    ("base: 1.5", "base: 100", "18:50", "100 is not a multiplier", "a multiplier from 0 to 99.999999"),
    ("base: 1.5", "base: -1", "18:50", "-1 is not a multiplier", "a multiplier from 0 to 99.999999"),
    # whole numbers, words, times, dates
    ("levels: 3", "levels: 9", "19:16", "9 is too large", "a whole number from 1 to 8"),
    ("levels: 3", "levels: 0", "19:16", "0 is too small", "a whole number from 1 to 8"),
    ("levels: 3", "levels: 3.0", "19:16", "3.0 is not a whole number", "a whole number from 1 to 8"),
    ("hold_days: 7", "hold_days: '7'", "22:25", "'7' is not a whole number", "a whole number from 0 to 3650"),
    (
        "hold_days: 7",
        "hold_days: true",
        "22:25",
        "true is not a whole number",
        "a whole number from 0 to 3650",
    ),
    (
        "rounding: floor",
        "rounding: flor",
        "20:56",
        "'flor' is not known here (did you mean floor?)",
        "half_even, ceil",
    ),
    ("rounding: floor", "rounding: {9: floor}", "20:57", "9 cannot be a key here", "a whole number up to 8"),
    (
        "rounding: floor",
        "rounding: {1: up}",
        "20:60",
        "'up' is not known here",
        "floor, half_up, half_even, ceil",
    ),
    ("real_name: true", "real_name: yes", "23:76", "'yes' is not true or false", "true or false"),
    ('at: "02:00"', "at: 25:00", "22:70", "'25:00' is not a time of day", 'a time of day such as "02:00"'),
    (
        "days: [0, 13]",
        "dates: [2026-02-30, 2026-03-01]",
        "18:26",
        "'2026-02-30' is not a day",
        "a date such as",
    ),
    ("days: [0, 13]", "dates: [20260301, 20260302]", "18:26", "20260301 is not a date", "a date such as"),
    ("days: [0, 13]", "days: [13, 0]", "18:5", "the first day must not be after the last, got [13, 0]", ""),
    ("days: [0, 13]", "days: 13", "18:24", "13 is not a list", "a list of 2"),
    (
        "keep: permanent",
        "keep: days:x",
        "7:43",
        "'days:x' is not known here",
        "permanent, last_click, days:N",
    ),
    ("plan: three_tier", "plan: a b", "1:7", "'a b' is not a name", "a name: a letter or Chinese character"),
    ("plan: three_tier", "plan: 3", "1:7", '3 is not text (write "3" in quotes)', "a name"),
    ("ranks:\n", "ranks: {}\nx:\n", "3:8", "{} is not a list", "a list of at least 1 and at most 32"),
    # parts that do not fit together
    ("id: promoter,", "id: member,", "5:10", "'member' is given twice", "each id once"),
    (
        "ranks: [partner]",
        "ranks: [partnr]",
        "13:72",
        "there is no rank 'partnr' (did you mean partner?)",
        "member, promoter",
    ),
    (
        "ranks: [promoter",
        "by_rank: {gold: {}}, ranks: [promoter",
        "11:75",
        "there is no rank 'gold'",
        "member, promoter",
    ),
    ("pay: 50", "pay: 50, ranks: [boss]", "15:66", "there is no rank 'boss'", "member, promoter, partner"),
    ("level: 1,", "level: 2,", "11:17", "level 2 is given and level 1 is not", "levels from 1 without a gap"),
    ("{from: 0,", "{from: 10,", "12:87", "the first bracket does not start at 0", "from: 0"),
    (
        "from: 50000",
        "from: 0",
        "12:108",
        "does not start above the one before it",
        "brackets in ascending order",
    ),
    ("id: streak", "id: newcomer", "16:10", "'newcomer' is given twice", "each id once"),
    (
        "{id: member}",
        "{id: member, demote: {months: 1, personal_volume: 1}}",
        "4:18",
        "it has no demote",
        "second rank",
    ),
    ("{id: member}", "{id: member, join: {orders: 1}}", "4:18", "it has no join", "from the second rank on"),
    (
        "promoted_volume: 50000",
        "team_size: 5",
        "6:40",
        "the key 'team_size' is not known here",
        "months, promoted_volume",
    ),
    (", promoted_volume: 50000", "", "6:28", "at least one of personal_volume, promoted_volume", ""),
    ("join: {orders: 1}", "join: {}", "5:26", "at least one of orders, spend, single_order", ""),
    (", days: 7", "", "16:5", "days is needed for promotion_streak and apprentice and for no other event", ""),
    # who is paid, and when that is fixed and checked
    ("self_purchase: none", "promoter_by: some", "21:115", "'some' is not known here", "spend_over:N"),
    (
        "self_purchase: none",
        "promoter_by: spend_over:x",
        "21:115",
        "'spend_over:x' is not known here",
        "with N in yuan",
    ),
    ("self_purchase: none", "promoter_by: spend_over:1.234", "21:115", "'1.234' is not an amount", "with N in yuan"),
    ("self_purchase: none", "eligible_at: []", "21:115", "[] is not known here", "create, pay, receipt, settle"),
    ("self_purchase: none", "eligible_at: [pay, later]", "21:121", "'later' is not known here", "receipt, settle"),
    (
        "upline_snapshot: pay",
        "upline_snapshot: {1: settle, 2: pay}",
        "20:117",
        "level 1 is fixed at settle, after those above it at pay",
        "not after that of level 2",
    ),
    (
        "upline_snapshot: pay",
        "upline_snapshot: {3: pay}",
        "20:118",
        "3 cannot be a key here",
        "a whole number up to 2",
    ),
    ("join: {orders: 1}", "join: {orders: 1, need: most}", "5:44", "'most' is not known here", "all, any"),
    ("join: {orders: 1}", "effective: later", "5:31", "'later' is not known here", "at_once, next_month"),
    ("settlement:", "disputes: {days: -1}\nsettlement:", "22:18", "-1 is too small", "from 0 to 3650"),
    ("tax: cn_platform_2025", "tax: cn_platform", "23:128", "'cn_platform' is not known here", "cn_labour"),
    (
        "tax: cn_platform_2025",
        "channel: wechat_2023",
        "23:132",
        "did you mean wechat_2024?",
        "per_payment, per_day, payments_per_day, shop_per_day; or wechat_2024",
    ),
    (
        "tax: cn_platform_2025",
        "channel: {minimum: 300, per_payment: 200}",
        "23:132",
        "minimum is above a limit: nothing could be paid",
        "",
    ),
    # knobs of arithmetic
    (
        "freight: exclude",
        "defects: [frieght_times_quantity]",
        "20:38",
        "(did you mean freight_times_quantity?)",
        "no_cl",
    ),
    ("freight: exclude", "discount_order: [coupon, points]", "20:44", "this key is missing", "reduction, coupon"),
    (
        "freight: exclude",
        "discount_order: [coupon, points, points]",
        "20:44",
        "each of reduction, coupon, points is needed once, got coupon, points, points",
        "a list of 3",
    ),
    (
        "freight: exclude",
        "discount_split: {cupon: double}",
        "20:45",
        "'cupon' cannot be a key here",
        "reduction, coupon, points, freight",
    ),
    ("freight: exclude", "discount_split: {coupon: up}", "20:53", "'up' is not known here", "half_up_each, double"),
    ("freight: exclude", "duration_months: -1", "20:45", "-1 is too small", "a whole number from 0 to 1200"),
    # YAML itself
    ("plan: three_tier", "\tplan: three_tier", "1:1", "'\\tplan: three_tier'", "indent with spaces"),
    ("plan: three_tier", "plan: three_tier\nplan: b", "2:1", "key 'plan' is given twice", "each key once"),
    (
        "plan: three_tier",
        "plan: !!python/name:os.system ''",
        "1:7",
        "tag !!python/name:os.system",
        "plain values",
    ),
    (
        "plan: three_tier",
        "? [a]\n: b",
        "1:3",
        "a list or mapping cannot be a key",
        "a name or a whole number",
    ),
]


WHOLE = [
    ("", "1:1", "the file is empty", "one YAML document"),
    ("- a\n- b", "1:1", "['a', 'b'] is not a mapping with keys", "the keys plan, title"),
    ("plan", "1:1", "'plan' is not a mapping with keys", "the keys plan, title"),
    ("ranks: [{id: a}]", "1:1", "a plan file needs the key plan", "plan: a name"),
    ("plan: a", "1:1", "ranks: this key is missing", "a list of at least 1 and at most 32"),
    ("plan: a\nranks: []", "2:8", "[] has too few items", "a list of at least 1 and at most 32"),
    (
        "plan: a\nranks: [{id: m}]\nsemantics: {rank_rate: multiply}\n"
        "commission: {base: {levels: [{level: 1, by_rank: {m: {default: {fixed: 1}}}}]}}",
        "4:64",
        "a fixed amount cannot multiply a rate (rank_rate: multiply)",
        "a percentage by which the rate is raised",
    ),
    ("plan: a\n---\nplan: b", "2:1", "a second document", "one document a file"),
    ("plan: a\nranks: " + "[" * 80, "2:71", "nested too deeply", "at most 64 levels"),
]


def refused(text: str, place: str, given: str, allowed: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_plan(text, "p.yaml")
    message = str(caught.value).splitlines()[0]
    assert message.startswith(f"p.yaml:{place}: ")
    assert given in message
    assert allowed in message
    assert caught.value.allowed or not allowed
    return caught.value


@pytest.mark.parametrize(("old", "new", "place", "given", "allowed"), CHANGED)
def test_a_mistake_in_a_plan_is_refused_at_its_place(contract, old, new, place, given, allowed):
    assert old in contract
    refused(contract.replace(old, new, 1), place, given, allowed)


@pytest.mark.parametrize(("text", "place", "given", "allowed"), WHOLE)
def test_what_is_no_plan_at_all_is_refused(text, place, given, allowed):
    refused(text, place, given, allowed)


def test_several_mistakes_are_one_message_that_lists_the_next_three(contract):
    text = contract.replace("8%", "800%", 1).replace("digital: 3%", "digital: x")
    text = text.replace("hold_days: 7", "hold_days: -1").replace("minimum: 100", "minimum: b")
    text = text.replace("levels: 3", "levels: 99")
    error = refused(text, "11:34", "'800%' is more than 100%", RATE)
    lines = str(error).splitlines()
    assert lines[1] == "and 4 more:"
    assert lines[2] == (
        "  11:49: commission.base.levels[0].rates.digital: "
        "'x' is not a rate such as 8% or 0.08 (at most four decimals of a percent)"
    )
    assert lines[3] == "  19:16: caps.levels: 99 is too large"
    assert lines[5] == "  … and 1 others"


def test_several_parts_that_do_not_fit_are_one_message(contract):
    text = contract.replace("ranks: [partner]", "ranks: [x]").replace("level: 1,", "level: 3,")
    error = refused(text, "11:17", "level 3 is given and level 2 is not", "levels from 1 without a gap")
    assert error.more == ("13:72: commission.team.ranks[0]: there is no rank 'x'",)
