"""Mutants: small faults put into the rules one at a time, to see whether a test notices. `make mutants` runs some.

Kernels run as plain Python (`rules.plain`), so that nothing is compiled anew. Pytest collects the tests once; for each
mutant a child process is forked, the code of one function is replaced, and the tests that reach it run until one
fails. Properties get ten examples each, the same every time (FENXIAO_EXAMPLES). A mutant that no test notices
survives: its place and change are printed, and docs/TESTING.md says why.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import inspect
import math
import os
import random
import resource
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ("rules.money", "rules.pricing", "rules.engine", "rules.walk", "rules.orders", "rules.payout")
TESTS = ("tests/rules", "tests/scenarios")
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.And: ast.Or, ast.Or: ast.And, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_CALLS = {"min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, what was changed, and the function's code with it."""

    module: str
    function: str
    line: int
    change: str
    code: types.CodeType

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: {self.change}"


def mutants_of(name: str) -> Iterator[Mutant]:
    """All mutants of the functions of a module."""
    module = importlib.import_module(name)
    assert module.__file__
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for owner, node in _functions(tree):
        for line, change, mutated in _mutated(node):
            yield Mutant(name, f"{owner}{node.name}", line, change, _compiled(tree, owner, mutated, module.__file__))


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not _stub(inner):
                    yield f"{node.name}.", inner


def _stub(node: ast.FunctionDef) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant)


def _mutated(function: ast.FunctionDef) -> Iterator[tuple[int, str, ast.FunctionDef]]:
    """Copies of a function with one change each; text, annotations and errors to be raised stay as they are."""
    for number, node in enumerate(_body(function)):
        for change, apply in _changes(node):
            twin = copy.deepcopy(function)
            apply(list(_body(twin))[number])
            yield getattr(node, "lineno", function.lineno), change, ast.fix_missing_locations(twin)


def _body(function: ast.FunctionDef) -> Iterator[ast.AST]:
    todo: list[ast.AST] = list(reversed(function.body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.Assert) or _words(node):
            continue
        yield node
        todo += reversed([one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.arguments)])
        if isinstance(node, ast.AnnAssign):
            todo.remove(node.annotation)


def _words(node: ast.AST) -> bool:
    """Whether a node only makes words for people: a docstring, a step of an explanation."""
    call = node.func if isinstance(node, ast.Call) else None
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or (isinstance(call, ast.Name) and call.id in ("Step", "InputError", "_said"))


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    match node:
        case ast.Compare(ops=[op]) | ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.AugAssign(op=op) if type(op) in _SWAPS:
            other = _SWAPS[type(op)]
            yield f"{ast.unparse(node)}: {type(op).__name__} → {other.__name__}", lambda twin: _swap(twin, other())
        case ast.Constant(value=bool() as value):
            yield f"{value} → {not value}", lambda twin: setattr(twin, "value", not value)
        case ast.Constant(value=int() as value):
            yield f"{value} → {value + 1}", lambda twin: setattr(twin, "value", value + 1)
        case ast.UnaryOp(op=ast.Not()):
            yield f"{ast.unparse(node)}: without not", _without_not
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield f"{ast.unparse(node)}: {name} → {_CALLS[name]}", lambda twin: setattr(twin.func, "id", _CALLS[name])
    if isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield f"without {ast.unparse(node)}", _remove


def _swap(node: ast.AST, op: ast.AST) -> None:
    if isinstance(node, ast.Compare):
        node.ops = [op]  # type: ignore[list-item]
    else:
        node.op = op  # type: ignore[attr-defined]


def _without_not(node: ast.AST) -> None:
    node.op = ast.UAdd()  # type: ignore[attr-defined]
    node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])  # type: ignore[attr-defined]


def _remove(node: ast.AST) -> None:
    """Turn a statement into one that does nothing."""
    node.__class__ = ast.Pass
    node._fields = ()


def _compiled(tree: ast.Module, owner: str, function: ast.FunctionDef, file: str) -> types.CodeType:
    bare = copy.copy(function)
    bare.decorator_list = []
    body: list[ast.stmt] = [*(n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"), bare]
    code = compile(ast.fix_missing_locations(ast.Module(body, [])), file, "exec")
    return next(one for one in code.co_consts if isinstance(one, types.CodeType) and one.co_name == function.name)


def _target(mutant: Mutant) -> types.FunctionType:
    found: object = importlib.import_module(mutant.module)
    for part in mutant.function.split("."):
        found = inspect.getattr_static(found, part)
    found = getattr(found, "fget", None) or getattr(found, "__func__", found)
    return inspect.unwrap(found)  # type: ignore[arg-type,return-value]


class Hunt:
    """The pytest plugin: runs all tests once, noting which functions each reaches, then hunts mutant after mutant.

    Only tests that reach the function of a mutant can notice it. First come those that caught a mutant of the same
    function, then of the same module, then the quick ones, until `effort` seconds are used up.
    """

    def __init__(self, mutants: list[Mutant], effort: float, until: float) -> None:
        self.mutants, self.effort, self.until = mutants, effort, until
        self.survivors, self.hunted = list[Mutant](), 0
        self.failed = self.done = False
        self.took = dict[object, float]()
        self.reached = dict[object, set[int]]()
        self.catches = Counter[tuple[object, str]]()

    def pytest_runtest_logreport(self, report: object) -> None:
        self.failed |= bool(report.failed)  # type: ignore[attr-defined]

    def pytest_runtestloop(self, session: object) -> bool:
        if session.testsfailed:  # type: ignore[attr-defined]
            raise SystemExit("not all tests could be collected")
        wanted = {id(_target(mutant).__code__) for mutant in self.mutants}
        for item in session.items:  # type: ignore[attr-defined]
            self._run_unchanged(item, wanted)
        items = [item for item in self.took if self.reached[item]]
        print(f"{len(items)} tests, {sum(map(self.took.get, items)):.0f} s; {len(self.mutants)} mutants", flush=True)
        for mutant in self.mutants:
            if time.monotonic() > self.until:
                break
            if not self._noticed(mutant, items):
                self.survivors.append(mutant)
                print(f"survived: {mutant}", flush=True)
            self.hunted += 1
            if self.hunted % 25 == 0:
                print(f"{self.hunted} of {len(self.mutants)}, {len(self.survivors)} survived", flush=True)
        self.done = True
        return True

    def _run_unchanged(self, item: object, wanted: set[int]) -> None:
        reached = self.reached[item] = set()  # the code is known by its id: to hash it takes longer than most kernels

        def note(frame: types.FrameType, *_: object) -> None:
            if id(frame.f_code) in wanted:
                reached.add(id(frame.f_code))

        begin = time.process_time()
        sys.settrace(note)
        self._run(item)
        sys.settrace(None)
        self.took[item] = time.process_time() - begin
        if self.failed:
            raise SystemExit(f"{item.nodeid} fails without any mutant")  # type: ignore[attr-defined]

    def _run(self, item: object) -> None:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)  # type: ignore[attr-defined]

    def _noticed(self, mutant: Mutant, items: list[object]) -> bool:
        """Whether a test fails with a mutant, or does not come to an end."""
        target, places = _target(mutant), (f"{mutant.module}:{mutant.function}", mutant.module)

        def order(item: object) -> tuple[float, ...]:
            return (*(-self.catches[item, place] for place in places), self.took[item])

        able = sorted((item for item in items if id(target.__code__) in self.reached[item]), key=order)
        effort = accumulate(self.took[item] for item in able)
        able = [item for item, seconds in zip(able, effort, strict=True) if seconds <= self.effort]
        caught_by = self._catch(mutant, able)
        if caught_by is not None and caught_by < len(able):
            self.catches.update((able[caught_by], place) for place in places)
        return caught_by is not None

    def _catch(self, mutant: Mutant, items: list[object]) -> int | None:
        """The place of the test that fails with a mutant; len(items) if one did not end; None if no test fails."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            _target(mutant).__code__ = mutant.code
            for place, item in enumerate(items):
                signal.setitimer(signal.ITIMER_VIRTUAL, 3 + 5 * self.took[item])
                with contextlib.suppress(BaseException):
                    self._run(item)
                    if not self.failed:
                        continue
                os.write(write, str(place).encode())
                break
            os._exit(0)
        os.close(write)
        status = os.waitpid(child, 0)[1]
        place = os.read(read, 20)
        os.close(read)
        if place:
            return int(place)
        return len(items) if status else None


def main() -> int:
    """The command: 0 if at least the wanted share of mutants was noticed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("modules", nargs="*", default=MODULES, help=f"default: {' '.join(MODULES)}")
    parser.add_argument("--sample", type=int, metavar="N", help="only N mutants, drawn at random, in that order")
    parser.add_argument("--seed", type=int, default=1, help="which ones (default: 1)")
    parser.add_argument("--part", default="1/1", help="this part of all, such as 1/2: for several processes")
    parser.add_argument("--effort", type=float, default=60, help="seconds of tests for one mutant (default: 60)")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so many (default: never)")
    parser.add_argument("--tests", nargs="*", default=TESTS, metavar="PATH", help=f"default: {' '.join(TESTS)}")
    options = parser.parse_args()
    if not os.environ.get("FENXIAO_PLAIN"):
        os.environ["FENXIAO_PLAIN"] = "1"
        os.environ.setdefault("FENXIAO_EXAMPLES", "10")
        os.execv(sys.executable, [sys.executable, *sys.argv])
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    import pytest

    found = [mutant for name in _expanded(options.modules) for mutant in mutants_of(name)]
    if options.sample:
        options.sample = min(options.sample, len(found))
        found = random.Random(options.seed).sample(found, options.sample)
    part, parts = map(int, options.part.split("/"))
    hunt = Hunt(found[part - 1 :: parts], options.effort, time.monotonic() + 60 * options.minutes)
    tests = [str(ROOT / one) for one in options.tests]
    quiet = ["-o", "addopts=", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:terminal"]
    if pytest.main([*quiet, *tests], plugins=[hunt]) != 0 or not hunt.done:
        print("the hunt broke off", file=sys.stderr)
        return 2
    caught = hunt.hunted - len(hunt.survivors)
    score = caught / max(1, hunt.hunted)
    print(f"\n{hunt.hunted} mutants, {caught} noticed, score {score:.1%}; survivors:")
    print("\n".join(sorted(map(str, hunt.survivors))))
    return 0 if score >= 0.85 else 1


def _expanded(names: list[str]) -> Iterator[str]:
    """Modules; a package stands for all in it."""
    for name in names:
        path = ROOT / name.replace(".", "/")
        if path.is_dir():
            yield from sorted(f"{name}.{one.stem}" for one in path.glob("*.py") if one.stem != "__init__")
        else:
            yield name


if __name__ == "__main__":
    sys.exit(main())
