"""What is paid along the chain above a buyer, in words: differential 级差, peer bonus 平级奖, area agents, margins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.plan.limits import MAX_LEVELS
from rules.plan.wording.words import (
    Part,
    Path,
    Sentence,
    Table,
    Terms,
    Words,
    both,
    listed,
    money,
    rate,
    say,
)

_COMMISSION: Path = ("commission",)
_RANK, _RATE = Words("等级", "Rank"), Words("比例", "Rate")

_DIFFERENCE = {
    "rates": Words(
        "按还差的比例乘以计佣金额，取整一次。",
        "The rate that is still missing is taken of the amount, and rounded once.",
    ),
    "amounts": Words(
        "按本等级比例算出金额，减去下级已得的金额。",
        "The amount by the own rate, less what those below were paid.",
    ),
    "clamped_rates": Words(
        "按本等级比例减去紧邻下级的级差比例；下级没有级差的，减去基础佣金各级规定的比例；差额小于零的按零计。",
        "The own rate less that of the one paid by differential right below; where there is none, less the rates that "
        "base commission states for those below; never under zero.",
    ),
}
_COUNTS_BASE = {
    True: Words(
        "下级和本人在同一商品上的基础佣金，算作已得。",
        "Base commission on the same goods, of those below and one's own, counts as paid.",
    ),
    False: Words("基础佣金不算作已得。", "Base commission does not count as paid."),
}
_EXCLUSIVE = {
    True: Words("得级差的会员，不再得基础佣金。", "Who earns by differential gets no base commission."),
    False: Words("得级差的会员，基础佣金照得。", "Who earns by differential gets base commission as well."),
}


def differential(terms: Terms) -> Iterator[Part]:
    """What each rank earns of a sale in all, people below included."""
    rule = terms.plan.commission.differential
    if rule is None:
        return
    place: Path = (*_COMMISSION, "differential")
    yield Sentence(
        Words(
            "级差：从买家往上，每位会员按本等级的比例，补足下级已得与本等级比例之间的差额。",
            "Differential: going up from the buyer, each rank tops up what those below were paid to its own rate.",
        ),
        (place,),
    )
    yield _by_rank(terms, rule.rates, (*place, "rates"))
    yield Sentence(_DIFFERENCE[rule.difference], ((*place, "difference"),))
    yield Sentence(_COUNTS_BASE[rule.counts_base], ((*place, "counts_base"),))
    yield Sentence(_EXCLUSIVE[rule.exclusive], ((*place, "exclusive"),))
    yield Sentence(_depth(terms, rule.depth), ((*place, "depth"),))


def _by_rank(terms: Terms, rates: Mapping[str, int], place: Path) -> Table:
    """A rate for each rank; `default` is every other."""
    names = {name: Words("其他等级", "Other ranks") if name == "default" else terms.rank(name) for name in rates}
    if list(names) == ["default"]:
        names["default"] = terms.ranks(None)
    rows = tuple((names[name], rate(ppm)) for name, ppm in rates.items())
    sentences = tuple(
        Sentence(say("{rank}：{rate}。", "{rank}: {rate}.", rank=rank, rate=told), ((*place, name),))
        for name, (rank, told) in zip(rates, rows, strict=True)
    )
    return Table((_RANK, _RATE), rows, sentences)


def _depth(terms: Terms, depth: int | Mapping[str, int]) -> Words:
    """How far up a rank is looked for."""
    whole = Words("整条上级链", "the whole chain")
    if isinstance(depth, int):
        if depth == MAX_LEVELS:
            return say("在{whole}中查找各等级。", "Ranks are looked for in {whole}.", whole=whole)
        return say("从买家往上最多查 {n} 位。", "Ranks are looked for up to {n} people up from the buyer.", n=depth)
    told = listed(
        (
            say("{rank}最多往上查 {n} 位", "{rank} up to {n} people up", rank=terms.rank(name), n=people)
            for name, people in depth.items()
        ),
        "，",
    )
    return say("{told}，其余等级查{whole}。", "Looked for: {told}; other ranks in {whole}.", told=told, whole=whole)


_PEER_OF = {
    "differential": Words("该笔级差", "that differential"),
    "sale": Words("该商品计佣金额", "the amount commission is taken of"),
}


def peer(terms: Terms) -> Iterator[Part]:
    """What people of the same rank get whom the differential leaves with nothing."""
    rule = terms.plan.commission.peer
    if rule is None:
        return
    text = say(
        "平级奖：会员因级差得佣时，其上最近的 {n} 位同等级会员各得{of}的 {rate}。适用等级：{ranks}。",
        "Peer bonus: when somebody earns by differential, the nearest {n} of the same rank above get {rate} of {of} "
        "each. "
        "Ranks: {ranks}.",
        n=rule.generations,
        of=_PEER_OF[rule.of],
        rate=rate(rule.rate),
        ranks=terms.ranks(rule.ranks),
    )
    place: Path = (*_COMMISSION, "peer")
    yield Sentence(text, tuple((*place, key) for key in ("rate", "of", "ranks", "generations")))


def area(terms: Terms) -> Iterator[Part]:
    """What members appointed to an area earn on its orders."""
    rule = terms.plan.commission.area
    if rule is None:
        return
    place: Path = (*_COMMISSION, "area")
    yield Sentence(
        Words(
            "区域代理：由商城委任。代理所在区域及其下属区域的每个订单，代理按比例得佣；同一区域有多位代理的，各得全额。"
            "是否代理、属何等级，以付款时为准。",
            "Area agents are appointed by the store and earn on every order of their area and of the areas in it. "
            "Several "
            "agents of one area are each paid in full. Who is an agent, and of what rank, is read at payment.",
        ),
        (place,),
    )
    yield _by_rank(terms, rule.rates, (*place, "rates"))
    for inner, outer in rule.within.items():
        text = say("{inner}属于{outer}。", "{inner} lies in {outer}.", inner=both(inner), outer=both(outer))
        yield Sentence(text, ((*place, "within", inner),))


def margin(terms: Terms) -> Iterator[Part]:
    """What each grade pays for a unit, and who lives on the difference."""
    rule = terms.plan.commission.margin
    if rule is None:
        return
    place: Path = (*_COMMISSION, "margin")
    yield Sentence(
        Words(
            "差价：买家付公开价（买家等级有进货价的，付本等级进货价）。从买家往上，每位进货价更低的会员，"
            "每件赚取与其下最低价之间的差价。"
            "订单优惠由商城承担，不减少差价。",
            "Margin: the buyer pays the public price, or the price of the buyer's own grade where it has one. Going "
            "up, "
            "everybody whose price is lower than the lowest so far earns the step on each piece. Discounts on the "
            "order are "
            "the store's and do not lower margins.",
        ),
        (place,),
    )
    if rule.prices:
        yield _prices(terms, rule.prices, (*place, "prices"))
    for sku, prices in rule.skus.items():
        for name, price in prices.items():
            text = say(
                "商品 {sku}，{rank}进货价每件 {price}。",
                "Product {sku}: {rank} pays {price} a piece.",
                sku=sku,
                rank=terms.rank(name),
                price=money(price),
            )
            yield Sentence(text, ((*place, "skus", sku, name),))


def _prices(terms: Terms, prices: Mapping[str, Mapping[str, int]], place: Path) -> Table:
    """Grade prices as rates of the public price, a column for each category."""
    named = dict.fromkeys(name for rates in prices.values() for name in rates if name != "default")
    columns = [*named, "default"]
    rows, sentences = [], []
    for name, rates in prices.items():
        cells = [rates.get(column, rates.get("default")) for column in columns]
        rows.append((terms.rank(name), *(both("–") if cell is None else rate(cell) for cell in cells)))
        for column, one in rates.items():
            text = say(
                "{rank}进货价，{category}：公开价的 {rate}。",
                "{rank} pays, {category}: {rate} of the public price.",
                rank=terms.rank(name),
                category=terms.category(column),
                rate=rate(one),
            )
            sentences.append(Sentence(text, ((*place, name, column),)))
    head = (Words("进货价（占公开价）", "Price, of the public one"), *map(terms.category, columns))
    return Table(head, tuple(rows), tuple(sentences))
