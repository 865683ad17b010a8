"""Stories: small random histories under a plan, in the format of case files; each a function of (seed, number)."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from rules.calendar import first_day_of, moment_of, month_of
from rules.events import DAY
from rules.money import in_yuan
from rules.plan.model import Plan
from sim.handover.acts import Data, Extras
from sim.handover.palette import Palette, palette


class Story:
    """One story being told: people, a clock that only goes forward, and what has happened so far."""

    def __init__(self, plan: Plan, seed: int, number: int, values: Palette | None = None) -> None:
        self.plan, self.values, self.extras = plan, values or palette(plan), Extras(plan)
        self.luck = random.Random(f"{seed} {number}")
        self.name = f"{plan.plan} {number}"
        self.events: list[Data] = []
        self.orders: dict[str, list[int]] = {}
        self.withdrawals = 0
        self.now = self.values.start_day * DAY + 9 * 3600
        self.people = self._people()

    def _people(self) -> list[Data]:
        """A chain of inviters, nearest to the root first, and a stranger."""
        count = self.luck.randint(2, self.values.depth + 2)
        people: list[Data] = []
        for place in range(count):
            person: Data = {"id": f"M{place}", "rank": self.luck.choice(self.values.ranks)}
            if place:
                near = place - 1 if self.luck.random() < 0.8 else self.luck.randrange(place)
                person["inviter"] = f"M{near}"
            person |= {flag: True for flag in ("real_name", "tax_registered") if self.luck.random() < 0.9}
            if self.luck.random() < 0.06:
                person["frozen"] = True
            person |= self.extras.of_person(self.luck)
            if self.luck.random() < 0.4:
                person["opening"] = self._opening()
            people.append(person)
        people.append({"id": "stranger"})
        return people

    def _opening(self) -> Data:
        """What somebody brings along: money to ask for, and a volume near a step of the plan."""
        volume = self.luck.choice([0, *self.values.thresholds])
        money: Data = {"balance": in_yuan(self.luck.choice(self._asked()) + 1), "volume": in_yuan(volume)}
        return money | self.extras.of_opening(self.luck)

    def _asked(self) -> list[int]:
        """Amounts that withdrawals turn at, in fen."""
        rule = self.plan.withdrawal
        return [one for one in (rule.minimum, rule.maximum, rule.review_over, 5_000) if one]

    def someone(self) -> str:
        """Any of the people."""
        return str(self.luck.choice(self.people)["id"])

    def say(self, **event: object) -> None:
        """Write an event at the present moment."""
        self.events.append({"at": moment_of(self.now).strftime("%Y-%m-%d %H:%M:%S"), **event})

    def wait(self) -> None:
        """Let time pass: moments, hours, days, to the edge of a day, or to a day on which the plan changes."""
        turn = self.luck.random()
        if turn < 0.55:
            self.now += self.luck.choice([0, 1, 60, 3600])
        elif turn < 0.85:
            self.now += self.luck.choice([DAY, 2 * DAY, 7 * DAY, 9 * DAY])
        else:
            days = [day for day in self.values.days if (self.values.start_day + day) * DAY > self.now]
            day = self.values.start_day + self.luck.choice(days) if days else self.now // DAY + 1
            self.now = day * DAY - self.luck.choice([0, 0, 1])

    def next_month(self) -> None:
        """Let time pass to the beginning of the next month, or a moment before it."""
        later = first_day_of(month_of(self.now // DAY) + 1) * DAY - self.luck.choice([0, 0, 0, 1])
        self.now = max(self.now, later)

    def order(
        self,
        buyer: str | None = None,
        use: str | None = None,
        goods: tuple[str, str] | None = None,
        price: int | None = None,
    ) -> None:
        """Somebody orders, perhaps with a coupon, certain goods or a price first, and most often pays."""
        number = f"O{len(self.orders) + 1}"
        lines = [
            self._line(*((None, None) if place else (goods, price)))
            for place in range(self.luck.choice([1, 1, 1, 2, 3]))
        ]
        if buyer is None:
            buyer = str(self.people[-2]["id"]) if self.luck.random() < 0.5 else self.someone()
        order: Data = {"order": number, "buyer": buyer, "lines": lines} | self.extras.of_order(self.luck)
        if use:
            order["use"] = use
        for name in ("coupon", "points_off", "reduction", "freight"):
            if self.luck.random() < 0.12 and not (use and name == "coupon"):
                order[name] = in_yuan(self.luck.choice([1, 33, 500, 1000]))
        self.say(**order)
        self.orders[number] = [int(str(line["quantity"])) for line in lines]
        if self.luck.random() < 0.9:
            self.now += self.luck.choice([0, 30, 3600])
            self.say(pay=number)

    def _line(self, goods: tuple[str, str] | None = None, price: int | None = None) -> Data:
        sku, category = goods or self.luck.choice(self.values.goods)
        price = price or self.luck.choice(self.values.prices if self.luck.random() < 0.8 else self.values.thresholds)
        line: Data = {"sku": sku, "category": category, "price": in_yuan(price)}
        if self.luck.random() < 0.1:
            line["member_price"] = in_yuan(price - price // 10)
        return line | {"quantity": self.luck.choice([1, 1, 2, 3, 7])} | self.extras.of_line(self.luck, price)

    def follow(self) -> None:
        """Something happens to an order: goods arrive, come back in part or whole, or it is called off."""
        if not self.orders:
            return self.order()
        number = self.luck.choice(list(self.orders)[-3:])
        verb = self.luck.choice(["receive", "receive", "ship", "refund", "refund", "refund", "cancel", "pay"])
        if verb != "refund":
            return self.say(**{verb: number})
        event: Data = {"refund": number}
        line = self.luck.randint(1, len(self.orders[number]))
        form = self.luck.random()
        if form < 0.4:
            event |= {"line": line, "quantity": self.luck.randint(1, self.orders[number][line - 1])}
        elif form < 0.6:
            event |= {"line": line, "amount": in_yuan(self.luck.choice(self.values.prices[:8]))}
        elif form < 0.7:
            event["line"] = line
        return self.say(**event)

    def promote_goods(self) -> None:
        """Days in a row on which somebody shares, or is clicked."""
        sharer = self.someone()
        for _ in range(self.luck.choice([1, 1, 2, *self._runs()])):
            if self.luck.random() < 0.5:
                self.say(share=sharer)
            else:
                self.say(click=sharer, visitor=self.someone())
            self.now += DAY
        if self.luck.random() < 0.3:
            newcomer = f"N{len(self.people)}"
            self.say(register=newcomer, inviter=sharer)
            self.people.append({"id": newcomer, "new": True})

    def _runs(self) -> list[int]:
        """Numbers of days in a row that just reach, or just miss, what a bonus asks for."""
        asked = [bonus.run for bonus in self.plan.bonuses if bonus.run]
        return [days + more for days in asked for more in (-1, 0)]

    def withdraw(self) -> None:
        """Somebody asks for money, and most often an answer comes."""
        self.withdrawals += 1
        number = f"W{self.withdrawals}"
        amount = self.luck.choice(self._asked()) + self.luck.choice([-1, 0, 1])
        self.say(withdraw=self.someone(), amount=in_yuan(amount), id=number)
        for verb in self.luck.choice([(), ("paid",), ("approve", "paid"), ("reject",), ("unknown", "failed")]):
            self.now += 3600
            self.say(**{verb: number})

    def administer(self) -> None:
        """An operator steps in."""
        person = self.someone()
        choice = self.luck.randrange(4)
        if choice == 0:
            self.say(promote=person, rank=self.luck.choice(self.values.ranks))
        elif choice == 1:
            self.say(**{self.luck.choice(["freeze", "unfreeze"]): person})
        elif choice == 2:
            self.say(rebind=person, inviter=self.someone())
        else:
            self.say(close=self.luck.choice(["day", "week", "month"]))

    def tell(self, length: int) -> Data:
        """The whole story, of about so many events, as a case without expectations."""
        acts: list[Callable[[], None]] = [self.order] * 6 + [self.follow] * 6 + [self.promote_goods, self.administer]
        acts += [self.withdraw] * 2
        acts += [partial(act, self) for act in self.extras.acts()]
        while len(self.events) < length:
            self.wait()
            self.luck.choice(acts)()
        self.now += self.luck.choice([0, 3, 6, 9, 13, 45]) * DAY
        self.say(close="day")
        members = [person for person in self.people if "new" not in person]
        return {"name": self.name, "members": members, "events": self.events}
