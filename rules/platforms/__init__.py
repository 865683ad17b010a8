"""Platforms 平台: how live systems compute, one file each: what a plan with `platform: NAME` gets by default.

A profile fills `semantics`, `settlement`, `withdrawal`, `attribution` and `caps.levels`; a key that the plan states
itself wins. The facts are readings of the platforms' own code, tests and documentation; each file says which.
"""

from __future__ import annotations

from rules.platforms.crmeb_java import CRMEB_JAVA
from rules.platforms.crmeb_php import CRMEB_PHP
from rules.platforms.dub import DUB
from rules.platforms.likeshop import LIKESHOP
from rules.platforms.profile import Platform, PlatformName, with_defaults
from rules.platforms.yudao import YUDAO

PLATFORMS: dict[PlatformName, Platform] = {one.name: one for one in (YUDAO, CRMEB_PHP, CRMEB_JAVA, LIKESHOP, DUB)}
"""Every shipped profile by its name."""


def with_platform(data: object) -> object:
    """A plan's data with the defaults of the platform it names; anything else as it is, for validation to judge."""
    name = data.get("platform") if isinstance(data, dict) else None
    platform = PLATFORMS.get(name) if isinstance(name, str) else None  # type: ignore[call-overload]
    return with_defaults(data, platform) if platform and isinstance(data, dict) else data
