"""What options mean and what they leave behind: dates, rates, files of cases."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rules.errors import InputError
from rules.money import PPM
from rules.plan.values import as_rate

if TYPE_CHECKING:
    from sim.experiments.sequential import Spending
    from sim.experiments.stopping import Goal


def date_given(option: str, text: str) -> dt.date:
    """A date as an option gives it.

    Raises:
        InputError: it is none.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option} {text!r} is not a date", allowed="a date such as 2026-03-01") from error


def rate_given(option: str, text: str, such_as: str) -> int:
    """A rate as an option gives it, in ppm; `such_as` is an example of one.

    Raises:
        InputError: it is none.
    """
    try:
        return as_rate(text)
    except ValueError as error:
        raise InputError(f"{option} {error}", allowed=f"a rate from 0 to 100%, such as {such_as}") from error


def goal_given(until: str | None, metric: str | None, spending: Spending | None) -> Goal | None:
    """When a comparison is to stop; None where nothing says so.

    Raises:
        InputError: no such goal, or what has no meaning without one.
    """
    from sim.experiments.stopping import Goal

    if until is None:
        if metric or spending:
            raise InputError("--until-metric and --spending say how --until is meant", allowed="--until 1% beside them")
        return None
    if until == "decided":
        if metric:
            raise InputError("--until decided is about contribution", allowed="--until 1% beside --until-metric")
        return Goal(None, "contribution", spending or "obrien_fleming")
    part = rate_given("--until", until, "1%; or `decided`")
    if not 0 < part < PPM:
        raise InputError(f"--until {until!r} is never reached or always", allowed="a part such as 1%, or `decided`")
    return Goal(part / PPM, metric or "gmv", spending or "pocock")


def selection_given(
    confidence: str | None, zone: str | None, beside: Sequence[tuple[str, object]]
) -> tuple[float, float] | None:
    """Confidence and zone of indifference of a selection; None where none is asked for.

    Raises:
        InputError: no such confidence or zone, or one of `beside` is given, too.
    """
    if confidence is None:
        if zone:
            raise InputError("--zone says how --select is meant", allowed="--select 95% beside it")
        return None
    for option, given in beside:
        if given:
            raise InputError(f"--select and {option} are both given", allowed="one of them")
    sure, part = rate_given("--select", confidence, "95%"), rate_given("--zone", zone or "0.5%", "0.5%")
    if not PPM // 2 <= sure < PPM or not 0 < part < PPM:
        raise InputError(
            f"--select {confidence} --zone {zone or '0.5%'}", allowed="a confidence from 50% and a zone above 0"
        )
    return sure / PPM, part / PPM


def write_case(folder: Path, name: str, case: object) -> None:
    """A file of one case that `fenxiao cases` runs (JSON is YAML)."""
    text = json.dumps([case], ensure_ascii=False, indent=1)
    (folder / f"{name}.yaml").write_text(text + "\n", "utf-8")
