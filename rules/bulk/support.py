"""Which plans the bulk engine computes. A plan that states anything else is refused by name; the event engine takes it.

The lists name what is known here, so a key or a value that is added to the plan format is refused until somebody has
thought about it here too. Hold, settlement and withdrawal move money that is earned; they change no amount. Points,
coupons and how a discount is split are in what was paid already. Bonuses for promotion streaks are known, but paid for
shares and clicks, and disputes come by an event; columns hold none of these.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.plan.model import Plan
from rules.plan.values import Section

_KNOWN = {
    "Plan": "plan title platform start ranks attribution commission bonuses points coupons care messages campaigns "
    "caps semantics settlement disputes withdrawal recommend",
    "Rank": "id title join effective promote demote",
    "JoinRule": "orders spend need",
    "TargetRule": "months promoted_volume personal_volume direct_team_volume need",
    "Attribution": "who bind_on keep on_conflict",
    "Commission": "base ladder team",
    "Base": "levels",
    "BaseLevel": "level rates skus by_rank ranks minimum of",
    "Fixed": "fixed",
    "Percentage": "rate",
    "Ladder": "period measure mode brackets ranks",
    "Bracket": "from_ rate",
    "Team": "period measure rate ranks",
    "Bonus": "id event pay days ranks",
    "Campaign": "id days dates categories skus ranks multiply",
    "Multiply": "base",
    "Caps": "levels order_ratio member_day trim over_cap",
    "Semantics": "base_on base_round freight freight_split rounding round_per entry_per sku_left_out rank_rate stack "
    "discount_split discount_order discount_weights rate_snapshot upline_snapshot unbound_at_create promoter_by "
    "eligible_at settle_while_refund_open frozen_at_settlement hold_from hold_boundary ineligible_level partial_refund "
    "clawback_unit refund_after_payout late_refund self_purchase clawback_rounding fee_rounding",
}
"""Keys by section; another key must be off, that is, at its default."""

_ROUNDINGS = "floor half_up half_even ceil"
_VOLUMES = "personal_volume promoted_volume direct_team_volume"
_PERIODS = "day week month"
_VALUES = {
    ("Attribution", "keep"): "permanent last_click",
    ("Rank", "effective"): "at_once",
    ("BaseLevel", "of"): "sale",
    ("Ladder", "period"): _PERIODS,
    ("Ladder", "measure"): _VOLUMES,
    ("Ladder", "mode"): "whole marginal",
    ("Team", "period"): _PERIODS,
    ("Team", "measure"): _VOLUMES,
    ("Bonus", "event"): "first_promoted_order promotion_streak",
    ("Caps", "trim"): "far_levels_first pro_rata bonuses_first",
    ("Caps", "over_cap"): "forfeit",
    ("Semantics", "base_on"): "paid list member_price",
    ("Semantics", "base_round"): "none line unit",
    ("Semantics", "freight"): "exclude include",
    ("Semantics", "rounding"): _ROUNDINGS,
    ("Semantics", "round_per"): "line unit",
    ("Semantics", "entry_per"): "line",
    ("Semantics", "rate_snapshot"): "pay",
    ("Semantics", "upline_snapshot"): "pay",
    ("Semantics", "unbound_at_create"): "pay",
    ("Semantics", "promoter_by"): "rank",
    ("Semantics", "eligible_at"): "pay",
    ("Semantics", "clawback_unit"): "exact",
    ("Semantics", "ineligible_level"): "skip stop compress",
    ("Semantics", "partial_refund"): "pro_rata cancel_line cancel_order none",
    ("Semantics", "late_refund"): "recompute at_paid_rate keep",
    ("Semantics", "self_purchase"): "none as_level_1",
    ("Semantics", "clawback_rounding"): "floor ceil half_up",
}
"""By section and key: the values that are computed, where not every value is."""

_WITH_REFUNDS = {("Semantics", "refund_after_payout"): "negative_balance"}
"""The same, if anything is refunded: the other values ask what has been paid out."""

_IGNORED = ("settlement", "disputes", "withdrawal", "points", "coupons", "care", "messages", "title", "recommend")


def why_not(plan: Plan, refunds: bool) -> str | None:
    """Why the bulk engine does not compute a plan on orders with or without refunds; None if it does."""
    return next(_unknown(plan, "plan", _VALUES | (_WITH_REFUNDS if refunds else {})), None)


def _unknown(section: Section, path: str, values: dict[tuple[str, str], str]) -> Iterator[str]:
    """What in a section is not computed here, as `path: value`."""
    kind = type(section).__name__
    known = _KNOWN.get(kind, "").split()
    for name, field in type(section).model_fields.items():
        given, here = getattr(section, name), f"{path}.{name}"
        if name not in known:
            if given != field.get_default(call_default_factory=True):
                yield f"{here}: {given}"
        elif name not in _IGNORED:
            stated = _chosen(given) if (kind, name) in values else []
            yield from (f"{here}: {one}" for one in stated if one not in values[kind, name].split())
            yield from _unknown_below(given, here, values)


def _chosen(given: object) -> list[str]:
    """The words that a setting chooses: one, the first of a pair, several, or one by level."""
    if isinstance(given, dict | list):
        return list(map(str, given.values() if isinstance(given, dict) else given))
    return [str(given[0] if isinstance(given, tuple) else given)]


def _unknown_below(given: object, path: str, values: dict[tuple[str, str], str]) -> Iterator[str]:
    if isinstance(given, Section):
        yield from _unknown(given, path, values)
    elif isinstance(given, dict | list):
        for key, one in given.items() if isinstance(given, dict) else enumerate(given):
            yield from _unknown_below(one, f"{path}.{key}", values)
