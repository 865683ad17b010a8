import re
from pathlib import Path

from sim.experiments.metric_names import METRICS, NAMES, Better, Unit, metric

CONTRACT = (
    "gmv, orders, average_order_value, active_buyers, new_members, shares, clicks, click_to_register, "
    "register_to_order, fission_k, repurchase_rate, commission, payout_ratio, payout_realised, "
    "acquisition_cost, lifetime_value, contribution, retention_30, promoter_churn, income_gini, "
    "promoters_without_income, refund_rate, fraud_loss, wallet_liability, distribution_share"
)


def test_names_are_those_of_the_contract_in_order():
    assert ", ".join(NAMES) == CONTRACT


def test_every_metric_has_words_in_both_languages():
    for known in METRICS.values():
        for text in (known.title, known.formula):
            assert re.search(r"[\u4e00-\u9fff]", text.zh)
            assert text.en
            assert not re.search(r"[\u4e00-\u9fff]", text.en)


def test_titles_are_told_apart_and_short_enough_for_a_table():
    assert len({m.title.zh for m in METRICS.values()}) == len(METRICS)
    assert len({m.title.en for m in METRICS.values()}) == len(METRICS)
    assert max(len(m.title.en) for m in METRICS.values()) <= 24


def test_an_unknown_metric_is_shown_under_its_own_name():
    other = metric("open_rate")
    assert (other.title.zh, other.title.en) == ("open_rate", "open_rate")
    assert (other.unit, other.better) == (Unit.index, Better.neutral)


def test_the_source_has_no_ascii_punctuation_between_chinese_words():
    source = Path("sim/experiments/metric_names.py")
    if source.exists():
        assert not re.search(r"[\u4e00-\u9fff][,:;][\u4e00-\u9fff]", source.read_text(encoding="utf-8"))
