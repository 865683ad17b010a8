"""Money in text: exact both ways, in every dress, and refused where it is anything else."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import MAX_AMOUNT, in_yuan, yuan
from sim.history.cells import ABSENT
from sim.imports.amounts import exact_sum, fen_of, normal, whole_of

AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT)
FULL = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


def read(*texts, in_fen=False):
    return fen_of(normal(pa.array(texts, pa.string())), in_fen).tolist()


@given(st.lists(AMOUNTS, max_size=20))
def test_an_amount_as_text_is_the_same_amount(amounts):
    for write in (in_yuan, yuan, lambda fen: yuan(fen).translate(FULL), lambda fen: f" {in_yuan(fen)}元 "):
        assert read(*map(write, amounts)) == amounts
    assert read(*map(str, amounts), in_fen=True) == amounts


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("¥12", 1200),
        ("￥ 1,234.5", 123450),
        ("-¥3", -300),
        ("¥-3", -300),
        ("(3.00)", -300),
        ("RMB 5", 500),
        ("5 CNY", 500),
        ("1.10000", 110),
        ("−0.01", -1),
    ],
)
def test_the_same_in_other_clothes(text, fen):
    assert read(text) == [fen]


@pytest.mark.parametrize("text", ["", "-", "NULL", r"\N", "无", None, "  "])
def test_nothing_is_nothing(text):
    assert normal(pa.array([text], pa.string())).to_pylist() == [None]
    assert read(text) == [ABSENT]


@pytest.mark.parametrize(
    "text", ["1.234", "1e3", "1,23", "12,34.00", "1.2.3", "0x10", "１２a", "1 2", "Infinity", "1.5分"]
)
def test_what_is_no_amount(text):
    assert read(text) == [ABSENT]


def test_fen_are_whole():
    assert read("1,200", "12.00", "7分", in_fen=True) == [1200, 12, 7]
    assert read("12.5", in_fen=True) == [ABSENT]


def test_whole_numbers_have_bounds():
    cells = normal(pa.array(["1", "２", "3.0", "0", "-1", "9", "x", None]))
    assert whole_of(cells, 5).tolist() == [1, 2, 3, *[ABSENT] * 5]


@given(st.lists(AMOUNTS | st.just(ABSENT), max_size=50))
def test_sums_do_not_overflow(amounts):
    import numpy as np

    many = np.array(amounts * 1000, np.int64)
    assert exact_sum(many) == 1000 * sum(amount for amount in amounts if amount != ABSENT)
