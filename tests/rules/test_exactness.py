"""Nothing in rules/ is a float: not a column, not an annotation, not a literal, not a division."""

import ast
import importlib
import pkgutil
from pathlib import Path

import numpy as np
import pytest

import rules
from rules.book import Book
from rules.plan.compiled import Compiled
from rules.plan.read import read_plan
from scenarios.find import find, names

MODULES = sorted(one.name for one in pkgutil.walk_packages(rules.__path__, "rules."))
FLOATS = {"float", "float16", "float32", "float64", "floating", "complex", "Floats"}


def kinds(dtype):
    """Kinds of all numbers in a dtype, sub-arrays and fields included."""
    if dtype.names:
        return {kind for name in dtype.names for kind in kinds(dtype[name])}
    return kinds(dtype.base) if dtype.subdtype else {dtype.kind}


@pytest.mark.parametrize("name", MODULES)
def test_no_record_of_the_rules_has_a_column_of_floats(name):
    for thing in vars(importlib.import_module(name)).values():
        if isinstance(thing, np.dtype):
            assert kinds(thing) <= {"i", "u", "b"}, thing
        if isinstance(thing, np.ndarray):
            assert kinds(thing.dtype) <= {"i", "u", "b"}, thing


@pytest.mark.parametrize("name", MODULES)
def test_no_source_of_the_rules_speaks_of_floats(name):
    module = importlib.import_module(name)
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex)), node.lineno
        divides = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        assert not divides, f"{name}:{node.lineno} divides into a float"
        word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
        assert word not in FLOATS, f"{name}:{node.lineno} {word}"


def test_no_array_of_a_book_or_of_compiled_plans_holds_floats():
    from rules.events import Names
    from rules.plan.compile import compile_plans

    plans = [read_plan(*find("plans", name)) for name in names("plans")]
    compiled = compile_plans(plans, Names(), 20_458)
    assert isinstance(compiled, Compiled)
    book = Book(np.zeros(1, "i8"), np.zeros((1, 1), np.int64))
    for holder in (compiled, book):
        arrays = [one for one in vars(holder).values() if isinstance(one, np.ndarray)]
        assert arrays
        assert all(kinds(one.dtype) <= {"i", "u", "b"} for one in arrays)
