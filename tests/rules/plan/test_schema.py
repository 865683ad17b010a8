"""The JSON schema that editors use, and the words made of it."""

import re

from pydantic import TypeAdapter

from rules.cases.model import Case
from rules.compliance.rulebook import Rulebook
from rules.plan.model import Plan
from rules.plan.schema import in_words, schema, schemas_at
from rules.plan.values import ClockTime, Day, LocalTime, Multiplier, Rate, SignedYuan, Yuan
from sim.scenario import Scenario


def test_money_and_rates_are_text_or_number_with_a_pattern_and_a_description():
    for kind in (Yuan, SignedYuan, Rate, Multiplier):
        shown = TypeAdapter(kind).json_schema()
        assert shown["type"] == ["string", "number"]
        assert shown["description"]
        assert re.match(shown["pattern"], "1.5")


def test_times_are_text_with_a_pattern():
    for kind, text in ((ClockTime, "02:00"), (Day, "2026-01-05"), (LocalTime, "2026-01-05 10:00")):
        shown = TypeAdapter(kind).json_schema()
        assert shown["type"] == "string"
        assert re.match(shown["pattern"], text)


def test_every_file_format_has_a_schema():
    for model in (Plan, Case, Rulebook, Scenario):
        shown = schema(model)
        assert shown["$schema"].startswith("https://json-schema.org/")
        assert shown["additionalProperties"] is False


def test_a_schema_can_be_changed_by_whoever_asked_for_it():
    schema(Plan)["properties"].clear()
    assert schema(Plan)["properties"]


def test_keys_are_those_of_the_file():
    bracket = schema(Plan)["$defs"]["Bracket"]
    assert set(bracket["properties"]) == {"from", "rate"}


def test_a_rate_or_a_fixed_amount_can_stand_for_a_category():
    words = in_words(schemas_at(Plan, ("commission", "base", "levels", 0, "rates", "fmcg")))
    assert words.startswith("a rate from 0% to 100%")
    assert words.endswith("; or the key fixed")


def test_words_for_places():
    assert in_words(schemas_at(Plan, ("caps", "levels"))) == "a whole number from 1 to 8"
    assert in_words(schemas_at(Plan, ("semantics", "freight"))) == "exclude, include"
    assert in_words(schemas_at(Plan, ("withdrawal", "real_name"))) == "true or false"
    assert in_words(schemas_at(Plan, ("campaigns", 0, "days"))) == "a list of 2"
    assert in_words(schemas_at(Plan, ("campaigns", 0, "days", 1))) == "a whole number from 0 to 36500"
    assert in_words(schemas_at(Plan, ("nowhere", 3))) == ""
