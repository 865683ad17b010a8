"""A plan that is written is read back as the same plan."""

import random

import pytest
from random_worlds import random_plan

from rules.plan.read import read_plan
from rules.plan.write import write_plan
from scenarios.find import find, names


@pytest.mark.parametrize("name", names("plans"))
def test_every_shipped_plan_survives_writing(name: str) -> None:
    plan = read_plan(*find("plans", name))
    assert read_plan(write_plan(plan), name) == plan


def test_random_plans_survive_writing() -> None:
    for seed in range(100):
        plan = random_plan(random.Random(seed))
        assert read_plan(write_plan(plan), "random") == plan
