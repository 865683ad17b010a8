"""A payment notice that comes twice, under a plan with the fault that pays it twice: both engines, worked by hand."""

from engines_agree import assert_same
from random_worlds import NAMES, START_DAY

from rules.engine import Engine
from rules.events import DAY, Kind, blank
from rules.plan.model import Plan
from rules.trace import ReadableEngine


def test_what_a_repeated_notice_pays_is_held_and_settled_by_itself() -> None:
    """10.00 of 100.00 wait for receipt; the same again, of the second notice, is held for seven days from then."""
    plan = Plan.model_validate(
        {
            "ranks": [{"id": "member"}],
            "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}},
            "semantics": {"defects": ["repeated_notice_pays"]},
        }
    )
    engines = [kind([plan], NAMES, 2, START_DAY) for kind in (Engine.open, ReadableEngine)]

    def tell(day: int, kind: Kind, member: int = -1, other: int = -1) -> tuple[int, int, int]:
        event = blank(1)
        event["time"], event["kind"], event["member"], event["other"] = (START_DAY + day) * DAY, kind, member, other
        event["order"], event["line"], event["quantity"], event["price"] = 0, 1, 1, 10_000
        for engine in engines:
            engine.apply(event)
        assert_same(*engines)
        row = engines[0].book.members[0]
        return int(row["pending"]), int(row["held"]), int(row["available"])

    tell(0, Kind.register, 0)
    tell(0, Kind.register, 1, 0)
    tell(0, Kind.order, 1)
    assert tell(0, Kind.pay) == (1_000, 0, 0)
    assert tell(0, Kind.pay) == (1_000, 1_000, 0)
    assert tell(8, Kind.tick) == (1_000, 0, 1_000)
    assert tell(8, Kind.receive) == (0, 1_000, 1_000)
    assert tell(16, Kind.tick) == (0, 0, 2_000)
