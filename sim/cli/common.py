"""What commands share: finding plans and scenarios, options, JSON on standard output, all else on standard error."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import click
from click.core import ParameterSource
from rich.console import Console

from rules.errors import InputError
from rules.jit import is_cold
from rules.plan.model import Plan
from rules.plan.notes import notes
from rules.plan.read import read_plan
from scenarios.find import find
from sim.defaults import SEED
from sim.experiments.metric_names import Lang, spoken
from sim.report.files import jsonable
from sim.scenario import Scenario, read_scenario

FILE = click.Path(path_type=Path, dir_okay=False)

json_option = click.option("--json", "as_json", is_flag=True, help="print one JSON object and nothing else")
lang_option = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", envvar="FENXIAO_LANG", help="language of tables and words"
)
seed_option = click.option("--seed", type=click.IntRange(0, 2**62), default=SEED, show_default=True, help="of all luck")
people_option = click.option("--people", type=click.IntRange(10, 50_000_000), help="size of the market")
days_option = click.option("--days", type=click.IntRange(1, 3_660), help="length of the run")
rulebook_option = click.option(
    "--rulebook", "rulebook_name", help="limits to hold it against; the scenario's if left out"
)
token_option = click.option(
    "--token", envvar="FENXIAO_TOKEN", show_envvar=True, help="that the shop asks for; better in the environment"
)
out_option = click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="folder for the results")


def load_plan(name: str) -> Plan:
    """A plan by its shipped name or its path."""
    return read_plan(*find("plans", name))


def load_scenario(name: str) -> Scenario:
    """A scenario by its shipped name or its path."""
    return read_scenario(*find("markets", name))


class Given(NamedTuple):
    """A market and a plan for it, with the size of a run."""

    market: Scenario
    plan: Plan
    people: int
    days: int


def given(scenario: str, plan_name: str | None, people: int | None, days: int | None) -> Given:
    """What a command was given by name; for what it was not, the scenario says: its first plan, its size."""
    market = load_scenario(scenario)
    return Given(market, load_plan(plan_name or market.plans[0]), people or market.people, days or market.days)


def refuse_beside(option: str, names: Iterable[str]) -> None:
    """Options that make a world have no place beside one that goes on from a file.

    Raises:
        InputError: one of these parameters was given on the command line, too.
    """
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            told = {"scenario": "a market", "seeds_by": "--cold-start"}.get(name, f"--{name}")
            raise InputError(f"{told} and {option} are both given", allowed="one of them: the file says what it was")


def tell(message: str) -> None:
    """A line for the person, on standard error."""
    print(message, file=sys.stderr)


def tell_written(path: Path, lang: Lang) -> None:
    """Where results are, on standard error."""
    tell({"en": f"written to {path}", "zh": f"已写入 {path}"}[lang])


def announce(plans: Mapping[str, Plan], lang: Lang) -> None:
    """Say what takes time before it does, and what has to be known of a plan."""
    if is_cold():
        tell(
            {
                "en": "compiling for this machine, once: up to 20 seconds",
                "zh": "首次运行：正在为本机编译，约 20 秒，仅此一次",
            }[lang]
        )
        from sim.warm import compile_everything

        compile_everything()
    for name, plan in plans.items():
        for note in notes(plan):
            tell(f"{name}: {spoken(note, lang)}")


def print_json(record: Mapping[str, object]) -> None:
    """One JSON object on standard output."""
    print(json.dumps(jsonable(record), ensure_ascii=False, allow_nan=False))


def console() -> Console:
    """Standard output for tables; wide enough for them where it is not a terminal."""
    screen = Console(highlight=False, soft_wrap=False)
    return screen if screen.is_terminal else Console(highlight=False, soft_wrap=False, width=120)


def command_line() -> str:
    """The command as it was typed, to repeat it; a token is left out."""
    typed, shown = iter(sys.argv[1:]), ["fenxiao"]
    for word in typed:
        if word == "--token":
            next(typed, None)
        elif not word.startswith("--token="):
            shown.append(word)
    return shlex.join(shown)


def fresh_folder(folder: Path) -> Path:
    """A folder for results: made if it is not there.

    Raises:
        InputError: it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(
            f"cannot write to {folder}: {error.strerror}", allowed="a folder that can be written"
        ) from error
    return folder
