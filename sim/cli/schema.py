"""`fenxiao schema`: the file formats as JSON Schema, for editors."""

from __future__ import annotations

import click
from pydantic import BaseModel

from rules.cases.model import Case
from rules.compliance.rulebook import Rulebook
from rules.plan.model import Plan
from rules.plan.schema import schema as schema_of
from sim.behaviour.given import BehaviourFile
from sim.claims.model import Family
from sim.cli.common import json_option, print_json
from sim.imports.mapping import Mapping
from sim.risk.content import ContentRules
from sim.scenario import Scenario

FORMATS: dict[str, type[BaseModel]] = {
    "plan": Plan,
    "case": Case,
    "scenario": Scenario,
    "rulebook": Rulebook,
    "content": ContentRules,
    "claims": Family,
    "mapping": Mapping,
    "behaviour": BehaviourFile,
}


@click.command(help="Print the JSON Schema of a file format, for editors that complete and check YAML.")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(list(FORMATS)), default="plan")
@json_option
def schema(format_name: str, as_json: bool) -> int:
    """Print the JSON Schema of a format; it is JSON with and without --json."""
    print_json(schema_of(FORMATS[format_name]))
    return 0
