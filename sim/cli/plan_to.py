"""`fenxiao plan-to`: a plan as a live platform's configuration, and what that platform cannot express."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sim.cli.common import fresh_folder, json_option, lang_option, load_plan, print_json, tell
from sim.experiments.metric_names import Lang
from sim.handover.platform_config import Written
from sim.handover.platform_config import plan_to as converted
from sim.report.files import jsonable

_WORDS: dict[Lang, tuple[str, str]] = {
    "en": ("cannot be expressed there, {} in all (plan → platform):", "everything in the plan can be expressed there"),
    "zh": ("该平台无法表达的设置，共 {} 项（方案 → 平台）：", "方案的全部设置都可以表达"),
}


@click.command(
    "plan-to", help="Write a plan as a platform's configuration (JSON); says what cannot be expressed there."
)
@click.argument("platform", default="yudao")
@click.argument("plan", default="mall_two_level")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="file for the JSON [standard output]")
@lang_option
@json_option
def plan_to(platform: str, plan: str, out: Path | None, lang: Lang, as_json: bool) -> int:
    """Write the settings of a platform that come nearest to a plan."""
    written = converted(platform, load_plan(plan))
    if out is not None:
        fresh_folder(out.parent)
        out.write_text(_text(written), encoding="utf-8")
    if as_json:
        lost = [{"path": one.path, "plan": one.plan, "platform": one.platform} for one in written.lost]
        print_json({"platform": platform, "config": written.config, "lost": lost})
    elif out is None:
        print(_text(written), end="")
    some, none = _WORDS[lang]
    tell(some.format(len(written.lost)) if written.lost else none)
    for one in written.lost:
        tell(f"  {one}")
    return 0


def _text(written: Written) -> str:
    return json.dumps(jsonable(written.config), ensure_ascii=False, indent=2) + "\n"
