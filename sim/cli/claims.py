"""`fenxiao claims`: what people say of referral stores, put to the test, with the assumptions each claim hangs on."""

from __future__ import annotations

from pathlib import Path

import click

from scenarios.find import find, names
from sim.claims.model import Family, read_family
from sim.cli.common import (
    announce,
    command_line,
    console,
    days_option,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    load_scenario,
    out_option,
    people_option,
    print_json,
    seed_option,
    tell_written,
)
from sim.experiments.metric_names import Lang
from sim.report.progress import Progress


@click.command(
    help="Put claims to the test, as the market is and under other assumptions. FAMILY: shipped, or a file; or all."
)
@click.argument("families", metavar="[FAMILY]...", nargs=-1)
@click.option("--list", "only_list", is_flag=True, help="say what is claimed, and test nothing")
@people_option
@days_option
@seed_option
@click.option("--replications", type=click.IntRange(2, 1_000), help="of each case; the file's if left out")
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="processes")
@out_option
@lang_option
@json_option
def claims(
    families: tuple[str, ...],
    only_list: bool,
    people: int | None,
    days: int | None,
    seed: int,
    replications: int | None,
    workers: int,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Test claims; exit code 1 if interrupted."""
    from sim.report.claims import print_claims, print_list, record_of, write_claims

    given = {"people": people, "days": days, "replications": replications}
    chosen = [_load(name, given) for name in families or names("claims")]
    if only_list:
        print_list(console(), chosen, lang)
        return 0
    from sim.claims.testing import put_to_the_test, ready, runs_of

    folder = fresh_folder(out) if out else None
    able = [ready(one, load_scenario(one.market), load_plan) for one in chosen]
    announce({}, lang)
    with Progress({"en": "claims", "zh": "说法检验"}[lang], runs_of(able, seed)) as bar:
        found = put_to_the_test(able, seed, workers, lambda arm: bar.advance(1))
    if as_json:
        print_json(record_of(found, seed))
    else:
        print_claims(console(), found, lang)
    if folder:
        tell_written(write_claims(folder, found, command_line(), lang), lang)
    return 1 if any(one.interrupted for one in found) else 0


def _load(name: str, given: dict[str, int | None]) -> Family:
    """A claim file, with the sizes that the command line gives in the place of its own."""
    family = read_family(*find("claims", name))
    return family.model_copy(update={key: value for key, value in given.items() if value is not None})
