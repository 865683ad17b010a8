"""Every fault has a name, words in both languages, a bit of its own, and a case that shows it beside what is right."""

from typing import get_args

from rules.cases.read import read_cases
from rules.plan.defects import DEFECTS, Defect, bits
from rules.plan.model import Plan
from scenarios.find import find


def test_every_fault_is_in_the_table_with_words_and_a_bit():
    assert tuple(DEFECTS) == get_args(Defect)
    assert len({bits([name]) for name in DEFECTS}) == len(DEFECTS)
    assert bits(DEFECTS) == 2 ** len(DEFECTS) - 1
    assert bits(["no_clawback", "no_clawback"]) == bits(["no_clawback"])
    for fault in DEFECTS.values():
        assert fault.platform and fault.source and fault.what.zh and fault.what.en  # noqa: PT018


def test_every_fault_has_a_case_beside_the_right_result():
    cases = read_cases(*find("cases", "knobs"))
    plans = [case.plan for case in cases if isinstance(case.plan, Plan)]
    shown = {name for plan in plans for name in plan.semantics.defects}
    assert shown == set(DEFECTS)
    stories = {}
    for case in cases:
        told = tuple(event.model_dump_json() for event in case.events)
        stories.setdefault(told, set()).add(bool(case.plan.semantics.defects))
    faulty = [both for both in stories.values() if True in both]
    assert all(both == {True, False} for both in faulty), "a fault without the right result on the same events"
