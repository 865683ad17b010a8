"""`fenxiao run --cold-start`: the same market, begun by others."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_commands import answer, fenxiao

SIZE = ("tuike", "--people", 3000, "--days", 20)


def test_kinds_of_seeds_can_be_compared() -> None:
    """At most 1 person in 100: 30 of 3,000. Draw is what the market does anyhow; leaders bring more."""
    by_draw, by_contacts = (answer("run", *SIZE, "--cold-start", by) for by in ("any", "leaders"))
    (drawn,), (leaders,) = by_draw["seeds"], by_contacts["seeds"]
    assert (drawn["by"], drawn["seeds"], leaders["by"], leaders["seeds"]) == ("any", 30, "leaders", 30)
    assert leaders["contacts"] > 2 * drawn["contacts"]
    assert leaders["k"] > drawn["k"] == drawn["brought"] / 30
    plain = answer("run", *SIZE)
    assert plain["metrics"] == by_draw["metrics"]
    assert "seeds" not in plain


@pytest.mark.parametrize(("lang", "words"), [("zh", "种子用户"), ("en", "staff")])
def test_the_table_in_the_terminal(lang: str, words: str) -> None:
    done = fenxiao("run", *SIZE, "--cold-start", "staff", "--lang", lang)
    assert done.returncode == 0
    assert words in done.stdout


def test_bad_input(tmp_path: Path) -> None:
    fenxiao("run", *SIZE, "--until", 5, "--save", tmp_path / "world.npz")
    for arguments, said in (
        (("tuike", "--cold-start", "friends"), "friends"),
        (("distribution_mall", "--cold-start", "koc"), "`nodes` of distribution_mall says who begins"),
        (("--resume", tmp_path / "world.npz", "--cold-start", "koc"), "--cold-start and --resume are both given"),
    ):
        done = fenxiao("run", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        assert "Traceback" not in done.stderr
