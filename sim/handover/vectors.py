"""Conformance vectors: stories with the entries that must come out, to test an operator's own code against.

Stories are drawn at random around the edges of a plan. One is kept if it shows something that those before it do not:
a kind of entry for a kind of payee, a step of a calculation, a refusal. What is left of the wanted number of events is
filled with further stories. Both engines must agree on every story, or nothing is written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rules.cases.read import parse_case
from rules.cases.result import CaseResult
from rules.cases.run import run_case
from rules.errors import InputError
from rules.money import in_yuan
from rules.plan.model import Plan
from rules.plan.write import plan_data
from sim.handover.acts import Data
from sim.handover.palette import palette
from sim.handover.stories import Story

_NAMES = re.compile(r"[-−]?[\d,.]+%?|\b(M|N|O|W)\d+\b")


@dataclass
class Vectors:
    """Stories with expectations.

    Attributes:
        cases: in the format of case files.
        features: what the stories show, and how many show it.
    """

    cases: list[Data] = field(default_factory=list)
    features: Counter[str] = field(default_factory=Counter)
    events: int = 0

    def text(self) -> str:
        """The file: JSON, one case a line, which `fenxiao cases` reads too."""
        return "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in self.cases) + "\n]\n"


def make_vectors(
    plan: Plan, events: int, seed: int, progress: Callable[[int], None] = lambda done: None, length: int = 24
) -> Vectors:
    """Stories of about `length` events, `events` in all, that show as much of a plan as they can.

    Args:
        progress: is told how many events there are so far.
    """
    made, spare = Vectors(), list[tuple[Data, set[str]]]()
    values, data = palette(plan), plan_data(plan)
    number = 0
    while made.events + sum(_size(case) for case, _ in spare) < events:
        story = Story(plan, seed, number, values).tell(length)
        number += 1
        case, shown = _answered(story, data)
        if shown - made.features.keys():
            _keep(made, case, shown)
            progress(made.events)
        else:
            spare.append((case, shown))
    for case, shown in spare:
        _keep(made, case, shown)
    progress(made.events)
    return made


def _size(case: Data) -> int:
    events = case["events"]
    assert isinstance(events, list)
    return len(events)


def _keep(made: Vectors, case: Data, shown: set[str]) -> None:
    made.cases.append(case)
    made.features.update(shown)
    made.events += _size(case)


def _answered(story: Data, plan: Data) -> tuple[Data, set[str]]:
    """A story with what comes out of it, and what it shows."""
    story = {"name": story["name"], "plan": plan, "members": story["members"], "events": story["events"]}
    result = run_case(parse_case(story))
    if not result.passed:
        raise InputError(f"story {story['name']}: {'; '.join(result.problems)}")
    expect = {
        "entries": [_expected(entry.to_dict()) for entry in result.entries],
        "balances": {
            member: {part: in_yuan(amount) for part, amount in parts.items()}
            for member, parts in result.balances.items()
            if any(parts.values())
        },
        "refused": sorted({refused.event for refused in result.refused}),
    }
    return story | {"expect": expect}, set(_features(result))


def _expected(entry: Data) -> Data:
    """An entry as an expectation: every key that says something."""
    said = {name: entry[name] for name in ("order", "line", "member", "level", "component", "amount", "value")}
    return {name: value for name, value in said.items() if value not in (None, 0)}


def _features(result: CaseResult) -> Iterator[str]:
    """What a story shows, in words without its numbers and names."""
    for entry in result.entries:
        kind = f"{entry.bonus or entry.component}, level {entry.level}"
        yield f"{kind}{', taken back' if entry.amount < 0 else ''}"
        for step in entry.worked_out:
            yield f"{kind}: {_NAMES.sub('#', step['en'])}"
    for refused in result.refused:
        yield f"refused: {refused.reason}"
