"""What a reader of results has to know of a plan."""

from __future__ import annotations

from rules.payout.tax import RULES
from rules.plan.model import Plan
from rules.plan.values import Title

_TAX = Title(
    zh="代扣所用税表未与官方文本核对，正式使用前请税务顾问确认",
    en="tax is withheld by tables that nobody compared with the official text: have an adviser confirm them",
)


def notes(plan: Plan) -> list[Title]:
    """That its tax tables are not verified, where they are not."""
    return [_TAX] if any(not table.verified for table in RULES[plan.withdrawal.tax]) else []
