"""Writing a plan back as a file: what `rules.plan.read` makes of it is the same plan."""

from __future__ import annotations

from io import StringIO

from ruamel.yaml import YAML

from rules.plan.model import Plan
from rules.platforms import PLATFORMS

_BY_LEVEL = {"rounding", "upline_snapshot"}


def plan_data(plan: Plan) -> dict[str, object]:
    """The plan as plain data, as it would stand in a file: every key that differs from its default."""
    data = plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if plan.platform:
        _against_platform(data, plan)
    stated = data.get("semantics", {})
    for name in stated.keys() & _BY_LEVEL:
        given = getattr(plan.semantics, name)
        stated[name] = (
            dict(given) if isinstance(given, dict) else given
        )  # levels are numbers, which JSON would make text
    return {"plan": plan.plan} | data


def _against_platform(data: dict[str, dict[str, object]], plan: Plan) -> None:
    """Make the sections that a platform fills state exactly what differs from its profile."""
    profile = Plan.model_validate({"platform": plan.platform, "ranks": [{"id": "member"}]})
    bare, whole = (one.model_dump(mode="json", by_alias=True) for one in (profile, plan))
    assert plan.platform
    for section in PLATFORMS[plan.platform].sections:
        stated, full = data.pop(section, {}), whole[section]
        differing = {key: stated.get(key, full[key]) for key in full if full[key] != bare[section][key]}
        if differing:
            data[section] = differing


def write_plan(plan: Plan) -> str:
    """The plan as YAML."""
    return write_yaml(plan_data(plan))


def write_yaml(data: object) -> str:
    """Plain data as YAML: short collections on a line, keys in their order."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.allow_unicode, yaml.width = True, 110
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    text = StringIO()
    yaml.dump(data, text)
    return text.getvalue()
