"""What a study moves when nobody says: rates and rewards of the plan, each from half to one and a half of itself."""

from __future__ import annotations

from decimal import Decimal

from rules.errors import InputError
from rules.plan.dials import Dial, dials
from rules.plan.wording import NO_GLOSSARY, Glossary
from rules.plan.yaml import Data, Document, Path
from sim.studies.levers import Lever

_LESS, _MORE = Decimal("0.5"), Decimal("1.5")
_MOVED = ("commission.", "bonuses.")
_MOST = 100


def default_levers(plan: Document) -> tuple[Lever, ...]:
    """Percentages of commission and amounts of bonuses.

    Raises:
        InputError: the plan has none.
    """
    found = tuple(lever for dial in dials(plan) if (lever := _lever(dial, plan.data)))
    if not found:
        raise InputError("the plan states no rate and no reward that could be moved", allowed="--lever, at least one")
    return found


def movable(plan: Document, glossary: Glossary = NO_GLOSSARY) -> dict[str, Dial]:
    """Every number of a plan that a lever can move, by the lever's name."""
    found = {".".join(("plan", *called(plan.data, dial.path))): dial for dial in dials(plan, glossary)}
    return {name: dial for name, dial in found.items() if not dial.before}


def between(name: str, dial: Dial, low: Decimal, high: Decimal) -> Lever:
    """The lever that moves a number from one value to another.

    Raises:
        InputError: the first is not the smaller one.
    """
    if low >= high:
        raise InputError(f"{name} from {low} to {high}", allowed="a range that rises")
    side, *keys = name.split(".")
    assert side == "plan"
    return Lever("plan", tuple(keys), (low, high), True, dial.unit == "percent", dial.whole)


def _lever(dial: Dial, data: Data) -> Lever | None:
    if not dial.key.startswith(_MOVED) or dial.unit not in ("percent", "yuan") or dial.key.endswith(".from"):
        return None
    low, high = dial.value * _LESS, dial.value * _MORE
    if low >= high or (dial.unit == "percent" and high > _MOST):
        return None
    return Lever("plan", called(data, dial.path), (low, high), True, dial.unit == "percent", False)


def called(data: Data, path: Path) -> tuple[str, ...]:
    """The keys of a path, items of a list by their id or level."""
    keys = []
    for step in path:
        item = data[step]
        named = item.get("id", item.get("level")) if isinstance(data, list) and isinstance(item, dict) else None
        keys.append(str(step if named is None else named))
        data = item
    return tuple(keys)
