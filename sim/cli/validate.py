"""`fenxiao validate`: the simulation held against data and literature, claim by claim."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.common import (
    announce,
    command_line,
    console,
    fresh_folder,
    json_option,
    lang_option,
    out_option,
    print_json,
    tell,
    tell_written,
)
from sim.experiments.metric_names import Lang

_MEASURING: dict[Lang, str] = {"en": "measuring: {key}", "zh": "正在测量：{key}"}


@click.command(
    help="Measure what is claimed of the simulation against data and literature: a table, a page with charts."
)
@click.option("--quick", is_flag=True, help="small worlds: seconds instead of minutes, and more luck in the figures")
@out_option
@lang_option
@json_option
def validate(quick: bool, out: Path | None, lang: Lang, as_json: bool) -> int:
    """Measure every claim; exit code 1 if one misses its target."""
    folder = fresh_folder(out) if out else None
    announce({}, lang)

    from sim.report.validation import print_validation, record_of, write_page
    from sim.validation.measure import measured
    from sim.validation.sizes import QUICK, WHOLE

    claims = measured(QUICK if quick else WHOLE, lambda key: tell(_MEASURING[lang].format(key=key)))
    if as_json:
        print_json(record_of(claims, quick))
    else:
        print_validation(console(), claims, quick, lang)
    if folder:
        tell_written(write_page(folder, claims, quick, command_line(), lang), lang)
    return 0 if all(claim.holds for claim in claims) else 1
