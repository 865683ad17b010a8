"""What a story adds where its plan gives it a meaning: areas, coupons, points, disputes, activities, channels."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from rules.money import in_yuan
from rules.plan.model import Plan

if TYPE_CHECKING:
    from sim.handover.stories import Story

Data: TypeAlias = dict[str, object]
Act: TypeAlias = "Callable[[Story], None]"


class Extras:
    """What a plan names beside goods and ranks, and how often a story speaks of it.

    Attributes:
        areas, coupons, gifts, activities, channels: ids that the plan names; of areas and channels one unknown too.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        rule = plan.commission.area
        within = rule.within if rule else {}
        self.areas = [*dict.fromkeys([*within, *within.values()]), "elsewhere"] if rule else []
        self.coupons = sorted(plan.coupons)
        self.gifts = sorted(plan.points.gifts) if plan.points else []
        heads = ["group_head"] if plan.commission.group_head or "group_buy" in plan.commission.activities else []
        self.activities = [*dict.fromkeys([*plan.commission.activities, *heads])]
        named = {channel for campaign in plan.campaigns for channel in campaign.channels or []}
        self.channels = [*sorted(named), "elsewhere"] if named else []
        self.clicked_goods = plan.commission.dynamic is not None
        self.path = plan.commission.influence.path if plan.commission.influence else 0
        self.teams = [bonus.count for bonus in plan.bonuses if bonus.count]
        joins = [rank.join for rank in plan.ranks if rank.join]
        self.teams += [join.direct_team for join in joins if join.direct_team]
        self.bought = [join.orders for join in joins if join.orders]
        self.sold = [join.promoted_orders for join in joins if join.promoted_orders]
        self.months = [rule.months for rank in plan.ranks for rule in (rank.promote, rank.demote) if rule]
        self.profit = plan.semantics.base_on == "profit"
        self.weights = plan.semantics.freight_split == "weight"

    def of_person(self, luck: random.Random) -> Data:
        """What somebody is from the beginning, beside rank and inviter."""
        found: Data = {}
        if self.areas and luck.random() < 0.5:
            found["area"] = luck.choice(self.areas)
        if self.plan.withdrawal.e_signature and luck.random() < 0.8:
            found["e_signed"] = True
        if self.plan.semantics.promoter_by[0] in ("appointed", "order_at_least") and luck.random() < 0.7:
            found["promoter"] = True
        return found

    def of_opening(self, luck: random.Random) -> Data:
        """What somebody brings along, beside money and volume."""
        found: Data = {}
        if self.plan.points:
            found["points"] = luck.choice([0, 10, 1_000, *self.plan.points.gifts.values()])
        if self.plan.commission.influence:
            found["clicks"] = max(0, self.plan.commission.influence.clicks + luck.choice([-1, 0, 1]))
        if self.bought:
            found["orders"] = max(0, luck.choice(self.bought) - luck.choice([0, 1, 1, 2]))
        return found

    def of_order(self, luck: random.Random) -> Data:
        """What an order says beside its lines and discounts."""
        found: Data = {}
        for name, ids, share in (
            ("area", self.areas, 0.8),
            ("channel", self.channels, 0.7),
            ("activity", self.activities, 0.3),
        ):
            if ids and luck.random() < share:
                found[name] = luck.choice(ids)
        if self.plan.semantics.fee_share and luck.random() < 0.5:
            found["fee"] = in_yuan(luck.choice([1, 60, 250]))
        return found

    def of_line(self, luck: random.Random, price: int) -> Data:
        """What a line says beside goods, price and quantity."""
        found: Data = {}
        if self.profit:
            found["cost"] = in_yuan(luck.choice([0, price // 3, price * 9 // 10, price]))
        if self.weights:
            found["weight"] = luck.choice([0, 1, 250, 999])
        return found

    def acts(self) -> list[Act]:
        """Things that can happen beside orders, sharing and withdrawals; each as often as it stands here."""
        offered: Iterable[tuple[bool, Act, int]] = (
            (bool(self.areas), _appoint, 1),
            (bool(self.coupons), _grant, 3),
            (self.plan.points is not None, _gather_points, 3),
            (self.plan.disputes is not None, _dispute, 3),
            (self.clicked_goods, _click_goods, 4),
            (self.path > 0, _spread, 4),
            (bool(self.teams), _bring, 2),
            (bool(self.sold), _sell, 2),
            (bool(self.months), _keep_on, 2),
            (self.plan.withdrawal.e_signature, _sign, 1),
        )
        return [act for needed, act, times in offered if needed for _ in range(times)]


def _appoint(story: Story) -> None:
    story.say(appoint=story.someone(), area=story.luck.choice([*story.extras.areas, "none"]))


def _grant(story: Story) -> None:
    """A coupon, and most often an order that uses it."""
    person, coupon = story.someone(), story.luck.choice(story.extras.coupons)
    story.say(grant=person, coupon=coupon)
    if story.luck.random() < 0.8:
        story.wait()
        story.order(buyer=person, use=coupon)


def _gather_points(story: Story) -> None:
    person = story.someone()
    choice = story.luck.randrange(3)
    if choice == 0:
        story.say(sign_in=person)
    elif choice == 1:
        for _ in range(story.luck.choice([1, 2, 6])):
            story.say(share=person)
    elif story.extras.gifts:
        story.say(redeem=person, gift=story.luck.choice(story.extras.gifts))


def _dispute(story: Story) -> None:
    """Somebody disputes an order; most often it is answered, in time or not."""
    if not story.orders:
        return
    order, luck = story.luck.choice(list(story.orders)[-3:]), story.luck
    story.say(dispute=order, by=story.someone())
    if luck.random() < 0.8:
        story.wait()
        said: Data = {"outcome": luck.choice(["upheld", "upheld", "refused"])}
        if said["outcome"] == "upheld":
            said |= {"member": story.someone(), "amount": luck.choice(["0.01", "2.50", "-0.40", "-20"])}
        story.say(settle_dispute=order, **said)


def _click_goods(story: Story) -> None:
    """Clicks on shares of one product, as many as may raise it, some of them followed by an order."""
    sku, category = story.luck.choice(story.values.goods)
    sharer = story.someone()
    for _ in range(story.luck.choice([1, 3, 10])):
        story.say(click=sharer, visitor=story.someone(), sku=sku)
    if story.luck.random() < 0.6:
        story.order(goods=(sku, category))


def _sign(story: Story) -> None:
    story.say(sign=story.someone())


def _spread(story: Story) -> None:
    """A path of clicks, one on the other's share, that ends with an order; about as long as the plan asks for."""
    people = [str(person["id"]) for person in story.people]
    length = min(len(people), story.extras.path + story.luck.choice([-1, 0, 0, 1]))
    begin = story.luck.randint(0, len(people) - length)
    path = people[begin : begin + length]
    for sharer, visitor in pairwise(path):
        story.say(click=sharer, visitor=visitor)
    story.order(buyer=path[-1])


def _bring(story: Story) -> None:
    """Somebody brings about as many new members as something in the plan asks for."""
    inviter, count = story.someone(), min(12, story.luck.choice(story.extras.teams)) + story.luck.choice([-1, 0, 1])
    for _ in range(count):
        newcomer = f"N{len(story.people)}"
        story.say(register=newcomer, inviter=inviter)
        story.people.append({"id": newcomer, "new": True, "inviter": inviter})


def _sell(story: Story) -> None:
    """As many orders below somebody as a rank asks for, or one less."""
    buyers = [person for person in story.people if "inviter" in person]
    if buyers:
        buyer = str(story.luck.choice(buyers)["id"])
        for _ in range(min(12, story.luck.choice(story.extras.sold)) - story.luck.choice([0, 1])):
            story.order(buyer=buyer)


def _keep_on(story: Story) -> None:
    """Orders of one buyer, month after month, about as many months in a row as a rank asks for."""
    buyer = story.someone()
    for _ in range(min(6, story.luck.choice(story.extras.months)) + story.luck.choice([0, 1])):
        for _ in range(story.luck.choice([0, 1, 1, 2])):
            story.order(buyer=buyer, price=story.luck.choice(story.values.thresholds))
        story.next_month()
