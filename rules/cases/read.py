"""Reading case files: checked like a plan, with the place of every mistake."""

from __future__ import annotations

from rules.cases.check import problems_of
from rules.cases.model import Case
from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.read import check_plan
from rules.plan.validate import refusal, validate
from rules.plan.yaml import Data, Document, Path, read_yaml


def read_cases(text: str, name: str) -> list[Case]:
    """The cases of a file.

    Args:
        text: what the file holds: a list of cases.
        name: the file name that messages begin with.

    Raises:
        InputError: with line and column, what was given and what is allowed.
    """
    document = read_yaml(text, name)
    if not isinstance(document.data, list) or not document.data:
        raise InputError("the file holds no list of cases", document.place(), "a list; each case begins with - name:")
    return [parse_case(data, document, (number,)) for number, data in enumerate(document.data)]


def parse_case(data: Data, document: Document | None = None, path: Path = ()) -> Case:
    """One case in plain data; `document` and `path` say where it stands."""
    case = validate(Case, data, document, path)
    case._document, case._path = document, path
    if isinstance(case.plan, Plan):
        check_plan(case.plan, document, (*path, "plan"))
    for arm, plan in case.arms.items():
        if isinstance(plan, Plan):
            check_plan(plan, document, (*path, "arms", arm))
    for number, event in enumerate(case.events):
        if isinstance(event.plan, Plan):
            check_plan(event.plan, document, (*path, "events", number, "plan"))
    if problems := problems_of(case):
        raise refusal([problem.below(path) for problem in problems], document)
    return case
