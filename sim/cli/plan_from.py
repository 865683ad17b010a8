"""`fenxiao plan-from`: a live platform's configuration as a plan."""

from __future__ import annotations

from pathlib import Path

import click

from rules.plan.write import plan_data, write_plan
from scenarios.find import find
from sim.cli.common import fresh_folder, json_option, print_json, tell
from sim.handover.platform_config import plan_from as converted


@click.command("plan-from", help="Read a platform's configuration (JSON or an SQL dump) and write it as a plan.")
@click.argument("platform", default="yudao")
@click.argument("file", required=False)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="file for the plan [standard output]")
@json_option
def plan_from(platform: str, file: str | None, out: Path | None, as_json: bool) -> int:
    """Write the plan that a platform's settings describe; without a file, those of a shipped example."""
    taken = converted(platform, *find("platforms", file or platform))
    for note in taken.notes:
        tell(note)
    text = write_plan(taken.plan)
    if out is not None:
        fresh_folder(out.parent)
        out.write_text(text, encoding="utf-8")
        tell(f"written to {out}; check it with: fenxiao rulesheet {out}")
    if as_json:
        print_json({"platform": platform, "plan": plan_data(taken.plan), "notes": taken.notes})
    elif out is None:
        print(text, end="")
    return 0
