"""Pseudonyms: stable under a key, others under another, and a key that nobody else reads."""

import stat

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from sim.imports.clean import showable
from sim.imports.kinds import Holds
from sim.imports.pseudonyms import Pseudonyms, is_personal, looks_personal, read_or_make_key, shape

ONE, OTHER = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)
IDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(st.lists(IDS, min_size=1, max_size=30))
def test_the_same_under_a_key_and_others_under_another(ids):
    cells = pa.array([*ids, None, *ids])
    named = ONE.column(cells, Holds.member).to_pylist()
    assert named[: len(ids)] == named[len(ids) + 1 :] == [Pseudonyms(b"1" * 32).of(one, Holds.member) for one in ids]
    assert named[len(ids)] is None
    assert len(set(named)) == len(set(ids)) + 1
    others = {*OTHER.column(cells, Holds.member).to_pylist(), *ONE.column(cells, Holds.order).to_pylist()} - {None}
    assert not others & set(named)
    assert not any(one in name for one in ids for name in named[: len(ids)] if len(one) > 8)


@pytest.mark.parametrize("text", ["13800138000", "+8613800138000", "86 138-0013-8000", "138 0013 8000"])
def test_a_phone_is_one_person_however_it_is_written(text):
    column = ONE.column(pa.array([text]), Holds.member).to_pylist()
    assert column == [ONE.of("13800138000", Holds.member)] == [ONE.of(text, Holds.member)]


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path, capsys):
    path = tmp_path / "deep" / "import.key"
    key, made = read_or_make_key(path)
    assert made
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make_key(path) == (key, False)
    assert key.hex() not in "".join(capsys.readouterr())
    assert Pseudonyms(key).fingerprint() not in key.hex()


def test_a_key_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "import.key"
    read_or_make_key(path)
    path.chmod(0o644)
    with pytest.raises(InputError, match="others can read"):
        read_or_make_key(path)


def test_what_is_no_key_is_not_shown(tmp_path):
    path = tmp_path / "import.key"
    path.write_text("my password\n")
    path.chmod(0o600)
    with pytest.raises(InputError, match="no key") as refused:
        read_or_make_key(path)
    assert "password" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("13800138000", True),
        ("电话 138-0013-8000 转", True),
        ("110101199003078811", True),
        ("a.b@example.com", True),
        ("oUpF8uMuAJO2M2pxb1Q9zNjWeS6o", True),
        ("192.168.10.20", True),
        ("6901234567892", False),
        ("SKU-20260105", False),
        ("1234567890123456789", False),
        ("生鲜", False),
        ("12800138000", False),
    ],
)
def test_what_belongs_to_a_person_is_seen(text, personal):
    assert is_personal(text) is personal
    assert looks_personal(pa.array([text, None])).to_pylist() == [personal, False]


def test_of_a_strange_cell_only_its_shape_is_shown():
    assert shape("张三 138x") == "文文 999a"
    assert showable("2026-02-30 10:00") == "2026-02-30 10:00"
    assert showable("¥1,2") == "¥1,2"
    assert showable("张三") == "文文"
    assert showable("13800138000") == "99999999999"
    assert showable("=cmd|'/c calc'!A0") == "=aaa|'/a aaaa'!a9"
