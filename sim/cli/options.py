"""What options mean and what they leave behind: dates, rates, files of cases."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from rules.errors import InputError
from rules.plan.values import as_rate


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


def write_case(folder: Path, name: str, case: object) -> None:
    """A file of one case that `fenxiao cases` runs (JSON is YAML)."""
    text = json.dumps([case], ensure_ascii=False, indent=1)
    (folder / f"{name}.yaml").write_text(text + "\n", "utf-8")
