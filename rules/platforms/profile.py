"""A profile: the sections of a plan that a platform's own code settles, as they would stand in a plan file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.plan.values import Title

PlatformName = Literal["yudao", "crmeb_php", "crmeb_java", "likeshop", "dub"]


@dataclass(frozen=True)
class Platform:
    """One platform.

    Attributes:
        sections: defaults by section and key, written as in a plan file.
        source: where its mechanics were read.
    """

    name: PlatformName
    title: Title
    source: str
    sections: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def with_defaults(data: Mapping[str, object], platform: Platform) -> dict[str, object]:
    """A plan's data with the platform's defaults under what the plan itself states."""
    merged = dict(data)
    for section, defaults in platform.sections.items():
        stated = data.get(section, {})
        if isinstance(stated, Mapping):  # anything else is refused where the plan is validated
            merged[section] = {**defaults, **stated}
    return merged
