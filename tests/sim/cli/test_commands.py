"""The command line as a person meets it: JSON keys, exit codes, one clear message for bad input, never a traceback."""

import contextlib
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.find import find
from sim.cli import main

ROOT = Path(__file__).resolve().parents[3]
SMALL = ["--people", "600", "--days", "20"]


def fenxiao(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command as it is typed in the project's folder; in this process, since Python takes seconds to begin."""
    command = ["fenxiao", *map(str, arguments)]
    with (
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as left:
            main(command[1:])
    return subprocess.CompletedProcess(command, int(left.value.code or 0), out.getvalue(), err.getvalue())


def program(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "sim.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def answer(*arguments: object) -> dict:
    done = fenxiao(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


def test_run_tells_what_the_contract_lists() -> None:
    record = answer("run", "three_tier", *SMALL, "--seed", 3)
    assert {"scenario", "plan", "people", "days", "seed", "seconds", "metrics"} <= set(record)
    assert (record["people"], record["days"], record["seed"]) == (600, 20, 3)
    from sim.metrics import METRICS

    assert list(record["metrics"]) == list(METRICS)


NARROW = """
rulebook: narrow
title: {zh: 窄, en: Narrow}
checked: 2026-11-22
rules:
  - {id: ratio, title: {zh: 单, en: order}, measure: order_ratio, limit: 5%, source: a test}
  - {id: tree, title: {zh: 支, en: tree}, measure: tree_people, limit: 5, source: a test, on_breach: lawyer}
  - {id: own, title: {zh: 直销, en: own}, measure: own_sales_ratio, limit: 10%, source: a test}
  - {id: inside, title: {zh: 自购, en: inside}, measure: inside_share, limit: 10%, source: a test}
"""


def test_run_and_replay_hold_the_same_evidence_against_a_rulebook(tmp_path: Path) -> None:
    book = tmp_path / "narrow.yaml"
    book.write_text(NARROW)
    sizes = ["--people", 3000, "--days", 90, "--rulebook", book]
    run = answer("run", "three_tier", *sizes, "--out", tmp_path / "run")
    again = answer("replay", "--data", tmp_path / "run", "--rulebook", book)
    assert again["rulebook"] == [run["rulebook"]]
    rules = {rule["id"]: rule for rule in run["rulebook"]["rules"]}
    assert {name: rule["verdict"] for name, rule in rules.items()} == {
        "ratio": "fail", "tree": "lawyer", "own": "fail", "inside": "fail",
    }  # fmt: skip
    for rule in rules.values():
        assert re.fullmatch(r"2026-\d\d-\d\d", rule["first_day"])
        assert rule["people"] > 0
        assert rule["first_day"] in rule["evidence"]["zh"]
        assert rule["first_day"] in rule["evidence"]["en"]
    assert rules["own"]["month"].startswith("2026-")
    assert run["entry_purchase"]["promoters"] > 0
    assert {"name_check", "large_transfer"} <= {one["threshold"] for one in run["payouts"]}
    assert all({"day", "figure", "value", "usual", "score", "member"} == set(alert) for alert in run["alerts"])


def test_old_orders_are_held_against_the_rules_of_today(tmp_path: Path) -> None:
    """The shipped orders are of 1997 and 1998, the regulation of 2017."""
    book = answer("replay", "three_level", "--rulebook", "cn_direct")["rulebook"][0]
    assert {rule["id"]: rule["verdict"] for rule in book["rules"]}["direct_levels"] == "fail"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_evidence_and_alerts_in_the_terminal(tmp_path: Path, lang: str) -> None:
    book = tmp_path / "narrow.yaml"
    book.write_text(NARROW)
    done = fenxiao("run", "three_tier", "--people", 3000, "--days", 60, "--rulebook", book, "--lang", lang)
    assert done.returncode == 0, done.stderr
    told = {"en": ["Narrow", "violated", "first in breach on 2026-"], "zh": ["窄", "违反", "首次超限 2026-"]}
    assert all(words in done.stdout for words in told[lang])
    assert any(words in done.stdout for words in ("Alerts", "No alerts", "异常预警"))


def test_the_same_seed_gives_the_same_figures_for_any_number_of_workers() -> None:
    one, two = (answer("run", "three_tier", *SMALL, "--workers", workers)["metrics"] for workers in (1, 2))
    other = answer("run", "three_tier", *SMALL, "--seed", 4)["metrics"]
    assert one == two != other


def test_a_run_replayed_under_its_plan_gives_identical_entries(tmp_path: Path) -> None:
    run = answer("run", "three_tier", "--people", 3000, "--days", 90, "--out", tmp_path / "run")
    again = answer("replay", "--data", tmp_path / "run")
    named = answer("replay", "three_tier", "three_tier_more", "--data", tmp_path / "run")
    assert again["plans"][0]["identical_to_run"] is True
    assert again["plans"][0]["entries"] > 100
    assert named["plans"][0] == again["plans"][0]
    assert named["plans"][1]["identical_to_run"] is False
    assert again["plans"][0]["commission"] == run["metrics"]["commission"]
    assert again["plans"][0]["orders"] == run["metrics"]["orders"]
    keys = {"plan", "orders", "commissionable", "commission", "payout_ratio", "by_level", "by_component"}
    assert keys <= set(again["plans"][0])
    assert named["changes"][0]["losing"] > 0


def test_a_run_whose_plan_changes_is_replayed_and_explained_with_all_its_versions(tmp_path: Path) -> None:
    from sim.history.log import read_entries

    market = tmp_path / "mine.yaml"
    actors = """
actors:
  - {kind: operator, plans: [mini_one_level], payout: 100%, every: 7}
  - {kind: grey_release, plan: three_tier_more, stages: [[5, 50%]]}
"""
    market.write_text(find("markets", "three_tier")[0] + actors, "utf-8")
    folder = tmp_path / "run"
    answer("run", market, "--people", 2000, "--days", 60, "--out", folder)
    (again,) = answer("replay", "--data", folder)["plans"]
    assert again["plan"] == "three_tier + mini_one_level + three_tier_more"
    assert again["identical_to_run"] is True
    entries = read_entries(folder)
    assert set(entries["plan"].tolist()) == {0, 1, 2}
    for number in (1, 2):  # a member who earns under the version, told by the readable engine
        member = int(entries["member"][entries["plan"] == number][0])
        own = entries[entries["member"] == member]
        told = answer("explain", folder, "--member", member)["entries"]
        assert [round(one["amount"] * 100) for one in told] == own["amount"].tolist()
    refused = fenxiao("replay", "--data", folder, "--then", "2026-02-01", "three_level")
    assert refused.returncode == 2
    assert "--then is given for a run whose plan changes by itself" in refused.stderr


def test_explaining_a_member_of_a_run_adds_up_to_what_she_earned(tmp_path: Path) -> None:
    from sim.history.log import read_entries

    answer("run", "three_tier", "--people", 2000, "--days", 60, "--out", tmp_path / "run")
    entries = read_entries(tmp_path / "run")
    member = int(entries["member"][0])
    told = answer("explain", tmp_path / "run", "--member", member)["entries"]
    own = entries[entries["member"] == member]
    assert [round(one["amount"] * 100) for one in told] == own["amount"].tolist()
    assert all(set(step) == {"part", "zh", "en"} for one in told for step in one["steps"])
    parts = [list(dict.fromkeys(step["part"] for step in one["steps"])) for one in told]
    assert parts == [["binding", "amount", "wallet"]] * len(told)
    month = answer("explain", tmp_path / "run", "--member", member, "--month", "2026-01")["entries"]
    assert 0 < len(month) <= len(told)


def test_compare_tells_what_the_contract_lists_and_writes_its_results(tmp_path: Path) -> None:
    record = answer("compare", "three_tier", *SMALL, "--replications", 2, "--workers", 1, "--out", tmp_path)
    assert {"arms", "metrics", "replications", "winner"} <= set(record)
    assert record["arms"] == ["three_tier", "three_tier_more"]
    keys = {"name", "arm", "mean", "difference", "low", "high", "p_adjusted", "variance_ratio", "verdict"}
    assert all(keys <= set(row) for row in record["metrics"])
    files = {file.name for file in tmp_path.iterdir()}
    assert {"report.html", "run.json", "runs.parquet", "daily.parquet", "income.parquet"} <= files
    page = (tmp_path / "report.html").read_text()
    assert 'src="http' not in page
    assert "三级会员商城" in page
    assert "Three-tier mall" in page


def test_the_same_plan_twice_is_named_apart() -> None:
    record = answer("compare", "three_tier", "three_tier", "three_tier", *SMALL, "--replications", 2, "--workers", 1)
    assert record["arms"] == ["three_tier", "three_tier#2"]
    assert {row["verdict"] for row in record["metrics"]} == {"no difference"}
    assert record["winner"] is None


def test_compare_goes_on_until_it_knows_and_tells_what_it_found() -> None:
    guard = "refund_rate<=+30pp"
    record = answer(
        "compare", "three_tier", *SMALL, "--until", "90%", "--until-metric", "orders", "--replications", 12,
        "--guard", guard, "--workers", 1,
    )  # fmt: skip
    told = record["sequential"]
    assert told["reached"]
    assert (told["used"], told["saved"], told["looks"]) == (record["replications"], 2, [10])
    assert [(kept["guard"], kept["state"]) for kept in record["guards"]] == [(guard, "held")]
    assert set(record["chance_best"]) == set(record["arms"])
    assert sum(record["chance_best"].values()) == pytest.approx(1)
    assert {row["name"] for row in record["income_quantiles"]} >= {"income_median", "income_p99"}
    assert {row["by"] for row in record["winners_losers"]} >= {"all", "fifth", "rank"}
    assert set(record["conclusion"]) == {"zh", "en"}
    gmv = next(row for row in record["metrics"] if row["name"] == "gmv")
    assert gmv["relative_low"] < gmv["relative"] < gmv["relative_high"]


def test_compare_selects_the_best_of_many(tmp_path: Path) -> None:
    plans = ["three_tier", "three_tier_more", "three_level"]
    record = answer(
        "compare", "three_tier", *plans, *SMALL, "--select", "80%", "--zone", "20%", "--replications", 14,
        "--workers", 1, "--out", tmp_path,
    )  # fmt: skip
    told = record["selection"]
    assert told["runs"] == sum(told["replications"].values()) <= told["equal_allocation"]
    assert record["winner"] == (told["selected"] if told["decided"] else None)
    assert (tmp_path / "report.html").is_file()


def test_a_market_of_unknown_people_names_what_its_verdict_depends_on() -> None:
    record = answer("compare", "three_tier_unsure", "--people", 300, "--days", 10, "--replications", 12, "--workers", 1)
    assert record["ranges"] == {"click": [0.1, 0.5], "joy": [0.02, 4.0], "cost": [0.4, 3.0]}
    (tipping,) = record["tipping"]
    assert {line["name"] for line in tipping["lines"]} == {"click", "joy", "cost"}
    assert tipping["replications"] == 12
    middle = ["--ranges", "middle", "--replications", 2]
    assert "tipping" not in answer(
        "compare", "three_tier_unsure", "--people", 300, "--days", 5, "--workers", 1, *middle
    )


def test_all_shipped_cases_pass_and_a_failing_one_is_told(tmp_path: Path) -> None:
    record = answer("cases")
    assert record["failed"] == 0
    assert record["passed"] >= 27
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text((ROOT / "scenarios/cases/contract.yaml").read_text().replace("7.59}", "7.60}"))
    done = fenxiao("cases", wrong)
    assert done.returncode == 1
    assert "expected 7.60, got 7.59" in done.stdout


def test_commands_without_options_run_on_what_is_shipped() -> None:
    assert answer("replay")["plans"][0]["orders"] == 69_659
    assert answer("explain")["entries"]
    parameters = answer("calibrate")["parameters"]
    for name, value in {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}.items():
        assert abs(parameters[name] - value) <= 0.005
    assert answer("schema")["title"] == "Plan"


def test_chinese_output() -> None:
    done = fenxiao("run", "three_tier", *SMALL, "--lang", "zh")
    assert done.returncode == 0
    assert "成交额" in done.stdout
    assert "代扣" in done.stderr or "税" in done.stderr


BAD = {
    "an unknown scenario": (["run", "nope"], "nope"),
    "an unknown plan": (["run", "three_tier", "--plan", "nope"], "three_tier"),
    "a folder as a plan": (["run", "three_tier", "--plan", "scenarios"], "scenarios"),
    "an unknown command": (["fly"], "fly"),
    "an unknown option": (["run", "--fast"], "--fast"),
    "people that are no number": (["run", "--people", "many"], "many"),
    "too few people": (["run", "--people", "3"], "10<=x"),
    "no days": (["run", "--days", "0"], "1<=x"),
    "a negative seed": (["run", "--seed", "-1"], "-1"),
    "a language nobody speaks": (["run", "--lang", "fr"], "'en', 'zh'"),
    "one plan to compare": (["compare", "three_tier", "three_tier"], "got 1"),
    "no replications": (["compare", "three_tier", "--replications", "0"], "1<=x"),
    "an unknown rulebook": (["compare", "three_tier", "--rulebook", "cn_moon"], "house"),
    "luck that does not exist": (["compare", "--luck", "bad"], "'common', 'independent'"),
    "a goal that is none": (["compare", "--until", "soon"], "1%; or `decided`"),
    "a goal that is always reached": (["compare", "--until", "100%"], "a part such as 1%"),
    "the metric of no goal": (["compare", "--until-metric", "gmv"], "--until 1%"),
    "a metric for a winner": (["compare", "--until", "decided", "--until-metric", "gmv"], "about contribution"),
    "a guardrail that is none": (["compare", "--guard", "refund_rate"], "METRIC<=BOUND"),
    "a guardrail on no metric": (["compare", "--guard", "joy<=+1%"], "refund_rate"),
    "a zone without a selection": (["compare", "--zone", "1%"], "--select 95%"),
    "a selection until something": (["compare", "--select", "95%", "--until", "1%"], "one of them"),
    "a selection by the toss of a coin": (["compare", "--select", "40%"], "from 50%"),
    "a selection from one run": (["compare", *SMALL, "--select", "95%", "--replications", "1"], "--replications 10"),
    "orders that are not there": (["replay", "--orders", "nowhere.csv"], "nowhere.csv"),
    "a folder without a run": (["replay", "--data", "docs"], "orders.parquet"),
    "members without orders": (["replay", "--members", "README.md"], "--orders"),
    "both data and orders": (["replay", "--data", "docs", "--orders", "README.md"], "one of them"),
    "orders that are no orders": (["replay", "--orders", "README.md"], "README.md"),
    "a run without a member": (["explain", "docs"], "--member"),
    "a member without a run": (["explain", "--member", "B"], "RUN_DIR"),
    "a plan to explain without a case": (["explain", "three_tier"], "PLAN CASE"),
    "a case file that is not there": (["cases", "nowhere.yaml"], "nowhere.yaml"),
    "a case file that is no case": (["cases", "pyproject.toml"], "pyproject.toml"),
    "an unknown format": (["schema", "novel"], "rulebook"),
    "a purchase log that is none": (["calibrate", "--orders", "pyproject.toml"], "pyproject.toml"),
    "an unwritable folder": (["run", *SMALL, "--out", "/proc/results"], "/proc/results"),
    "an impossible port": (["app", "--port", "0"], "1<=x"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_one_message(name: str) -> None:
    arguments, told = BAD[name]
    done = fenxiao(*arguments)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


PLAN = (ROOT / "scenarios/plans/three_tier.yaml").read_text()
BAD_PLANS = {
    "unknown key": ("period: month", "perod: month", ["perod", "period"]),
    "800 %": ("fmcg: 8%", "fmcg: 800%", ["800%", "100%"]),
    "negative amount": ("pay: 50}", "pay: -50}", ["-50", "not negative"]),
    "wrong type": ("hold_days: 7", "hold_days: soon", ["soon", "whole number"]),
    "unknown rank": ("ranks: [promoter, partner]", "ranks: [promotor, partner]", ["promotor", "promoter"]),
    "unknown value": ("mode: marginal", "mode: steep", ["steep", "marginal"]),
    "a tag that would execute": ("rate: 2%", "rate: !!python/object/apply:os.system [id]", ["python"]),
    "unknown platform": ("caps:", "platform: crmeb_phq\ncaps:", ["crmeb_phq", "crmeb_php"]),
    "not yaml": ("ranks:\n", "ranks: [\n", []),
}


@pytest.mark.parametrize("name", BAD_PLANS)
def test_a_bad_plan_file_is_refused_with_file_line_and_column(name: str, tmp_path: Path) -> None:
    old, new, told = BAD_PLANS[name]
    assert old in PLAN
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.replace(old, new, 1))
    done = fenxiao("run", "three_tier", "--plan", file, *SMALL)
    assert done.returncode == 2
    assert f"{file}:" in done.stderr
    place = done.stderr.split(f"{file}:", 1)[1].split(":")
    assert int(place[0]) > 1
    assert int(place[1]) >= 1
    for words in told:
        assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [["plan-to", "--lang", "zh"], ["run", "three_tier", "--plan", "scenarios"], ["fly"], ["schema"]],
)
def test_a_process_says_what_the_command_says(arguments: list[str]) -> None:
    one, other = fenxiao(*arguments), program(*arguments)
    assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)


def test_a_reader_that_goes_away_is_no_error() -> None:
    shell = f"{sys.executable} -m sim.cli schema | head -c 10"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert "Traceback" not in done.stderr


@contextlib.contextmanager
def ctrl_c_as_in_a_terminal() -> Iterator[None]:
    """What begins here takes Ctrl-C even if these tests run in a shell's background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_interrupting_says_so_and_keeps_what_was_done(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim.cli", "compare", "three_tier", "--people", "5000", "--replications", "900"]
    with ctrl_c_as_in_a_terminal():
        process = subprocess.Popen(
            [*command, "--out", str(tmp_path)], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    assert process.stderr
    for line in process.stderr:  # wait for progress that says of two replications or more that they are done
        done = re.search(r"replications: (\d+)/", line)
        if done and int(done[1]) >= 4:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted" in err
    assert "Traceback" not in err
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["interrupted"] is True
    assert 0 < record["replications"] < 900
    assert "GMV" in out
