"""A platform's configuration as a plan, and a plan as a platform's configuration, with what is lost on the way.

What a platform cannot express is found, not listed by hand: the configuration is read back, and whatever is another
plan then was lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from rules.errors import InputError, Place, shown
from rules.plan.model import Plan
from rules.plan.read import parse_plan
from rules.platforms import PLATFORMS
from sim.handover.configs.convert import ConfigData, Converter
from sim.handover.configs.crmeb_java import CRMEB_JAVA
from sim.handover.configs.crmeb_php import CRMEB_PHP
from sim.handover.configs.dub import DUB
from sim.handover.configs.likeshop import LIKESHOP
from sim.handover.configs.yudao import YUDAO
from sim.handover.given import Given, read_config

CONVERTERS = {one.platform: one for one in (YUDAO, CRMEB_PHP, CRMEB_JAVA, LIKESHOP, DUB)}
_SHOWN = 12


@dataclass(frozen=True)
class Taken:
    """A plan made of a configuration, and what has to be said about it."""

    plan: Plan
    notes: list[str]


@dataclass(frozen=True)
class Lost:
    """Something of a plan that a platform cannot express: where it stands, what it says, what the platform does."""

    path: str
    plan: object
    platform: object

    def __str__(self) -> str:
        return f"{self.path}: {shown(self.plan)} → {shown(self.platform)}"


@dataclass(frozen=True)
class Written:
    """A plan as a platform's configuration, and what of it was lost."""

    config: ConfigData
    lost: list[Lost]


def converter(name: str) -> Converter:
    """The converter of a platform.

    Raises:
        InputError: there is none of that name.
    """
    found = next((one for one in CONVERTERS.values() if one.platform == name), None)
    if found is None:
        close = get_close_matches(name, list(CONVERTERS), n=1)
        question = f" (did you mean {close[0]}?)" if close else ""
        raise InputError(f"there is no platform {shown(name)}{question}", allowed=", ".join(CONVERTERS))
    return found


def plan_from(name: str, text: str, file: str) -> Taken:
    """The plan in a platform's configuration.

    Args:
        name: the platform.
        text: its configuration: JSON, or an SQL dump.
        file: the file name that messages begin with.

    Raises:
        InputError: with line and column of what cannot be read or used.
    """
    platform = converter(name)
    given = read_config(text, file, platform.shape)
    data = platform.plan_of(given)
    if not given.found:
        allowed = f"such as {', '.join(given.asked[:_SHOWN])}"
        raise InputError(f"no setting in the file is one of {name}", Place(file, 1, 1), allowed)
    return Taken(_plan(platform, data, file), [*given.notes, *_unused(given)])


def _plan(platform: Converter, data: dict[str, object], file: str) -> Plan:
    try:
        return parse_plan({"plan": platform.platform, "platform": platform.platform, **data})
    except InputError as error:
        raise InputError(f"the settings make no plan: {error.message}", Place(file, 1, 1), error.allowed) from error


def _unused(given: Given) -> Iterator[str]:
    if unused := given.unused:
        more = f" and {len(unused) - _SHOWN} more" if len(unused) > _SHOWN else ""
        yield f"no counterpart in a plan, left out: {', '.join(unused[:_SHOWN])}{more}"


def plan_to(name: str, plan: Plan) -> Written:
    """A plan as a platform's configuration, as near as the platform comes to it."""
    platform = converter(name)
    config = platform.config_of(plan)
    back = _plan(platform, platform.plan_of(Given.of(config, platform.shape)), name)
    return Written(config, list(_lost("", _whole(plan), _whole(back))))


def _whole(plan: Plan) -> dict[str, object]:
    """A plan with every key, defaults too, but without what it is called."""
    data = plan.model_dump(mode="json", by_alias=True)
    return {key: value for key, value in data.items() if key not in ("plan", "title", "platform", "start")}


def _lost(path: str, plan: object, platform: object) -> Iterator[Lost]:
    if isinstance(plan, dict) and isinstance(platform, dict):
        for key in dict.fromkeys([*plan, *platform]):
            yield from _lost(f"{path}.{key}" if path else str(key), plan.get(key), platform.get(key))
    elif isinstance(plan, list) and isinstance(platform, list) and len(plan) == len(platform):
        for place, (one, other) in enumerate(zip(plan, platform, strict=True)):
            yield from _lost(f"{path}[{place}]", one, other)
    elif plan != platform:
        yield Lost(path, plan, platform)


assert set(CONVERTERS) == set(PLATFORMS)
