"""What became of members, in the terminal and for `--json`: figures by hand, both languages."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from sim.members import Cases, Life, Members, Stage
from sim.report.members import members_told, print_members

LIFE = Life(
    churn=(0.05, 0.125),
    left=7,
    returned=2,
    stages=(Stage("newcomer", 10, 4, 1234), Stage("lost", 7, 1, 0)),
    cases=(Cases("adviser", 3, 2, 24_00, 99_99),),
    acts={"trained": 5},
    new_promoters=0.25,
)
FOUND = Members(
    life=LIFE,
    messages={"sent": 200, "opened": 30, "hurried": 4, "refused": 1, "cost": 4_00},
    coupons={"granted": 8, "used": 2, "off": 50_00},
    points={"outstanding": 900, "spent_on_orders": 120, "off": 1_20, "gifts": {"mug": 3}},
    cost=38_00,
)


def shown(found: Members, lang: str) -> str:
    out = io.StringIO()
    print_members(Console(file=out, width=120), found, lang)
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ["newcomers", "12.34", "5.0% 12.5%", "25.0%", "99.99", "5 trained", "15.0%", "8 granted", "mug 3", "38.00"],
        ),
        (
            "zh",
            [
                "新会员",
                "12.34",
                "5.0% 12.5%",
                "流失 7 人",
                "专属顾问",
                "培训 5 人",
                "退订 1 人",
                "抵扣 50.00 元",
                "38.00",
            ],
        ),
    ],
)
def test_every_figure_is_told_in_both_languages(lang, words):
    text = shown(FOUND, lang)
    assert [word for word in words if word not in text] == []


def test_json_is_in_yuan_and_has_a_key_for_each_part():
    told = json.loads(json.dumps(members_told(FOUND)))
    assert set(told) == {"programme_cost", "care", "lifecycle", "messages", "coupons", "points"}
    assert told["programme_cost"] == 38
    assert told["care"]["churn"] == [0.05, 0.125]
    assert told["care"]["cases"] == [{"kind": "adviser", "cases": 3, "worked": 2, "cost": 24, "brought": 99.99}]
    assert told["lifecycle"]["stages"][0] == {"name": "newcomer", "members": 10, "promoters": 4, "income": 12.34}
    assert told["lifecycle"]["trained"] == 5
    assert (told["messages"]["cost"], told["coupons"]["off"], told["points"]["off"]) == (4, 50, 1.2)


def test_a_part_that_is_not_there_is_not_told():
    only = Members(life=None, messages=None, coupons=FOUND.coupons, points=None, cost=0)
    assert set(members_told(only)) == {"programme_cost", "coupons"}
    assert "newcomers" not in shown(only, "en")
