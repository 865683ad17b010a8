"""Spreading: shares of the shop hardly travel, recruitment goes deeper, and both fade as the market fills up."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.experiments.metric_names import Text
from sim.spread.cascades import cascades_of
from sim.spread.funnel import RIPE, Band, fall, fission_by_penetration
from sim.spread.trail import Trail
from sim.spread.virality import Shape, Trees, shape_of, trees_of
from sim.validation.claim import Claim, Estimate, estimate
from sim.validation.lives import trail
from sim.validation.sizes import Size, Worlds

LEAST_ONE_STEP, LEAST_DEEPER, LEAST_FALL = 0.85, 1.5, 0.5
DEEPEST = 6
"""Depth from which trees stand together in a chart."""
Kinds = tuple[Trees, Trees]
"""Cascades of shares, and recruitment trees."""


@cache
def trees(size: Worlds) -> list[Kinds]:
    """The trees of each world."""
    return [trees_in(trail(size.people, size.days, seed)) for seed in size.seeds]


def trees_in(left: Trail) -> Kinds:
    """The trees of a trail."""
    return trees_of(cascades_of(left).forest), trees_of(left.recruitment[1])


def shares_by_depth(kinds: list[Trees]) -> list[float]:
    """Which part of the trees of all worlds ends at each depth, from 0; the last holds all that go further."""
    depth: NDArray[np.int64] = np.concatenate([one.depth for one in kinds])
    parts: list[float] = (np.bincount(np.minimum(depth, DEEPEST), minlength=DEEPEST + 1) / max(len(depth), 1)).tolist()
    return parts


def _where(size: Worlds) -> Text:
    count = len(size.seeds)
    worlds = f"{count} worlds" if count > 1 else "1 world"
    return Text(
        f"商城 three_tier，{size.people:,} 人、{size.days} 天，{count} 个种子",
        f"market three_tier, {size.people:,} people, {size.days} days, {worlds}",
    )


def _interval(found: Estimate, form: str) -> str:
    interval = f" [{found.low:{form}}, {found.high:{form}}]" if found.low < found.high else ""
    return f"{found.mean:{form}}{interval}"


def measure_cascades(size: Size) -> Claim:
    """How many cascades of shares end within one step of whoever began them."""
    shares = [one for one, _ in trees(size.spread)]
    all_of_them = estimate([_known(shape_of(one).one_step) for one in shares])
    clicked = estimate([_known(shape_of(one).spread_one_step) for one in shares])
    where = _where(size.spread)
    return Claim(
        key="cascades",
        title=Text("分享级联：绝大多数止于一步", "Cascades of shares: nearly all end within one step"),
        measured=Text(
            f"{all_of_them.mean:.1%} 止于一步；有人点击者中 {clicked.mean:.1%}",
            f"{all_of_them.mean:.1%} end within one step; of those with a click {clicked.mean:.1%}",
        ),
        target=Text(f"≥ {LEAST_ONE_STEP:.0%}", f"≥ {LEAST_ONE_STEP:.0%}"),
        how=Text(
            f"{where.zh}；{sum(len(one.size) for one in shares):,} 个级联：点击后 7 天内的首次转发仍属同一级联",
            f"{where.en}; {sum(len(one.size) for one in shares):,} cascades, which go on with a visitor's first share "
            "within 7 days of the click",
        ),
        source="Goel, Watts & Goldstein 2012, EC '12: The structure of online diffusion networks",
        holds=min(all_of_them.mean, clicked.mean) >= LEAST_ONE_STEP,
        figures={
            "one_step": all_of_them.mean, "clicked_one_step": clicked.mean, "by_depth": shares_by_depth(shares),
            "clicked_by_depth": shares_by_depth([one.only(one.size > 1) for one in shares]),
        },
    )  # fmt: skip


def measure_recruitment(size: Size) -> Claim:
    """How many times deeper recruitment trees are than cascades of shares, on average of those that spread."""
    kinds = trees(size.spread)
    ratio = estimate([_deep(shape_of(grown)) / _deep(shape_of(shared)) for shared, grown in kinds])
    where = _where(size.spread)
    return Claim(
        key="recruitment",
        title=Text("邀请树比分享级联深", "Recruitment trees are deeper than cascades of shares"),
        measured=Text(f"{_interval(ratio, '.2f')} 倍", f"{_interval(ratio, '.2f')} times"),
        target=Text(f"≥ {LEAST_DEEPER} 倍", f"≥ {LEAST_DEEPER} times"),
        how=Text(
            f"{where.zh}；有后续者的平均深度之比，方括号为 95% 区间；邀请树随时间变深，分享级联不会",
            f"{where.en}; mean depth of those with more than one person, 95 % interval; recruitment grows with time, "
            "cascades do not",
        ),
        source="Anderson, Huttenlocher, Kleinberg, Leskovec & Tiwari 2015, WWW '15: Global diffusion via cascading "
        "invitations (LinkedIn); the factor of 1.5 is ours",
        holds=ratio.mean >= LEAST_DEEPER,
        figures={
            "ratio": vars(ratio),
            "shares_by_depth": shares_by_depth([one.only(one.size > 1) for one, _ in kinds]),
            "recruitment_by_depth": shares_by_depth([one.only(one.size > 1) for _, one in kinds]),
        },
    )


def measure_saturation(size: Size) -> Claim:
    """By how much K falls as the market fills up."""
    worlds = [
        fission_by_penetration(trail(size.saturation.people, size.saturation.days, seed))
        for seed in size.saturation.seeds
    ]
    falls = [fall(bands) for bands in worlds]
    reached = [one for one in falls if one is not None]
    found = estimate(reached) if len(reached) == len(falls) else None
    where = _where(size.saturation)
    return Claim(
        key="saturation",
        title=Text("饱和：渗透率 10% → 60%，K 下降", "Saturation: K falls from 10 % to 60 % penetration"),
        measured=Text(f"下降 {_interval(found, '.0%')}", f"falls by {_interval(found, '.0%')}")
        if found
        else Text("未达到 60%", "60 % not reached"),
        target=Text(f"≥ {LEAST_FALL:.0%}", f"≥ {LEAST_FALL:.0%}"),
        how=Text(
            f"{where.zh}，参数均为默认；K 为入会 {RIPE} 天内带来的注册人数，按入会时的渗透率分组，不含种子",
            f"{where.en}, all parameters as shipped; K is whom a member brought in her first {RIPE} days, by "
            "penetration when she joined, seeds left out",
        ),
        source="Final size of an epidemic (Kermack & McKendrick 1927); the bound of 50 % is ours",
        holds=found is not None and found.mean >= LEAST_FALL,
        figures={"fall": vars(found) if found else None, **_by_penetration(worlds)},
    )


def _by_penetration(worlds: list[list[Band]]) -> dict[str, list[float]]:
    """Penetration in the middle of each band that has members in every world, and the mean of K with its interval."""
    full = [bands for bands in zip(*worlds, strict=False) if all(band.k is not None for band in bands)]
    found = [estimate([_known(band.k) for band in bands]) for bands in full]
    return {
        "penetration": [(bands[0].low + bands[0].high) / 2 for bands in full],
        "k": [one.mean for one in found],
        "low": [one.low for one in found],
        "high": [one.high for one in found],
    }


def _deep(shape: Shape) -> float:
    return _known(shape.mean_depth)


def _known(value: float | None) -> float:
    assert value is not None, "a world without trees"
    return value
