"""One watch for all: a run, its replay and every replication of a comparison come to the same findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import model, plan, scenario

from rules.compliance.rulebook import Rulebook, read_rulebook
from rules.plan.model import Plan
from scenarios.find import find
from sim.compliance.past import evidence_of
from sim.experiments.compare import Experiment, run_experiment
from sim.experiments.replication import outcome_of
from sim.experiments.verdicts import held_against
from sim.history.log import LogWriter
from sim.history.shipped import past_of_folder

pytestmark = pytest.mark.many

LIMITS = {
    "levels": 1,
    "paid_persons": 1,
    "order_ratio": "5%",
    "person_ratio": "4%",
    "team_share": "1%",
    "team_pay": 0,
    "recruit_pay": 0,
    "own_sales_ratio": "15%",
    "tree_people": 4,
    "inside_share": "10%",
}


def rulebook(**limits: object) -> Rulebook:
    """A rule for each measure, named after it."""
    rules = [
        {"id": name, "title": {"zh": name, "en": name}, "measure": name, "limit": limit, "source": "a test"}
        for name, limit in limits.items()
    ]
    book = {"rulebook": "narrow", "title": {"zh": "窄", "en": "narrow"}, "checked": "2026-11-22", "rules": rules}
    return Rulebook.model_validate(book)


def everything() -> Plan:
    """The plan `three_tier` with a second level, team pay and a bonus for recruiting."""
    data = plan().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["commission"]["base"]["levels"].append({"level": 2, "rates": {"default": "2%"}})
    data["caps"]["levels"] = 2
    data["commission"]["team"] = {"period": "month", "rate": "2%"}
    data["bonuses"] = [*data.get("bonuses", []), {"id": "hi", "event": "register", "to": "inviter", "pay": 1}]
    return Plan.model_validate(data | {"plan": "everything"})


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory):
    """A world that was run and written, and its outcome."""
    folder: Path = tmp_path_factory.mktemp("run")
    world = model(people=4_000, days=75, seed=3, plan=everything())
    with LogWriter(folder, world.names, world.store.book.members.copy(), world.world.start) as log:
        world.sink = log.write
        world.run()
    return folder, outcome_of(world, 3, 0.0)


def test_a_run_and_its_replay_give_the_same_evidence(watched):
    folder, outcome = watched
    past = past_of_folder(folder)
    again = evidence_of(past.log, everything(), past.start_day, past.opening)
    assert again == outcome.observed
    told = [
        held_against(rulebook(**LIMITS), "x", everything(), [one], scenario().start)
        for one in (again, outcome.observed)
    ]
    assert told[0] == told[1]


def test_a_world_in_which_everything_happens_breaks_every_narrow_rule(watched):
    found = held_against(rulebook(**LIMITS), "x", everything(), [watched[1].observed], scenario().start)
    assert {rule.id: rule.verdict for rule in found.rules} == dict.fromkeys(LIMITS, "fail")
    for rule in found.rules:
        assert rule.first_day >= scenario().start.isoformat(), rule.id
        assert rule.people > 0, rule.id


def test_a_comparison_holds_the_worst_of_all_replications():
    book = rulebook(tree_people=2, recruit_pay=0)
    arms = (("everything", everything()), ("three_tier", plan()))
    results = run_experiment(Experiment(scenario(), arms, 800, 30, 7, 2))  # which keeps the worst alone
    comparison, verdicts = results.compared(book)
    by_arm = {found.arm: {rule.id: rule for rule in found.rules} for found in verdicts}
    market = Experiment(scenario(), arms, 800, 30, 7, 2)
    seen = [market.case(0, number).run().observed.measures["tree_people"].value for number in (0, 1)]
    assert by_arm["everything"]["tree_people"].worst == str(max(seen))
    assert by_arm["everything"]["recruit_pay"].verdict == "fail"
    assert by_arm["three_tier"]["recruit_pay"].verdict == "pass"
    assert comparison.winner.arm != "everything"


@pytest.fixture(scope="module")
def contest():
    """A plan that pays nobody anything, and one that sells more by breaking every narrow rule."""
    nothing = Plan.model_validate({"plan": "nothing", "ranks": [{"id": "member"}]})
    return run_experiment(
        Experiment(scenario(), (("nothing", nothing), ("everything", everything())), 4_000, 75, 5, 12)
    )


def test_without_a_rulebook_the_better_plan_wins(contest):
    assert contest.compared(None)[0].winner.arm == "everything"


@pytest.mark.parametrize("measure", [name for name in LIMITS if name != "tree_people"])
def test_a_plan_in_breach_of_any_measure_cannot_win(contest, measure: str):
    """Trees grow under either plan, so that measure tells nothing here."""
    comparison, verdicts = contest.compared(rulebook(**{measure: LIMITS[measure]}))
    assert [found.verdict for found in verdicts] == ["unknown", "violated"]
    assert set(comparison.breaches) == {"everything"}
    assert (comparison.winner.arm, comparison.winner.reason) == (None, "breach")


def test_the_shipped_rulebooks_are_answered_in_full(watched):
    for name in ("house", "house_strict"):
        shipped = read_rulebook(*find("rulebooks", name))
        found = held_against(shipped, "x", everything(), [watched[1].observed], scenario().start)
        assert all(rule.verdict != "unknown" for rule in found.rules)
