"""Regions of members: kept as they are called, those of a few people together, and never an address of one."""

from __future__ import annotations

from collections import Counter

from tables_in_text import imported, rows

HEAD = ["用户ID", "地区", "注册时间"]
STREET = "浙江省杭州市西湖区文三路 1 号 502 室"


def test_a_region_of_few_people_is_other_and_that_is_said(tmp_path):
    people = [[f"U{n}", "浙江" if n < 7 else "广东" if n < 12 else "", "2026-01-05"] for n in range(14)]
    people += [["U20", STREET, "2026-01-05"], ["U21", "13800138000", "2026-01-05"]]
    result = imported(tmp_path, {"会员": [HEAD, *people]})
    assert Counter(row["region"] for row in rows(tmp_path, "members")) == {
        "浙江": 7, "广东": 5, "other": 2, None: 2,
    }  # fmt: skip
    assert any("2 regions of very few people" in note.en for _, note in result.notes)


def test_without_regions_nobody_has_one(tmp_path):
    result = imported(tmp_path, {"会员": [["用户ID", "注册时间"], ["U1", "2026-01-05"]]})
    assert [row["region"] for row in rows(tmp_path, "members")] == [None]
    assert not any("region" in note.en for _, note in result.notes)


def test_of_two_rows_the_first_that_says_a_region_counts(tmp_path):
    people = [[f"U{n}", "浙江", "2026-01-05"] for n in range(5)]
    later = [["U0", "广东", "2026-01-06"]]
    result = imported(tmp_path, {"会员": [HEAD, *people, *later]})
    assert {row["region"] for row in rows(tmp_path, "members")} == {"浙江"}
    assert result.aside == {"conflict": 1}
