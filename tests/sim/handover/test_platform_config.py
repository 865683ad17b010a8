"""Platforms' configurations: read as plans, written back, and what hostile files are told."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.errors import InputError
from rules.plan.read import read_plan
from rules.plan.write import write_plan
from scenarios.find import find, names
from sim.handover.platform_config import CONVERTERS, plan_from, plan_to
from sim.handover.sql_rows import read_sql

Draw = Callable[[st.SearchStrategy], object]
DAYS, CENTS, WHOLE = st.integers(0, 400), st.integers(0, 10**7), st.integers(0, 100)
POINTS = st.integers(0, 10_000).map(lambda hundredths: f"{hundredths // 100}.{hundredths % 100:02d}")
YUAN = CENTS.map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
SWITCH = st.sampled_from([0, 1])
RANKS = st.lists(st.sampled_from(["银牌", "金牌", "v3", "gold"]), unique=True, max_size=3)


def settings_of(**keys: st.SearchStrategy) -> st.SearchStrategy:
    """Any of a platform's settings, some of them missing."""
    return st.fixed_dictionaries({}, optional=keys)


def levels_of(first: str, second: str, **more: st.SearchStrategy) -> st.SearchStrategy:
    row = st.fixed_dictionaries({first: POINTS, second: POINTS, **more})
    return RANKS.flatmap(
        lambda ids: st.tuples(*([row] * len(ids))).map(
            lambda rows: [{"name": one, **cells} for one, cells in zip(ids, rows, strict=True)]
        )
    )


CONFIGS = {
    "yudao": settings_of(
        brokerageEnabled=st.booleans(),
        brokerageEnabledCondition=st.sampled_from([1, 2]),
        brokerageBindMode=st.sampled_from([1, 2, 3]),
        brokerageFirstPercent=WHOLE,
        brokerageSecondPercent=WHOLE,
        brokerageWithdrawMinPrice=CENTS,
        brokerageWithdrawFeePercent=WHOLE,
        brokerageFrozenDays=DAYS,
    ),
    "crmeb_php": settings_of(
        brokerage_func_status=SWITCH,
        store_brokerage_statu=st.sampled_from([1, 2, 3]),
        store_brokerage_price=YUAN,
        brokerage_level=st.sampled_from([1, 2]),
        brokerage_bindind=st.sampled_from([1, 2]),
        store_brokerage_binding_status=st.sampled_from([1, 2, 3]),
        store_brokerage_binding_time=DAYS,
        is_self_brokerage=SWITCH,
        store_brokerage_ratio=POINTS,
        store_brokerage_two=POINTS,
        user_brokerage_type=SWITCH,
        head_commission=POINTS,
        extract_time=DAYS,
        user_extract_min_price=YUAN,
        withdrawal_fee=POINTS,
        agent_level=levels_of("one_brokerage_percent", "two_brokerage_percent"),
    ),
    "crmeb_java": settings_of(
        brokerageFuncStatus=SWITCH,
        storeBrokerageStatus=st.sampled_from([1, 2]),
        storeBrokerageQuota=st.one_of(st.just("-1"), YUAN),
        storeBrokerageRatio=st.one_of(st.just(""), WHOLE),
        storeBrokerageTwo=WHOLE,
        brokerageBindind=SWITCH,
        userExtractMinPrice=YUAN,
        extractTime=DAYS,
    ),
    "likeshop": settings_of(
        is_open=SWITCH,
        level=st.sampled_from([1, 2]),
        apply_condition=st.sampled_from([1, 2]),
        settlement_days=DAYS,
        min_withdraw=YUAN,
        max_withdraw=YUAN,
        poundage=POINTS,
        distribution_level=levels_of("first_ratio", "second_ratio", is_default=SWITCH),
    ),
    "dub": st.fixed_dictionaries(
        {
            "reward": st.one_of(
                st.fixed_dictionaries({"type": st.just("percentage"), "amount": POINTS}),
                st.fixed_dictionaries({"type": st.just("flat"), "amount": CENTS}, optional={"maxDuration": DAYS}),
            )
        },
        optional={
            "referral": st.fixed_dictionaries({"type": st.just("commissionEarned"), "amount": POINTS}),
            "holdingPeriodDays": DAYS,
            "minPayoutAmount": CENTS,
        },
    ),
}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", CONVERTERS)
def test_a_plan_that_a_platform_can_express_comes_back(name: str, data: st.DataObject) -> None:
    config = data.draw(CONFIGS[name].filter(bool))
    if not any(value not in ([], None) for value in config.values()):
        return
    plan = plan_from(name, json.dumps(config), "given.json").plan
    written = plan_to(name, plan)
    assert not written.lost
    assert plan_from(name, json.dumps(written.config), "written.json").plan == plan
    assert read_plan(write_plan(plan), "plan.yaml") == plan


@pytest.mark.parametrize("name", names("platforms"))
def test_every_shipped_configuration_is_read(name: str) -> None:
    taken = plan_from(name, *find("platforms", name))
    assert taken.plan.platform == name
    assert taken.plan.commission.base


def test_an_sql_dump_of_yudao() -> None:
    taken = plan_from("yudao", *find("platforms", "yudao"))
    rates = [level.rates["default"].rate for level in taken.plan.commission.base.levels]
    assert rates == [100_000, 50_000]
    assert (taken.plan.withdrawal.minimum, taken.plan.withdrawal.fee) == (1000, 10_000)
    assert taken.plan.semantics.promoter_by == ("appointed", 0)
    assert "after_sale_refund_reasons" in taken.notes[0]


def test_rows_of_crmeb_have_json_values() -> None:
    plan = plan_from("crmeb_php", *find("platforms", "crmeb_php")).plan
    assert plan.semantics.promoter_by == ("spend_over", 50_000)
    assert plan.attribution.keep == ("days", 90)
    assert [rank.id for rank in plan.ranks] == ["member", "银牌", "金牌"]


def test_sql_rows_keep_quotes_escapes_and_commas() -> None:
    text = r"""/* a; 'b' */ INSERT INTO `db`.`t` (`a`,`b`,c) VALUES (1,'it''s, (x)\n',NULL),(-2.50,b'1',NOW());"""
    rows = read_sql(text, "d.sql")["t"]
    assert [[cell.text for cell in row.values()] for row in rows] == [["1", "it's, (x)\n", None], ["-2.50", "1", None]]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("yudoa", "{}", "there is no platform 'yudoa' (did you mean yudao?)"),
        ("yudao", "{}", "c:1:1: no setting in the file is one of yudao; allowed: such as brokerage_enabled"),
        ("yudao", '{"site": 1}', "c:1:1: no setting in the file is one of yudao"),
        ("yudao", '{\n "brokerageFirstPercent": 12.5}', "c:2:27: brokerage_first_percent: '12.5' cannot be used"),
        ("yudao", '{\n\t"brokerageBindMode": 9}', "c:2:23: brokerage_bind_mode: '9' cannot be used; allowed: 1, 2, 3"),
        ("yudao", '{"brokerageFirstPercent": 1', "c:1:"),
        ("yudao", "[1]", "c:1:2: 1 is no row"),
        ("yudao", "SELECT 1;", "c: no settings were found: no INSERT statements of trade_config"),
        ("yudao", "INSERT INTO trade_config (a) VALUES (1,2)", "c:1:37: the row has 2 values for 1 columns"),
        ("yudao", "INSERT INTO trade_config VALUES (1)", "c:1:33: the columns of this row are not known"),
        ("yudao", "INSERT INTO trade_config (a) VALUES (1", "c:1:39: the dump breaks off where ) should stand"),
        ("yudao", "INSERT INTO trade_config (a) SELECT 1", "c:1:30: 'SELECT' stands where VALUES should"),
        (
            "crmeb_php",
            '[{"menu_name": "store_brokerage_ratio", "value": "x"}]',
            "c:1:50: store_brokerage_ratio: 'x' cannot",
        ),
        ("crmeb_php", '[{"name": 1}]', "c:1:11: a row of settings has no name and value"),
        ("crmeb_java", '[{"name": "extractTime", "value": "-1"}]', "c:1:35: extract_time: '-1' cannot be used"),
        ("likeshop", '{"level": 3}', "c:1:11: level: '3' cannot be used; allowed: 1, 2"),
        ("dub", '{"reward": {"type": "percentage", "amount": 101}}', "c:1:45: reward.amount: '101' cannot be used"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(name: str, text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        plan_from(name, text, "c")
    assert str(refused.value).startswith(said)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("insert into values()`'\",;-/*#\\ \n01btrade_config[]{}:"), max_size=120))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    for start in ("", "INSERT INTO trade_config (brokerage_enabled) VALUES (", "{"):
        try:
            plan_from("yudao", start + text, "c")
        except InputError:
            continue


def test_a_level_named_twice_is_refused() -> None:
    rows = [{"name": "银牌", "first_ratio": "1", "second_ratio": "1"}] * 2
    with pytest.raises(InputError, match="the settings make no plan"):
        plan_from("likeshop", json.dumps({"is_open": 1, "distribution_level": rows}), "c")


def test_what_a_platform_cannot_express_is_listed() -> None:
    plan = read_plan(*find("plans", "three_tier"))
    lost = {one.path for one in plan_to("yudao", plan).lost}
    assert {"commission.ladder", "commission.team", "caps.levels", "caps.order_ratio", "bonuses"} <= lost


def test_rates_by_category_and_a_half_percent_are_lost() -> None:
    plan = read_plan(
        "plan: p\nplatform: yudao\nranks: [{id: member}]\n"
        "commission: {base: {levels: [{level: 1, rates: {food: 3%, default: 12.5%}}]}}\n",
        "p.yaml",
    )
    written = plan_to("yudao", plan)
    assert written.config["brokerageFirstPercent"] == 12
    assert {one.path for one in written.lost} >= {"commission.base.levels"}
