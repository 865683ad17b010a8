"""`fenxiao replay --data` of a history that does not fit into memory: dealt out by tree of referral."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rules.compliance.rulebook import Rulebook
from rules.compliance.verdict import PlanVerdict
from rules.plan.model import Plan
from sim.cli.common import announce, console, fresh_folder, print_json, tell
from sim.experiments.metric_names import Lang, Text
from sim.rulebooks import proved

if TYPE_CHECKING:
    from sim.history.large.replay import LargeReplay
    from sim.history.replay import Shifts

_STEPS = {
    "members": Text("读取会员", "reading members"),
    "lines": Text("按推荐树分发订单", "dealing out orders by tree of referral"),
    "parts": Text("逐份回放", "replaying part by part"),
}
_SIZE = Text(
    "{lines:,} 行订单，分 {parts} 份，最大的推荐树有 {largest:,} 人",
    "{lines:,} order lines in {parts} parts; the largest tree of referral has {largest:,} people",
)
_PARTS = 1_000
"""Steps of the bar."""


@dataclass(frozen=True)
class Output:
    """Where and how results are shown, and who makes them: processes here, or a Dask cluster."""

    workers: int
    dask: str | None
    out: Path | None
    lang: Lang
    as_json: bool


def replay_folder(folder: Path, plans: Sequence[Plan], rulebook: Rulebook | None, output: Output) -> int:
    """Replay a large folder under plans."""
    from sim.cli.replay import show_results
    from sim.history.large.replay import Spread, replay_large
    from sim.history.replay import compare_members
    from sim.report.progress import Progress

    announce({plan.plan: plan for plan in plans}, output.lang)
    with Progress(str(folder), _PARTS) as bar:

        def told(done: float, what: str) -> None:
            bar.advance(round(done * _PARTS) - bar.done, _STEPS[what].say(output.lang))

        found = replay_large(folder, plans, Spread(output.workers, output.dask), told)
    shifts = [compare_members(found.results[0], other) for other in found.results[1:]]
    record = record_of(str(folder), found, shifts)
    verdicts = {plan.plan: proved(plan, rulebook) for plan in plans} if rulebook else {}
    if rulebook:
        record["rulebook"] = [{"plan": plan, "verdict": verdict} for plan, verdict in verdicts.items()]
    if output.out:
        _write(fresh_folder(output.out), found, record)
    if output.as_json:
        print_json(record)
        return 0
    size = {"lines": found.lines, "parts": found.parts, "largest": found.largest}
    tell(_SIZE.say(output.lang).format(**size))
    show_results(str(folder), found.results, record, output.lang)
    if rulebook:
        _show_verdicts(verdicts, rulebook, output.lang)
    return 0


def record_of(name: str, found: LargeReplay, shifts: Sequence[Shifts]) -> dict[str, object]:
    """For JSON: what `replay` says of any history, and money by month."""
    from sim.history.breakdown import by_group, tenths

    return {
        "data": name,
        "lines": found.lines,
        "parts": found.parts,
        "largest_tree": found.largest,
        "plans": [one.to_dict() for one in found.results],
        "changes": [
            shift.to_dict(lambda member: str(found.members[member].as_py()))
            | {"tenths": [one.to_dict() for one in tenths(shift)]}
            | {name: by_group(shift, one) for name, one in found.groups.items()}
            for shift in shifts
        ],
        "months": {
            one.plan: [
                {"month": each.month}
                | {name: getattr(each, name) / 100 for name in ("goods", "refunded", "commission")}
                for each in months
            ]
            for one, months in zip(found.results, found.months, strict=True)
        },
    }


def _write(folder: Path, found: LargeReplay, record: dict[str, object]) -> None:
    """`run.json`, and what every member earns under each plan, in yuan: `earned.parquet`."""
    import pyarrow as pa

    from sim.history.tree import money
    from sim.report.files import write_run_json
    from sim.report.parquet import write_table

    columns = {one.plan: money(one.earned) for one in found.results}
    write_table(folder / "earned.parquet", pa.table({"member_id": found.members} | columns))
    write_run_json(folder, record)


def _show_verdicts(verdicts: Mapping[str, PlanVerdict], rulebook: Rulebook, lang: Lang) -> None:
    from sim.report.words import VERDICTS

    for plan, verdict in verdicts.items():
        console().print(f"{plan}: {rulebook.rulebook}: {VERDICTS[verdict].say(lang)}", markup=False)
