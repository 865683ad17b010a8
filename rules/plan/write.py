"""Writing a plan back as a file: what `rules.plan.read` makes of it is the same plan."""

from __future__ import annotations

from io import StringIO

from ruamel.yaml import YAML

from rules.plan.model import Plan


def plan_data(plan: Plan) -> dict[str, object]:
    """The plan as plain data, as it would stand in a file: every key that differs from its default."""
    data = plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for name in ("rounding", "upline_snapshot"):
        given = getattr(plan.semantics, name)
        if isinstance(given, dict):
            data["semantics"][name] = dict(given)  # levels are numbers, which JSON would make text
    return {"plan": plan.plan} | data


def write_plan(plan: Plan) -> str:
    """The plan as YAML."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.allow_unicode, yaml.width = True, 110
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    text = StringIO()
    yaml.dump(plan_data(plan), text)
    return text.getvalue()
