import math

import pytest

from sim.report.figures import change, figure, interval, money, p_value, percentage


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("gmv", 123_456_789_00, "¥123,456,789"),
        ("gmv", 999_99, "¥999.99"),
        ("average_order_value", 165_05.2, "¥165.05"),
        ("contribution", -5_000_00, "-¥5,000"),
        ("payout_ratio", 0.0794, "7.94%"),
        ("fission_k", 0.34212, "0.342"),
        ("orders", 1234, "1,234"),
        ("orders", 12.5, "12.5"),
        ("orders", 1234.5, "1,234"),
        ("gmv", None, "–"),
        ("fission_k", math.nan, "–"),
        ("no_such_metric", 2, "2.000"),
    ],
)
def test_values_as_shown(name, value, shown):
    assert figure(name, value) == shown


def test_exact_money_keeps_every_fen_of_large_whole_amounts():
    assert figure("gmv", 12_345_678_901_234_567, exact=True) == "¥123,456,789,012,345.67"
    assert money(-1, exact=True) == "-¥0.01"


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("gmv", 5_000_00, "+¥5,000", "+¥5,000"),
        ("gmv", -12_34, "-¥12.34", "-¥12.34"),
        ("payout_ratio", 0.0035, "+0.35 个百分点", "+0.35 pp"),
        ("payout_ratio", -1e-9, "0.00 个百分点", "0.00 pp"),
        ("orders", 0, "0", "0"),
        ("fission_k", None, "–", "–"),
    ],
)
def test_changes_carry_their_sign(name, value, zh, en):
    assert (change(name, value, "zh"), change(name, value, "en")) == (zh, en)


def test_intervals_percentages_and_p_values():
    assert interval("gmv", -100, 250_000_00) == "[-¥1.00, +¥250,000]"
    assert interval("payout_ratio", 0.001, 0.002) == "[+0.10, +0.20]"
    assert interval("gmv", None, None) == ""
    assert percentage(0.0316) == "+3.2%"
    assert percentage(None) == "–"
    assert (p_value(0.0004), p_value(0.0123), p_value(None)) == ("p < 0.001", "p = 0.012", "")
