"""From a name to a text: shipped files first, then paths; and whatever cannot be read."""

import os
from pathlib import Path

import pytest

from rules.errors import InputError
from scenarios import find as module
from scenarios.find import find, names


def test_a_shipped_name_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "three_tier").write_text("plan: mine")
    text, name = find("plans", "three_tier")
    assert "plan: three_tier" in text
    assert name == "plans/three_tier.yaml"
    assert find("plans", "./three_tier") == ("plan: mine", "./three_tier")


def test_a_path_is_read_as_it_is_named(tmp_path):
    file = tmp_path / "方案.yaml"
    file.write_text("\ufeffplan: a\n", "utf-8")
    assert find("plans", str(file)) == ("plan: a\n", str(file))


def test_what_is_shipped_can_be_listed():
    assert "three_tier" in names("plans")
    assert {"house", "house_strict"} <= set(names("rulebooks"))


def refused(kind, name):
    with pytest.raises(InputError) as caught:
        find(kind, name)
    return str(caught.value)


def test_a_missing_file_names_what_there_is_and_what_was_meant():
    message = refused("plans", "three_teir")
    assert message.startswith("there is no plan 'three_teir' (did you mean three_tier?); allowed: ")
    assert "a shipped plan: " in message
    assert "three_tier" in message.partition("allowed")[2]
    assert "did you mean house?" in refused("rulebooks", "rules/hause.yaml")


@pytest.mark.parametrize("name", ["", "nothing/../../x", "a\x00b", "x" * 5_000, "../plans/three_tier.yaml", "%s"])
def test_names_that_are_no_file_are_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "allowed: " in refused("plans", name)


def test_a_folder_is_refused(tmp_path):
    assert refused("cases", str(tmp_path)).endswith("is a folder, not a case file; allowed: a file or a shipped name")


def test_a_file_that_is_not_utf_8_is_refused_at_its_place(tmp_path):
    file = tmp_path / "gbk.yaml"
    file.write_bytes("plan: a\n# é ".encode() + "方案".encode("gbk"))
    assert refused("plans", str(file)).endswith(
        "gbk.yaml:2:5: byte 0xb7 is not UTF-8; allowed: a text file saved as UTF-8"
    )


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "secret.yaml"
    file.write_text("plan: a")

    def forbidden(*_args, **_kwargs):
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "open", forbidden)
    assert "secret.yaml' cannot be read: Permission denied; allowed: " in refused("plans", str(file))


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    file = tmp_path / "large.yaml"
    file.write_text("x" * 11)
    assert "is too large; allowed: at most 10 bytes" in refused("plans", str(file))
