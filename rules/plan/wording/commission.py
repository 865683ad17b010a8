"""Commission in words: base rates by level, rank and category; the ladder; the team share."""

from __future__ import annotations

from collections.abc import Iterator

from rules.commission.base import BaseLevel, Fixed, RateOrFixed, RatesByCategory, stated_rate
from rules.plan.wording.words import (
    EVERY,
    MEASURES,
    PERIOD,
    Part,
    Path,
    Sentence,
    Table,
    Terms,
    Words,
    both,
    capital,
    money,
    rate,
    say,
)

_LEVELS: Path = ("commission", "base", "levels")


_OF = {
    "sale": Words("", ""),
    "level_1_commission": Words(
        "；比例按第 1 级在同一商品上的佣金计算，不按商品金额",
        "; rates are of level 1's commission on the same goods, not of the goods",
    ),
}


def base(terms: Terms) -> Iterator[Part]:
    """What each level of the upline earns on an order."""
    plan = terms.plan
    paid = _paid_levels(terms)
    if not paid:
        return
    yield Sentence(
        Words(
            "基础佣金按订单商品计算。会员下单时，与其绑定的推荐人是这笔订单的第 1 级，推荐人的推荐人是第 2 级，"
            "依此类推。",
            "Base commission is worked out on the goods of an order. Whoever the buyer is bound to is level 1 of the "
            "order, "
            "that member's own inviter is level 2, and so on.",
        )
    )
    yield Sentence(
        say(
            "本方案付到第 {n} 级。",
            "This plan pays down to level {n}." if plan.depth > 1 else "This plan pays level {n} only.",
            n=plan.depth,
        ),
        (_LEVELS, ("caps", "levels")),
    )
    for level in paid:
        text = say(
            "第 {n} 级付给：{ranks}{of}。",
            "Level {n} is paid to: {ranks}{of}.",
            n=level.level,
            ranks=terms.ranks(level.ranks),
            of=_OF[level.of],
        )
        yield Sentence(text, ((*_place(level), "ranks"), (*_place(level), "of")))
    yield _rates(terms, paid)
    for level in paid:
        yield from _exceptions(terms, level)


def _paid_levels(terms: Terms) -> list[BaseLevel]:
    """The levels that are paid at all, nearest first."""
    stated = terms.plan.commission.base.levels if terms.plan.commission.base else []
    return sorted((one for one in stated if one.level <= terms.plan.depth), key=lambda one: one.level)


def _place(level: BaseLevel) -> Path:
    return (*_LEVELS, str(level.level))


def _rates(terms: Terms, levels: list[BaseLevel]) -> Table:
    """Rates by level and rank, a column for each category; ranks that earn the same share a row."""
    goods = categories(levels)
    head = (Words("级别", "Level"), Words("等级", "Rank"), *map(terms.category, goods))
    rows: list[tuple[Words, ...]] = []
    for level in levels:
        alike: dict[tuple[Words, ...], list[str]] = {}
        for rank in terms.plan.ranks:
            if level.ranks is None or rank.id in level.ranks:
                cells = tuple(_cell(stated_rate(level, name, None, rank.id, terms.plan.semantics)) for name in goods)
                alike.setdefault(cells, []).append(rank.id)
        number = say("第 {n} 级", "Level {n}", n=level.level)
        rows += [(number, terms.ranks(ranks), *cells) for cells, ranks in alike.items()]
    return Table(head, tuple(rows), tuple(_one_by_one(terms, levels)))


def categories(levels: list[BaseLevel]) -> list[str]:
    """Every category that some level names, in the order of the plan, all others last."""
    named = [name for level in levels for rates in (level.rates, *level.by_rank.values()) for name in rates]
    return [*dict.fromkeys(name for name in named if name != "default"), "default"]


def _cell(stated: RateOrFixed | None) -> Words:
    if stated is None:
        return both("–")
    if isinstance(stated, Fixed):
        return say("每件 {amount}", "{amount} a piece", amount=money(stated.fixed))
    return rate(stated.rate)


def _one_by_one(terms: Terms, levels: list[BaseLevel]) -> Iterator[Sentence]:
    """The rates as the plan states them, each in a sentence of its own."""
    for level in levels:
        where = say("第 {n} 级", "Level {n}", n=level.level)
        yield from _stated(terms, where, (*_place(level), "rates"), level.rates)
        for rank, rates in level.by_rank.items():
            whose = say("{where}，{rank}", "{where}, {rank}", where=where, rank=terms.rank(rank))
            yield from _stated(terms, whose, (*_place(level), "by_rank", rank), rates)


def _stated(terms: Terms, where: Words, place: Path, rates: RatesByCategory) -> Iterator[Sentence]:
    for name, stated in rates.items():
        text = say(
            "{where}，{category}：{rate}。",
            "{where}, {category}: {rate}.",
            where=where,
            category=terms.category(name),
            rate=_cell(stated),
        )
        yield Sentence(text, ((*place, name),))


def _exceptions(terms: Terms, level: BaseLevel) -> Iterator[Sentence]:
    for sku, stated in level.skus.items():
        text = say(
            "第 {n} 级，商品 {sku}：{rate}，不按类目。",
            "Level {n}, product {sku}: {rate}, whatever its category.",
            n=level.level,
            sku=sku,
            rate=_cell(stated),
        )
        yield Sentence(text, ((*_place(level), "skus", sku),))
    if level.minimum:
        text = say(
            "第 {n} 级按比例计算的佣金，每笔不足 {least}的，按 {least}计。",
            "Level {n}: an entry by percentage is at least {least}.",
            n=level.level,
            least=money(level.minimum),
        )
        yield Sentence(text, ((*_place(level), "minimum"),))


_PLACES: dict[str, Path] = {"ladder": ("commission", "ladder"), "team": ("commission", "team")}
_MODES = {
    "marginal": Words(
        "分段累进：每一段只按本段的比例计算，达到更高一档不影响以下各段。",
        "Each part is paid at its own rate: the rate of a step counts for what is above it, not for what is below.",
    ),
    "whole": Words(
        "全额计算：达到哪一档，全部业绩都按该档比例计算。",
        "One rate on all: the rate of the step that is reached counts for the whole volume.",
    ),
}


def ladder(terms: Terms) -> Iterator[Part]:
    """The ladder: a rate that rises with the volume of a period."""
    rule = terms.plan.commission.ladder
    if rule is None:
        return
    place = _PLACES["ladder"]
    yield Sentence(
        say(
            "阶梯奖励：{every}按{measure}分档计算一次，付给：{ranks}。",
            "Ladder: worked out {every} on the {measure}, in steps; paid to: {ranks}.",
            every=EVERY[rule.period],
            measure=MEASURES[rule.measure],
            ranks=terms.ranks(rule.ranks),
        ),
        tuple((*place, key) for key in ("period", "measure", "ranks")),
    )
    spans, sentences = [], []
    ends = [step.from_ for step in rule.brackets[1:]]
    for number, step in enumerate(rule.brackets):
        span = _span(step.from_, ends[number] if number < len(ends) else None)
        text = say("{span}：{rate}。", "{span}: {rate}.", span=span, rate=rate(step.rate))
        spans.append((span, rate(step.rate)))
        sentences.append(Sentence(text, ((*place, "brackets", str(number + 1)),)))
    head = (capital(MEASURES[rule.measure]), Words("比例", "Rate"))
    yield Table(head, tuple(spans), tuple(sentences))
    yield Sentence(_MODES[rule.mode], ((*place, "mode"),))
    yield _defined(rule.measure, PERIOD[rule.period])


def _span(start: int, end: int | None) -> Words:
    if end is None:
        return say("{start}以上", "from {start}", start=money(start))
    return say("{start}至 {end}", "{start} to {end}", start=money(start), end=money(end))


def team(terms: Terms) -> Iterator[Part]:
    """The team share: a part of the volume of a member's team."""
    rule = terms.plan.commission.team
    if rule is None:
        return
    yield Sentence(
        say(
            "团队绩效：{every}按{measure}的 {rate} 计算一次，付给：{ranks}。",
            "Team share: {rate} of the {measure}, worked out {every}; paid to: {ranks}.",
            every=EVERY[rule.period],
            measure=MEASURES[rule.measure],
            rate=rate(rule.rate),
            ranks=terms.ranks(rule.ranks),
        ),
        tuple((*_PLACES["team"], key) for key in ("period", "measure", "rate", "ranks")),
    )
    yield _defined(rule.measure, PERIOD[rule.period])


_OF_COMPANY = {
    "company_volume": Words(
        "商城全部已付款商品金额，扣除退款", "everything paid for goods in the store, net of refunds"
    )
}
_RESIDUE = {
    "keep": Words("除不尽的余数归商城。", "What the division leaves is the store's."),
    "carry": Words("除不尽的余数并入下一期。", "What the division leaves goes into the next pool."),
}


def dividend(terms: Terms) -> Iterator[Part]:
    """A share of the company's volume, divided among the heads of some ranks."""
    rule = terms.plan.commission.dividend
    if rule is None:
        return
    place: Path = (*_LEVELS[:1], "dividend")
    yield Sentence(
        say(
            "分红：{every}以当期{of}的 {pool} 为分红池，由期末下列等级的会员按份数分配，每人向下取整到分。",
            "Dividend: {every} a pool of {pool} of {of} is divided among the members who hold these ranks at the "
            "close, by "
            "weight, rounded down for each.",
            every=EVERY[rule.period],
            of=_OF_COMPANY[rule.of],
            pool=rate(rule.pool),
        ),
        tuple((*place, key) for key in ("period", "pool", "of")),
    )
    rows = tuple((terms.rank(name), both(str(weight))) for name, weight in rule.shares.items())
    sentences = tuple(
        Sentence(
            say("{rank}：{weight} 份。", "{rank}: weight {weight}.", rank=rank, weight=weight),
            ((*place, "shares", name),),
        )
        for name, (rank, weight) in zip(rule.shares, rows, strict=True)
    )
    yield Table((Words("等级", "Rank"), Words("份数", "Weight")), rows, sentences)
    yield Sentence(_RESIDUE[rule.residue], ((*place, "residue"),))


_MEANING = {
    "personal_volume": Words("会员本人当{period}已付款的商品金额", "what the member paid for goods in the {period}"),
    "promoted_volume": Words(
        "会员作为第 1 级的订单当{period}已付款的商品金额",
        "what was paid for goods in the {period} on orders of which the member is level 1",
    ),
    "direct_team_volume": Words(
        "会员直接推荐的人当{period}推广额之和",
        "the promoted volume of the {period} of everybody the member brought directly",
    ),
    "team_volume": Words(
        "会员全部下级当{period}推广额之和", "the promoted volume of the {period} of everybody below the member"
    ),
}


def _defined(measure: str, period: Words) -> Sentence:
    """What a volume is; it is the same in every plan."""
    meaning = say(_MEANING[measure].zh, _MEANING[measure].en, period=period)
    return Sentence(
        say(
            "{name}：{meaning}，扣除退款，不含运费。",
            "{name}: {meaning}, net of refunds, without freight.",
            name=capital(MEASURES[measure]),
            meaning=meaning,
        )
    )
