"""Whatever is given as a file, the answer is data or an `InputError`, never a traceback."""

from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.cases.read import read_cases
from rules.compliance.rulebook import read_rulebook
from rules.errors import InputError
from rules.plan.read import parse_plan, read_plan
from rules.plan.yaml import read_yaml
from sim.scenario import read_scenario

HERE = Path(__file__).parent
CONTRACT = (HERE / "contract_plan.yaml").read_text("utf-8")
CASES = (HERE.parent / "cases" / "contract_cases.yaml").read_text("utf-8")

TOKENS = [
    "{",
    "}",
    "[",
    "]",
    ": ",
    ", ",
    "- ",
    "\n",
    "  ",
    "? ",
    "|",
    ">",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "%",
]
TOKENS += [
    "'",
    '"',
    "#",
    "---",
    "...",
    "\t",
    "@",
    "`",
    "0",
    "8%",
    "1.5",
    "~",
    "true",
    "rate",
    "fixed",
    "ranks",
    "级",
]
garbage = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(TOKENS), max_size=60).map("".join))
leaf = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.decimals(allow_nan=True),
    st.text(max_size=8),
    st.sampled_from(["8%", "800%", "member", "floor", "days:7", "02:00", "2026-01-05", Decimal("0.05"), "order"]),
)
data = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.text(max_size=6), st.integers(-9, 9)), inner, max_size=4),
    ),
    max_leaves=12,
)


def survives(read, *given):
    try:
        read(*given)
    except InputError as refusal:
        str(refusal)


@pytest.mark.parametrize("read", [read_plan, read_cases, read_rulebook, read_scenario])
@given(text=garbage)
@settings(max_examples=60, deadline=None)
def test_garbage_is_read_or_refused(read, text):
    survives(read, text, "f.yaml")


def mutated(draw, text):
    """A text with a few pieces cut out, put in or doubled."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        middle = draw(
            st.one_of(st.just(""), st.just(text[start:end] * 2), st.sampled_from(TOKENS), st.text(max_size=4))
        )
        text = text[:start] + middle + text[end:]
    return text


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_mutations_of_the_contract_plan_are_read_or_refused(source):
    survives(read_plan, mutated(source.draw, CONTRACT), "f.yaml")


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_mutations_of_the_contract_cases_are_read_or_refused(source):
    survives(read_cases, mutated(source.draw, CASES), "f.yaml")


def places(node, path=()):
    """Every path in some data."""
    yield path
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in inside:
        yield from places(child, (*path, step))


def replaced(node, path, new):
    """The data with the value at a path replaced."""
    if not path:
        return new
    step, *rest = path
    if isinstance(node, list):
        return [replaced(one, rest, new) if place == step else one for place, one in enumerate(node)]
    return {key: replaced(value, rest, new) if key == step else value for key, value in node.items()}


PLAN_DATA = read_yaml(CONTRACT, "f").data
CASE_DATA = read_yaml(CASES, "f")


@given(path=st.sampled_from(list(places(PLAN_DATA))), new=data)
@settings(max_examples=250, deadline=None)
def test_any_value_anywhere_in_a_plan_is_read_or_refused(path, new):
    survives(parse_plan, replaced(PLAN_DATA, path, new))


@given(path=st.sampled_from(list(places(CASE_DATA.data[0]))), new=data)
@settings(max_examples=150, deadline=None)
def test_any_value_anywhere_in_a_case_is_read_or_refused(path, new):
    from rules.cases.read import parse_case

    survives(partial(parse_case, document=CASE_DATA, path=(0,)), replaced(CASE_DATA.data[0], path, new))
