"""The large proof that both engines are one: a million random events, hundreds of plans, every pair of knob values.

`make proof` runs it (minutes); `--events N` makes it shorter or longer. Logs are cut into batches at random. A failing
seed is printed, and `--seed` runs that one alone.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Literal, get_args, get_origin

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np  # noqa: E402
from engines_agree import BALANCES, assert_same  # noqa: E402
from random_worlds import MEMBERS, NAMES, START_DAY, random_arms, random_log, random_plan  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import Progress  # noqa: E402

from rules.engine import Engine  # noqa: E402
from rules.plan.model import Plan  # noqa: E402
from rules.plan.semantics import Semantics  # noqa: E402
from rules.records import Component  # noqa: E402
from rules.trace import ReadableEngine  # noqa: E402

Setting = tuple[str, str]
LONGEST = 240
"""Events of a log, at the most."""


def knobs() -> dict[str, set[str]]:
    """Every knob of a plan's semantics that chooses between words, and its words."""
    found = {}
    for name, field in Semantics.model_fields.items():
        words = {str(word) for word in _words(field.annotation)}
        if len(words) > 1:
            found[name] = words
    return found


def _words(kind: object) -> Iterator[object]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    elif get_origin(kind) not in (list, dict, tuple):
        for part in get_args(kind):
            yield from _words(part)


def settings_of(plan: Plan) -> list[Setting]:
    """The words a plan's knobs are set to."""
    return [(name, str(value)) for name in KNOBS if (value := str(getattr(plan.semantics, name))) in KNOBS[name]]


KNOBS = knobs()


def pairs_wanted() -> set[tuple[Setting, Setting]]:
    """Every pair of values of two knobs."""
    return {((one, a), (other, b)) for one, other in combinations(KNOBS, 2) for a in KNOBS[one] for b in KNOBS[other]}


def check(seed: int) -> tuple[list[Plan], int, np.ndarray]:
    """One world through both engines: its plans, how many events, the compiled engine's entries.

    Raises:
        AssertionError: the engines differ, or money came or went.
    """
    luck = random.Random(seed)
    plans = [random_plan(luck, number) for number in range(2)]
    world = (plans, NAMES, MEMBERS, START_DAY, random_arms(luck))
    log = random_log(luck, luck.randint(1, LONGEST))
    compiled, whole = (Engine.open(*world) for _ in range(2))
    readable = ReadableEngine(*world)
    cuts = sorted(luck.randint(0, len(log)) for _ in range(luck.randint(0, 6)))
    for piece in np.split(log, cuts):
        compiled.apply(piece)
    whole.apply(log)
    readable.apply(log)
    assert_same(compiled, readable)
    entries = compiled.book.rows("entries")
    assert (whole.book.rows("entries") == entries).all(), "cutting the log changed the entries"
    assert (whole.book.members == compiled.book.members).all(), "cutting the log changed the members"
    for number in range(MEMBERS):
        row = compiled.book.members[number]
        own = entries["amount"][entries["member"] == number].sum()
        in_hand = sum(int(row[name]) for name in BALANCES[:-1])
        assert in_hand == own == int(row["earned"]), f"money of member {number} came or went"
    return plans, len(log), entries


def main() -> int:
    """The command: 0 if every world agreed and every pair of knob values was there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="events at the least (default: a million)")
    parser.add_argument("--start", type=int, default=0, help="first seed (default: 0)")
    parser.add_argument("--seed", type=int, help="run this seed alone")
    options = parser.parse_args()
    if options.seed is not None:
        check(options.seed)
        print(f"seed {options.seed}: the engines agree")
        return 0
    begin, seed, events, plans, entries = time.perf_counter(), options.start, 0, 0, 0
    missing, components = pairs_wanted(), set[int]()
    wanted = len(missing)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("events", total=options.events)
        while events < options.events or (missing and plans < 3_000):
            try:
                made, count, found = check(seed)
            except Exception as error:
                print(f"seed {seed} fails: {type(error).__name__}: {error}")
                print(f"again: python tests/proof/engines.py --seed {seed}")
                return 1
            for plan in made:
                missing -= set(combinations(settings_of(plan), 2))
            components |= set(found["component"].tolist())
            events, plans, entries, seed = events + count, plans + len(made), entries + len(found), seed + 1
            bar.update(task, completed=events)
    unseen = {one.name for one in Component} - {Component(one).name for one in components}
    print(
        f"{events:,} events, {plans:,} plans, {entries:,} entries in {time.perf_counter() - begin:.0f} s: the engines "
        f"agree; {wanted - len(missing):,} of {wanted:,} pairs of knob values; "
        f"components not seen: {', '.join(sorted(unseen)) or 'none'}"
    )
    return 1 if missing or unseen else 0


if __name__ == "__main__":
    sys.exit(main())
