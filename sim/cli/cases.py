"""`fenxiao cases`: case files through both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from rich.text import Text as Styled

from rules.cases.read import read_cases
from rules.cases.result import CaseResult
from rules.cases.run import run_case
from scenarios.find import find, names
from sim.cli.common import console, json_option, lang_option, load_plan, print_json
from sim.experiments.metric_names import Lang


@click.command(help="Run case files, shipped ones by name: what must come out, to the cent, in both engines.")
@click.argument("paths", nargs=-1)
@lang_option
@json_option
def cases(paths: tuple[str, ...], lang: Lang, as_json: bool) -> int:
    """Run case files; without any, all that are shipped."""
    results = [
        (file, run_case(case, load_plan))
        for file in _files(paths or tuple(names("cases")))
        for case in read_cases(*find("cases", file))
    ]
    failed = [result for _, result in results if not result.passed]
    if as_json:
        told = [
            {"file": file, "name": one.name, "passed": one.passed, "problems": one.problems, "refusals": one.refusals}
            for file, one in results
        ]
        print_json({"passed": len(results) - len(failed), "failed": len(failed), "cases": told})
    else:
        _show(results, lang)
    return 1 if failed else 0


def _files(paths: tuple[str, ...]) -> Iterator[str]:
    """Files as they are, folders as the YAML files in them."""
    for path in paths:
        if Path(path).is_dir():
            yield from (str(file) for file in sorted(Path(path).rglob("*.yaml")))
        else:
            yield path


def _show(results: list[tuple[str, CaseResult]], lang: Lang) -> None:
    screen = console()
    for file, result in results:
        mark, style = ("✓", "green") if result.passed else ("✗", "bold red")
        screen.print(Styled(f"{mark} {result.name}", style=style), Styled(f"  {file}", style="dim"))
        for problem in result.problems:
            screen.print(Styled(f"    {problem}", style="red"))
        if not result.passed:
            for entry in result.entries:
                why = " ".join(step[lang] for step in entry.worked_out)
                screen.print(
                    Styled(f"    {entry.member} {entry.component} {entry.amount / 100:.2f}: {why}", style="dim")
                )
    passed = sum(result.passed for _, result in results)
    words = {
        "en": f"{passed} passed, {len(results) - passed} failed",
        "zh": f"通过 {passed}，失败 {len(results) - passed}",
    }
    screen.print(Styled(words[lang], style="bold"))
