"""Worked examples of one order: who earns what, by rank, in a campaign, after a refund, on one's own purchase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rules.commission.campaign import Campaign
from rules.examples.parts import (
    WHEN,
    Amount,
    Example,
    amount,
    bought,
    buys,
    goods,
    no_longer_new,
    of_level,
    paid_levels,
    payees,
    typical,
)
from rules.plan.wording.words import COMPONENTS, Terms, Words, money, say
from rules.scene import AREA, Outcome, Scene, during, quiet


def order(terms: Terms) -> Iterator[Example]:
    """What each level earns on an ordinary order."""
    if not payees(terms):
        return
    category = goods(terms)
    ranks = payees(terms)
    found = _amounts(terms, ranks, _sold(Scene(quiet(terms.plan)), ranks, category).play())
    if found:
        yield Example(
            "order",
            Words("一个订单怎样计佣", "What an order earns"),
            (bought(terms, category),),
            found,
            (_in_all(found),),
        )


def _sold(scene: Scene, ranks: list[str], category: str, sku: str = "goods", **more: object) -> Scene:
    """A buyer below a chain of these ranks takes the order that examples share."""
    buyer = scene.chain(ranks)
    no_longer_new(scene)
    buys(scene, buyer, category, sku, WHEN, **more)
    return scene


def _amounts(terms: Terms, ranks: list[str], outcome: Outcome) -> tuple[Amount, ...]:
    """What came out for the shared order, line by line."""
    levels = {str(level): of_level(terms, level, rank) for level, rank in enumerate(ranks, 1)}
    return tuple(amount(levels[one.member], one) for one in outcome.of(order="O1") if one.member in levels)


def _in_all(amounts: tuple[Amount, ...]) -> Words:
    return say("合计 {sum}。", "{sum} in all.", sum=money(sum(one.amount for one in amounts)))


def area(terms: Terms) -> Iterator[Example]:
    """What an agent earns on an order of their area."""
    rule = terms.plan.commission.area
    if rule is None:
        return
    category, found = goods(terms), []
    for rank in terms.plan.ranks:
        scene = Scene(quiet(terms.plan))
        scene.person("agent", rank.id)
        scene.happens("2026-01-05 09:00", appoint="agent", area=AREA)
        buys(scene, scene.person("buyer", terms.plan.ranks[0].id), category, area=AREA)
        found += [amount(terms.rank(rank.id), one) for one in scene.play().of(order="O1", member="agent")]
    if found:
        story = Words(
            "订单属于代理所在的区域；代理为各等级时：",
            "The order belongs to the agent's area; with agents of each rank:",
        )
        yield Example("area", Words("区域代理", "An area agent"), (bought(terms, category), story), tuple(found))


def ranks(terms: Terms) -> Iterator[Example]:
    """The same order with a level-1 payee of each rank, where ranks have rates of their own."""
    levels = paid_levels(terms)
    if not levels or not levels[0].by_rank:
        return
    category, found = goods(terms), []
    for rank in terms.plan.ranks:
        scene = Scene(quiet(terms.plan))
        buyer = scene.chain([rank.id, *payees(terms)[1:]])
        no_longer_new(scene)
        buys(scene, buyer, category)
        found += [amount(of_level(terms, 1, rank.id), one) for one in scene.play().of(order="O1", member="1")]
    if found:
        title = Words("同一订单，等级不同", "The same order with another rank")
        yield Example("ranks", title, (bought(terms, category),), tuple(found))


def campaign(terms: Terms) -> Iterator[Example]:
    """The same order while the plan's first campaign is on."""
    if not terms.plan.campaigns or not payees(terms):
        return
    first = terms.plan.campaigns[0]
    category = first.categories[0] if first.categories else goods(terms)
    sku, more = first.skus[0] if first.skus else "goods", {"channel": first.channels[0]} if first.channels else {}
    ranks = [typical(terms, first.ranks), *payees(terms)[1:]]
    scene = _sold(Scene(during(terms.plan, first.id)), ranks, category, sku, **more)
    found = _amounts(terms, ranks, scene.play())
    if found:
        title = say("活动 {id} 期间", "During campaign {id}", id=first.id)
        yield Example("campaign", title, (bought(terms, category), *_told(first)), found, (_in_all(found),))


def _told(campaign: Campaign) -> tuple[Words, ...]:
    """What else the order must be so that the campaign is for it."""
    told = []
    if campaign.skus:
        told.append(say("商品为 {sku}。", "The product is {sku}.", sku=campaign.skus[0]))
    if campaign.channels:
        told.append(say("渠道为 {channel}。", "The channel is {channel}.", channel=campaign.channels[0]))
    return tuple(told)


def product_age(terms: Terms) -> Iterator[Example]:
    """The same order of a product at the first age that moves its rates."""
    rule = terms.plan.commission.base.product_age if terms.plan.commission.base else None
    if rule is None or not payees(terms):
        return
    sku, launched = next(iter(rule.launched.items()))
    band, ranks, category = rule.bands[0], payees(terms), goods(terms)
    day = launched + dt.timedelta(days=band.days[0])
    scene = Scene(quiet(terms.plan))
    buys(scene, scene.chain(ranks), category, sku, at=f"{day} 10:00")
    found = tuple(one for one in _amounts(terms, ranks, scene.play()) if one.what.zh == COMPONENTS["base"].zh)
    if found:
        story = say(
            "商品 {sku} 于 {launched} 上市，订单在 {day} 付款。",
            "Product {sku} was launched on {launched}; the order is paid on {day}.",
            sku=sku,
            launched=launched.isoformat(),
            day=day.isoformat(),
        )
        title = Words("商品上市天数", "The age of a product")
        yield Example("product_age", title, (bought(terms, category), story), found, (_in_all(found),))


def refund(terms: Terms) -> Iterator[Example]:
    """Half of the order comes back before it is settled."""
    if not payees(terms):
        return
    category = goods(terms)
    ranks = payees(terms)
    scene = _sold(Scene(quiet(terms.plan)), ranks, category)
    scene.happens("2026-01-07 10:00", refund="O1", line=1, quantity=1)
    outcome = scene.play()
    found = _amounts(terms, ranks, outcome)
    if not found:
        return
    story = Words(
        "同一订单，收货前买家退回 1 件，退款 99.50 元。",
        "The same order; before receipt the buyer returns one piece and gets 99.50 yuan back.",
    )
    kept = money(sum(one.amount for one in found))
    left = say("退款之后还剩 {kept}。", "{kept} are left after the refund.", kept=kept)
    yield Example("refund", Words("退一半怎样追回", "When half comes back"), (story,), found, (left,))


def own_purchase(terms: Terms) -> Iterator[Example]:
    """A member's own order, where a plan pays for it."""
    if terms.plan.semantics.self_purchase != "as_level_1" or not payees(terms):
        return
    scene, category = Scene(quiet(terms.plan)), goods(terms)
    scene.chain(payees(terms))
    no_longer_new(scene)
    buys(scene, "1", category)
    found = tuple(amount(of_level(terms, 1, payees(terms)[0]), one) for one in scene.play().of(order="O1", member="1"))
    if found:
        story = Words("买家自己符合第 1 级的条件。", "The buyer qualifies for level 1.")
        title = Words("自己下单", "An order of one's own")
        yield Example("own_purchase", title, (bought(terms, category), story), found)
