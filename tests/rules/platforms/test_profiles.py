"""A plan that names a platform: what the profile fills in, what the plan states, and what is written back."""

from __future__ import annotations

import random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import random_plan

from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.read import parse_plan, read_plan
from rules.plan.write import plan_data, write_plan
from rules.platforms import PLATFORMS
from rules.platforms.profile import PlatformName

SOME = "plan: shop\nplatform: likeshop\nranks: [{id: member}]\n"


def test_every_name_has_a_profile_of_that_name() -> None:
    assert set(get_args(PlatformName)) == set(PLATFORMS)
    assert all(name == profile.name and profile.source for name, profile in PLATFORMS.items())


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_profile_fills_in_everything_it_states(name: PlatformName) -> None:
    """Its sections read as they stand, against the same sections written into a plan without a platform."""
    profile = parse_plan({"platform": name, "ranks": [{"id": "member"}]})
    sections = {section: dict(stated) for section, stated in PLATFORMS[name].sections.items()}
    stated = parse_plan({"ranks": [{"id": "member"}], **sections})
    assert profile.model_copy(update={"platform": None, "plan": stated.plan}) == stated
    assert profile != Plan.model_validate({"ranks": [{"id": "member"}], "platform": None})


def test_a_key_that_the_plan_states_wins_and_the_others_stay() -> None:
    plan = read_plan(SOME + "semantics: {rounding: floor}\nsettlement: {hold_days: 3}\n", "shop.yaml")
    assert plan.semantics.rounding == "floor"
    assert plan.semantics.partial_refund == "cancel_line"
    assert plan.settlement.hold_days == 3
    assert plan.settlement.cycle.at == 0


def test_a_stated_key_that_is_the_usual_default_but_not_the_profiles_is_written() -> None:
    plan = read_plan(SOME + "semantics: {rounding: floor, partial_refund: cancel_line}\n", "shop.yaml")
    assert plan_data(plan) == {
        "plan": "shop",
        "platform": "likeshop",
        "ranks": [{"id": "member"}],
        "semantics": {"rounding": "floor"},
    }


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(PLATFORMS)))
def test_a_plan_with_a_platform_survives_writing(seed: int, name: PlatformName) -> None:
    """Whatever it states: of a random plan's keys some are those of the profile, some the usual defaults."""
    plan = random_plan(random.Random(seed)).model_copy(update={"platform": name})
    assert read_plan(write_plan(plan), "written") == plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SOME.replace("likeshop", "likesohp"),
            "shop.yaml:2:11: platform: 'likesohp' is not known here (did you mean lik",
        ),
        (SOME.replace("likeshop", "7"), "shop.yaml:2:11: platform: 7 is not known here"),
        (SOME + "semantics: {rounding: up}\n", "shop.yaml:4:23: semantics.rounding: 'up' is not known here"),
        (SOME + "semantics:\n  - floor\n", "shop.yaml:5:3: semantics: ['floor'] is not a mapping with keys"),
        (SOME + "settlement: {hold: 3}\n", "shop.yaml:4:14: settlement.hold: the key 'hold' is not known here"),
    ],
)
def test_mistakes_keep_their_line(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_plan(text, "shop.yaml")
    assert str(refused.value).startswith(said)
