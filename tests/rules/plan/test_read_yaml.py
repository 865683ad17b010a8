"""Exact and safe reading of YAML: values, positions, aliases and merges, and every bound."""

import time
import tracemalloc
from decimal import Decimal

import pytest

from rules.errors import InputError, Place
from rules.plan.yaml import MAX_CHARACTERS, MAX_DEPTH, read_yaml

BOMB = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50000", 50000),
        ("-7", -7),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("0.05", Decimal("0.05")),
        ("0.10", Decimal("0.10")),
        ("1e3", Decimal("1e3")),
        (".5", Decimal(".5")),
        ("8%", "8%"),
        ("1_000", "1_000"),
        ("02:00", "02:00"),
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05 10:00", "2026-01-05 10:00"),
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("'5'", "5"),
        ("!!str 5", "5"),
        ("! 5", "5"),
        ("NaN", "NaN"),
        ("会员、推广员", "会员、推广员"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text, value):
    data = read_yaml(f"a: {text}", "x").data["a"]
    assert data == value
    assert type(data) is type(value)


def test_decimals_keep_their_digits():
    assert str(read_yaml("a: 0.10", "x").data["a"]) == "0.10"


def test_places_of_values_and_keys():
    document = read_yaml("a: 1\nb:\n  - x\n  - {c: 会员, d: 2}\n", "f.yaml")
    assert document.place(("a",)) == Place("f.yaml", 1, 4)
    assert document.place(("a",), key=True) == Place("f.yaml", 1, 1)
    assert document.place(("b", 1)) == Place("f.yaml", 4, 5)
    assert document.place(("b", 1, "d")) == Place("f.yaml", 4, 16)
    assert document.place(("b", 1, "d"), key=True) == Place("f.yaml", 4, 13)
    assert document.place() == Place("f.yaml", 1, 1)


def test_the_place_of_something_missing_is_that_of_what_it_is_missing_in():
    document = read_yaml("a:\n  b: {c: 1}\n", "f")
    assert document.place(("a", "b", "x", "y")) == document.place(("a", "b")) == Place("f", 2, 6)
    assert document.place(("z",)) == Place("f", 1, 1)


def test_line_ends_of_all_systems_count():
    assert read_yaml("a: 1\r\nb: 2\r\n", "f").place(("b",)) == Place("f", 2, 4)


def test_a_byte_order_mark_is_skipped():
    assert read_yaml("\ufeffa: 1", "f").place(("a",)) == Place("f", 1, 4)


def test_aliases_stand_where_they_are_used_and_their_insides_where_they_are_written():
    document = read_yaml("a: &x {k: 1}\nb: *x\n", "f")
    assert document.data == {"a": {"k": 1}, "b": {"k": 1}}
    assert document.place(("b",)) == Place("f", 2, 4)
    assert document.place(("b", "k")) == Place("f", 1, 11)


def test_merges_do_not_overrule_what_is_written():
    text = "x: &x {a: 1, b: 2}\ny: &y {a: 9, c: 3}\nz:\n  b: 7\n  <<: [*x, *y]\n  d: 4\n"
    document = read_yaml(text, "f")
    assert document.data["z"] == {"a": 1, "b": 7, "c": 3, "d": 4}
    assert document.place(("z", "c")) == Place("f", 2, 17)


def test_an_inline_mapping_can_be_merged():
    assert read_yaml("a: {<<: {b: 1}, c: 2}", "f").data == {"a": {"b": 1, "c": 2}}


def test_a_quoted_merge_key_is_a_plain_key():
    assert read_yaml("a: {'<<': 1}", "f").data == {"a": {"<<": 1}}


@pytest.mark.parametrize(
    ("text", "place", "given", "allowed"),
    [
        ("a: b: c", "1:5", "mapping values are not allowed here", "YAML 1.2"),
        ("a: 1\n\tb: 2", "2:1", "'\\tb: 2'", "indent with spaces, never with tabs"),
        ("a: [1, 2", "1:9", "the end of the text", "YAML 1.2"),
        ("a: @b", "1:4", "'@b'", "YAML 1.2"),
        ('a: "\\UFFFFFFFF"', "1:2", "no YAML can be made of it", "YAML 1.2"),
        ("a: 1\nb: 2\na: 3", "3:1", "key 'a' is given twice, first in line 1", "each key once"),
        ("a: 1\n'a': 3", "2:1", "key 'a' is given twice", "each key once"),
        (
            "a: !!python/object/apply:os.system [x]",
            "1:4",
            "tag !!python/object/apply:os.system",
            "plain values",
        ),
        ("a: !mine 5", "1:4", "tag !mine", "plain values"),
        ("a: !!int 5", "1:4", "tag !!int", "plain values"),
        ("a: *x", "1:4", "alias *x has no anchor above it", "none is defined above"),
        ("b: &y 1\na: *x", "2:4", "alias *x has no anchor above it", "*y"),
        ("a: &x [1, *x]", "1:11", "alias *x stands inside its own anchor", "no loops"),
        ("a: &x {b: {c: *x}}", "1:15", "alias *x stands inside its own anchor", "no loops"),
        ("? [a, b]\n: 1", "1:3", "a list or mapping cannot be a key", "a name or a whole number"),
        ("x: &x [1]\n*x : 2", "2:1", "[1] cannot be a key", "a name or a whole number"),
        ("true: 1", "1:1", "true cannot be a key", "a name or a whole number"),
        ("~: 1", "1:1", "nothing cannot be a key", "a name or a whole number"),
        ("1.0: 1", "1:1", "1.0 cannot be a key", "a name or a whole number"),
        ("a: 1\n---\nb: 2", "2:1", "a second document starts here", "one document a file"),
        ("a: .nan", "1:4", ".nan is not a number", "a finite number"),
        ("a: -.INF", "1:4", "-.INF is not a number", "a finite number"),
        ("a: 1e999", "1:4", "1e999 is too large", "at most 30 digits"),
        ("a: 1e-99999999999", "1:4", "1e-99999999999 is too large or too fine", "at most 30 digits"),
        (f"a: {'9' * 5000}", "1:4", "99999999999999999999… (5000 characters)", "at most 30 digits"),
        ("a: b\x00", "1:5", "U+0000", "printable characters"),
        ("a: 1\nb: \ud800", "2:4", "U+D800", "printable characters"),
        ("", "1:1", "the file is empty", "one YAML document"),
        ("# only a remark\n", "1:1", "the file is empty", "one YAML document"),
        ("a: {<<: 5}", "1:9", "<< can only merge mappings", "an alias of a mapping"),
        ("a: {<<: [{b: 1}, 5]}", "1:18", "<< can only merge mappings", "an alias of a mapping"),
        ("x: &x {a: 1}\ny: {<<: *x, <<: *x}", "2:13", "key << is given twice", "one <<"),
        (BOMB, "6:25", "aliases and merges expand to more than 100000 values", "at most 100000"),
        ("a: " + "[" * (MAX_DEPTH + 1), f"1:{3 + MAX_DEPTH}", "nested too deeply", "at most 64 levels"),
        ("[" * 100_000, "1:65", "nested too deeply", "at most 64 levels"),
        ("{a: " * 3_000, f"1:{1 + 4 * MAX_DEPTH}", "nested too deeply", "at most 64 levels"),
    ],
)
def test_bad_texts_are_refused_with_their_place(text, place, given, allowed):
    with pytest.raises(InputError) as caught:
        read_yaml(text, "f.yaml")
    message = str(caught.value)
    assert message.startswith(f"f.yaml:{place}: ")
    assert given in message
    assert allowed in caught.value.allowed


def test_too_long_a_text_is_refused():
    with pytest.raises(InputError, match=r"f\.yaml: the text has 5000001 characters; allowed: at most 5000000"):
        read_yaml("#" * (MAX_CHARACTERS + 1), "f.yaml")


def test_the_deepest_nesting_that_is_allowed_is_read():
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f").data


def test_a_merge_bomb_is_refused():
    wide = ", ".join(f"k{n}: {n}" for n in range(400))
    text = f"a: &a {{{wide}}}\n" + "".join(f"b{n}: {{<<: *a}}\n" for n in range(300))
    with pytest.raises(InputError, match="expand to more than 100000 values"):
        read_yaml(text, "f")


def test_a_bomb_costs_neither_time_nor_memory():
    read_yaml("a: 1", "warm")
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(InputError):
        read_yaml(BOMB, "f")
    seconds = time.perf_counter() - started
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 0.5  # 10 ms on a quiet machine, without tracing
    assert memory < 5_000_000
