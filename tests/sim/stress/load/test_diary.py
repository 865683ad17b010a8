"""What a client was told survives it; what was cut short was told to nobody."""

from __future__ import annotations

from sim.stress.load.diary import Diary, Line, read

LINES = [Line(1, 4, 10, 0, "done", 900, 5, 300, 7), Line(2, 5, 10, 0, "again", 800, 6, 200, 2)]


def test_lines_come_back(tmp_path):
    path = tmp_path / "client.csv"
    with Diary(path) as diary:
        diary.add(LINES[0])
    with Diary(path) as diary:
        diary.add(LINES[1])
    assert list(read(path)) == LINES


def test_a_line_that_was_cut_short_is_left_out(tmp_path):
    path = tmp_path / "client.csv"
    with Diary(path) as diary:
        for line in LINES:
            diary.add(line)
    whole = path.read_text("utf-8")
    for cut in range(1, len("2,5,10,0,again,800,6,200,2\n") + 1):
        path.write_text(whole[:-cut], "utf-8")
        assert list(read(path)) == LINES[:1]


def test_where_there_is_no_diary_nothing_was_told(tmp_path):
    assert list(read(tmp_path / "none.csv")) == []
