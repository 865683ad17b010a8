"""Groups of members, as a folder gives them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from sim.history.cells import open_sheet
from sim.history.groups import regions_in
from sim.history.shipped import past_of_folder

MEMBERS = ["m3", "m1", "m9", "m2"]


def test_regions_are_found_by_name(tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("member_id,region\nm1,浙江\nm2,\nm3,广东\n", "utf-8")
    found = regions_in(open_sheet(path), MEMBERS)
    assert [found.names[one] if one >= 0 else None for one in found.of] == ["广东", "浙江", None, None]


def test_without_a_file_or_a_column_nobody_has_one(tmp_path):
    path = tmp_path / "members.parquet"
    pq.write_table(pa.table({"member_id": ["m1"]}), path)
    for given in (None, open_sheet(path)):
        found = regions_in(given, MEMBERS)
        assert found.of.tolist() == [-1] * 4
        assert found.names == []


def test_a_folder_gives_ranks_and_regions_of_all_members(tmp_path):
    (tmp_path / "orders.csv").write_text("member_id,paid_at,amount\nm2,2026-01-05,9\n", "utf-8")
    (tmp_path / "members.csv").write_text("member_id,inviter_id,rank,region\nm1,,partner,浙江\nm2,m1,,广东\n", "utf-8")
    past = past_of_folder(tmp_path)
    groups = past.groups(2)
    named = {
        what: {past.log.names.member(n): one.names[at] if at >= 0 else None for n, at in enumerate(one.of)}
        for what, one in groups.items()
    }
    assert named == {"ranks": {"m1": "partner", "m2": None}, "regions": {"m1": "浙江", "m2": "广东"}}
