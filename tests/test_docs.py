"""The documentation is complete and true: ids, keys, metrics, files, and commands that run.

`python tests/test_docs.py` writes the table of metrics anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from test_readme import Block, run, work_place

from rules.plan import model
from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.metric_names import METRICS, Better, Unit
from sim.model import StoreModel
from sim.scenario import read_scenario

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
OWN = (
    *(
        "ADAPT",
        "ARCHITECTURE",
        "CAPACITY",
        "CLAIMS",
        "EXPERIMENTS",
        "FAULTS",
        "IMPORT",
        "LOAD",
        "MATCHING",
        "MISSION-COVERAGE",
        "RECONCILE",
        "RISK",
        "SPREAD",
        "STORE",
        "TRIALS",
        "WATCH",
    ),
    *("VALIDATION", "metrics", "plan"),
)
GUIDES = ("guide-operator", "guide-compliance", "guide-engineer", "guide-demo")
COUNTS = {"A": 13, "B": 10, "C": 18, "D": 14, "E": 14, "X": 12}
IDS = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
"""Every mechanism of the mission."""

_UNITS = {
    Unit.fen: "money",
    Unit.fen_each: "money, a mean",
    Unit.ratio: "ratio",
    Unit.index: "number",
    Unit.count: "count",
}
_BETTER = {Better.higher: "higher", Better.lower: "lower", Better.neutral: "–"}
_TABLE = re.compile(r"<!-- the table is written by `python tests/test_docs.py` -->\n(.*?)\n## ", re.DOTALL)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]


def test_every_mechanism_of_the_mission_has_one_row():
    found = [row for row in rows(page("MISSION-COVERAGE")) if re.fullmatch(r"[A-EX]\d+", row[0])]
    assert [row[0] for row in found] == IDS
    for _, state, shown, test, missing in found:
        assert state in {"yes", "part", "no"}
        assert bool(shown and test) == (state != "no")
        assert bool(missing) == (state != "yes")


def test_what_the_coverage_names_is_shipped():
    shipped = {file.stem for file in (ROOT / "scenarios").rglob("*.yaml")}
    named = r"(?:plan|market|rulebook|case)s? ((?:`\w+`(?:, | and )?)+)"
    for row in rows(page("MISSION-COVERAGE")):
        for listed in re.findall(named, " ".join(row)):
            assert set(re.findall(r"`(\w+)`", listed)) <= shipped, listed


def test_the_sum_of_the_coverage_is_right():
    text = page("MISSION-COVERAGE")
    states = [row[1] for row in rows(text) if row[0] in IDS]
    said = re.search(r"In all (\d+): (\d+) yes, (\d+) in part, (\d+) not yet", text)
    assert said
    assert [int(n) for n in said.groups()] == [len(IDS), *(states.count(state) for state in ("yes", "part", "no"))]


def sections() -> list[type[BaseModel]]:
    """The sections of a plan file, from the model itself."""
    found: list[type[BaseModel]] = []

    def visit(kind: object) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in found:
            found.append(kind)
            for field in kind.model_fields.values():
                visit(field.annotation)
        for part in get_args(kind):
            visit(part)

    visit(model.Plan)
    return found


def literals(kind: object) -> list[str]:
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    return [word for part in get_args(kind) for word in literals(part)]


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.__name__)
def test_every_key_and_every_word_of_a_plan_is_explained(section):
    text = page("plan")
    for name, field in section.model_fields.items():
        key = field.alias or name
        assert re.search(rf"`{key}`|[{{ ]{key}:|^#+ {key}$", text, re.MULTILINE), f"{section.__name__}.{key}"
        for word in literals(field.annotation):
            assert f"`{word}`" in text, f"{section.__name__}.{key}: {word}"


def metrics_table() -> str:
    lines = ["| metric | 中文 | formula | unit | better |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{one.name}` {one.title.en} | {one.title.zh} | {one.formula.en}<br>{one.formula.zh} "
        f"| {_UNITS[one.unit]} | {_BETTER[one.better]} |"
        for one in METRICS.values()
    ]
    return "\n".join(lines) + "\n"


def test_the_table_of_metrics_is_that_of_the_program():
    found = _TABLE.search(page("metrics"))
    assert found
    assert found[1].strip() == metrics_table().strip(), "`python tests/test_docs.py` writes it anew"


@pytest.mark.parametrize("name", [*OWN, *GUIDES])
def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#]+)\)", page(name)):
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("name", [*OWN, *GUIDES])
def test_no_address_of_a_machine_or_a_registry(name):
    text = page(name)
    assert not re.search(r"(?<![\w.])/(home|root|work|Users|tmp|opt|mnt)/", text)
    assert not re.search(r"https?://|pypi", text, re.IGNORECASE)


@pytest.mark.parametrize("name", [*OWN, *GUIDES])
def test_commands_that_are_named_exist(name):
    from sim.cli import COMMANDS

    commands = re.findall(r"`fenxiao ([a-z-]+)|^fenxiao ([a-z-]+)", page(name), re.MULTILINE)
    assert {first or second for first, second in commands} <= set(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("name", GUIDES)
def test_every_command_of_the_guides_runs(name, tmp_path):
    place = work_place(tmp_path)
    for commands in re.findall(r"^```sh\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL):
        run(Block(commands, None), place, "en")


def test_the_program_in_the_guide_for_engineers_runs():
    said = said_by(programs()[0])
    assert isinstance(said, int)
    assert said > 0


def programs() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page("guide-engineer"), re.MULTILINE | re.DOTALL)


def said_by(script: str) -> object:
    """The one thing that a program prints."""
    said: list[object] = []
    exec(script, {"print": said.append, "__name__": "guide"})
    (only,) = said
    return only


def test_a_character_of_ones_own_takes_twenty_lines():
    """What it prints, with the host and without, is what the guide says."""
    _, script = programs()
    assert len([line for line in script.splitlines() if line.strip()]) <= 20
    said = re.search(r"It prints (\d+) shares; without her there are (\d+)", page("guide-engineer"))
    assert said
    alone = script.replace("Host(model, begin=7)\n", "")
    assert [int(number) for number in said.groups()] == [said_by(script), said_by(alone)]


def test_the_characters_in_the_guide_for_engineers_can_be_cast():
    (actors,) = re.findall(r"^```yaml\n(actors:.*?)^```", page("guide-engineer"), re.MULTILINE | re.DOTALL)
    text, name = find("markets", "three_tier")
    scenario = read_scenario(f"{text}\n{actors}", name)
    kinds = {one.kind for one in scenario.actors}
    others = {"grey_release", "influencer", "community_leader", "coupon_hunter"}
    assert kinds == {"ring", "operator", "learner"} | others
    model = StoreModel(scenario=scenario, plan=read_plan(*find("plans", "three_tier")), people=2_000, days=60, seed=1)
    assert len(model.agents.characters) == 2 + 1 + 1 + 1 + 2 + 5 + 40


def test_pinned_versions_are_names_and_versions_only():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+", line) for line in lines)
    assert not any("://" in line for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines}
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    asked = re.findall(r'^\s*"([A-Za-z0-9._-]+)(?:\[\w+\])?>=', text.partition("[project.scripts]")[0], re.MULTILINE)
    asked += re.findall(r'app = \["([\w-]+)', text)
    assert asked
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in asked} - {"hatchling"} <= pinned


def write() -> None:
    text = page("metrics")
    marker = "<!-- the table is written by `python tests/test_docs.py` -->\n"
    before, _, after = text.partition(marker)
    rest = after[after.index("\n## ") :]
    (DOCS / "metrics.md").write_text(f"{before}{marker}\n{metrics_table()}{rest}", "utf-8")


if __name__ == "__main__":
    write()
