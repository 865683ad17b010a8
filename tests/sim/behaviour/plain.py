"""The kernels of `sim.behaviour` in plain Python, one person at a time: a second opinion, to the bit.

A twin takes the same arguments as its kernel and writes the same arrays. Luck is computed in Python's own integers.
"""

from __future__ import annotations

import bisect
import math

import numpy as np

from rules.events import DAY, Kind
from sim.behaviour.world import NEVER
from sim.quantiles import lookup

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def word_of(key, person, k=None) -> int:
    """The draw of a person, or of her k-th question."""
    word = mix((int(key) + (int(person) + 1) * GOLDEN) & MASK)
    return word if k is None else mix((word + (int(k) + 1) * GOLDEN) & MASK)


def u(word: int) -> float:
    return (word >> 11) * 2.0**-53


def cut(word: int, low: int, width: int) -> float:
    """Some bits of a word as a number in [0, 1)."""
    return ((word >> low) & ((1 << width) - 1)) / (1 << width)


def pick(word: int, n: int) -> int:
    return ((word >> 32) * int(n)) >> 32


def scan(first, last, key, members, bar, out, counts):
    for chunk in range(first, last):
        begin, end = chunk * len(members) // 64, (chunk + 1) * len(members) // 64
        sharers = [m for m in members[begin:end].tolist() if word_of(key, m) >> 32 < int(bar[m])]
        counts[chunk] = len(sharers)
        for place in range(begin, end):  # the kernel writes the next candidate before it is sure
            before = sum(word_of(key, m) >> 32 < int(bar[m]) for m in members[begin:place].tolist())
            out[begin + before] = members[place]


def contact(key, person, slot, people, community, local):
    word = word_of(key, person, slot)
    first = person - person % community
    size = min(community, people - first)
    near = (word & 0xFFFFFF) < local and size > 1
    others = [p for p in (range(first, first + size) if near else range(people)) if p != person]
    return others[pick(word, len(others))], near


def expose(
    first, last, key, contacts, sharer, begins, degree, attention, fatigue, patience, appeal, click, most, distant,
    people, community, local, seen, answer,
):  # fmt: skip
    for share in range(first * len(sharer) // 64, last * len(sharer) // 64):
        person = int(sharer[share])
        for k in range(int(begins[share + 1] - begins[share])):
            word = word_of(key, person, k)
            other, near = contact(contacts, person, pick(word, degree[person]), people, community, local)
            chance = click * float(appeal[share]) * float(attention[other]) * float(patience[fatigue[other]])
            chance = chance if near else chance * distant
            seen[begins[share] + k] = other
            answer[begins[share] + k] = (1 if near else 2) if cut(word, 0, 32) < chance else 0


def carry(sharer, product_key, script_key, taste, loyalty, weights, first, published, sku, script):
    for share, person in enumerate(sharer.tolist()):
        word = word_of(product_key, person)
        category = int(taste[person])
        if cut(word, 0, 20) >= loyalty:
            category = bisect.bisect_right(weights.tolist(), cut(word, 20, 20))
        shelf = range(first[category], first[category + 1])
        sku[share] = shelf[int(cut(word, 40, 24) * len(shelf))]
        row = published[category].tolist()
        script[share] = len(row) * category + bisect.bisect_right(row, cut(word_of(script_key, person), 0, 30))


def turn_away(key, style_key, sharer, begins, style, speaks, seen, answer):
    for share, person in enumerate(sharer.tolist()):
        for k in range(int(begins[share + 1] - begins[share])):
            place = int(begins[share]) + k
            speaks_to = pick(word_of(style_key, seen[place]), 3) == style[share]
            if not speaks_to and u(word_of(key, person, k)) >= speaks:
                answer[place] = 0


def tire(seen, fatigue):
    for person in seen.tolist():
        fatigue[person] = min(int(fatigue[person]) + 1, 255)


def answer(
    now, visitor, sharer, k, second, tie, pull, impulse_key, delay_key, impulse, push, convert, channel, trust,
    resistance, pressure, joined, outcome,
):  # fmt: skip
    for at, person in enumerate(visitor.tolist()):
        moment = now + int(second[at])
        outcome[at] = 0
        if joined[person] == NEVER:
            added = int(push * float(pull[at]) * float(trust[person]) * float(tie[at]))
            pressure[person] = min(int(pressure[person]) + added, NEVER)
            if pressure[person] >= resistance[person]:
                outcome[at] = 20 + int(u(word_of(delay_key, person)) * 180)
                joined[person] = moment + outcome[at]
        elif joined[person] <= moment:
            luck = u(word_of(impulse_key, sharer[at], k[at]))
            outcome[at] = int(luck < impulse * float(pull[at]) * float(convert[channel[person]]))


class Clock:
    """A person's operational time."""

    def __init__(self, clock, promo, hours, sensitivity):
        self.days = [float(c) + float(sensitivity) * float(p) for c, p in zip(clock, promo, strict=True)]
        self.hours = hours.tolist()

    def at(self, day: int, second: int) -> float:
        hour = second // 3600
        within = (second - hour * 3600 + 0.5) / 3600
        part = self.hours[hour] + (self.hours[hour + 1] - self.hours[hour]) * within
        return self.days[day] + part * (self.days[day + 1] - self.days[day])

    def day(self, due: float) -> int:
        return NEVER if not due < self.days[-1] else bisect.bisect_right(self.days, due) - 1

    def second(self, due: float, day: int) -> int:
        return second_at(self.hours, (due - self.days[day]) / (self.days[day + 1] - self.days[day]))


def second_at(hours: list[float], part: float) -> int:
    hour = min(bisect.bisect_right(hours, part, lo=1), 24) - 1
    within = (part - hours[hour]) / (hours[hour + 1] - hours[hour])
    return min(max(int((hour + within) * 3600), 0), DAY - 1)


def gap(key, table, person, ordinal, rate) -> float:
    return lookup(table, u(word_of(key, person, ordinal))) / float(rate)


def begin(
    today, days, persons, seconds, ordinal, chance, convert, same_visit, first_delay, first_key, delay_key, gap_key,
    exponential, clock, promo, hours, channel, sensitivity, rate, due, buy_day, repeats,
):  # fmt: skip
    for person, second in zip(persons.tolist(), seconds.tolist(), strict=True):
        day = today
        if ordinal == 0:
            if u(word_of(first_key, person)) >= chance * float(convert[channel[person]]):
                continue
            wait = u(word_of(delay_key, person, 0))
            if u(word_of(delay_key, person)) < same_visit:
                second = min(second + 60 + int(wait * 2400), DAY - 1)
            else:
                day = today + 1 + int(first_delay * lookup(exponential, wait))
                second = second_at(hours.tolist(), u(word_of(delay_key, person, 1)))
        if day >= days:
            continue
        own = Clock(clock, promo, hours, sensitivity[person])
        moment = own.at(day, second)
        if ordinal:
            moment += gap(gap_key, exponential, person, ordinal, rate[person])
        due[person], repeats[person], buy_day[person] = moment, ordinal, own.day(moment)


def buy(
    today, buyers, gap_key, quit_key, exponential, clock, promo, hours, sensitivity, rate, dropout, due, buy_day,
    repeats, person_out, ordinal_out, second_out, done,
):  # fmt: skip
    for person in buyers.tolist():
        own = Clock(clock, promo, hours, sensitivity[person])
        while own.day(float(due[person])) == today and done < len(person_out):
            ordinal = int(repeats[person])
            person_out[done], ordinal_out[done] = person, ordinal
            second_out[done] = own.second(float(due[person]), today)
            done += 1
            stays = ordinal == 0 or u(word_of(quit_key, person, ordinal)) >= float(dropout[person])
            wait = gap(gap_key, exponential, person, ordinal + 1, rate[person])
            due[person] = float(due[person]) + wait if stays else math.inf
            repeats[person], buy_day[person] = ordinal + 1, own.day(float(due[person]))
    return done


def choose(price, low, high, target, word):
    shelf = price[low:high].tolist()
    fitting = [sku for sku, fen in enumerate(shelf) if fen <= target]
    if not fitting:
        return low, 1
    near = [sku for sku in fitting if shelf[sku] > target / 4.0] or fitting[-1:]
    sku = near[int(cut(word, 42, 22) * len(near))]
    pieces = target / shelf[sku]
    return low + sku, int(pieces) + (u(mix(word)) < pieces - int(pieces))


def wanted(word, taste, loyalty, weights):
    return taste if cut(word, 0, 20) < loyalty else bisect.bisect_right(weights, cut(word, 20, 20))


def fill(
    persons, ordinals, shared, amount_key, lines_key, line_key, spread, spend, taste, second_line, third_line, loyalty,
    weights, follows, recommended_key, others, first, price, cheapest, sku, quantity,
):  # fmt: skip
    orders = zip(persons.tolist(), ordinals.tolist(), shared.tolist(), strict=True)
    for at, (person, ordinal, seen) in enumerate(orders):
        left = float(spend[person]) * lookup(spread, u(word_of(amount_key, person, ordinal)))
        word = word_of(lines_key, person, ordinal)
        lines = 1 + (cut(word, 0, 20) < second_line) * (1 + (cut(word, 20, 20) < third_line))
        part = 0.15 + 0.2 * cut(word, 40, 20)
        fits = seen >= 0 and price[seen] <= left
        if fits and left < 4 * price[seen]:
            sku[at, 0] = seen
            _, quantity[at, 0] = choose(price, seen, seen + 1, left, word_of(line_key, person, 4 * ordinal + 3))
            continue
        if fits:
            sku[at, 0], quantity[at, 0] = seen, 1
            left, lines = left - float(price[seen]), min(lines, 2)
        for line in reversed(range(lines)):
            word = word_of(line_key, person, 4 * ordinal + line)
            category = wanted(word, int(taste[person]), loyalty, weights.tolist())
            if line == 1 and follows > 0:
                main = wanted(word_of(line_key, person, 4 * ordinal), int(taste[person]), loyalty, weights.tolist())
                recommended = word_of(recommended_key, person, ordinal)
                if cut(recommended, 0, 20) < follows:
                    category = bisect.bisect_right(others[main].tolist(), cut(recommended, 20, 20))
            target = left * part if line else left
            if price[first[category]] > target:
                if line:
                    continue
                category = cheapest
            spot = line + 1 if fits else line
            sku[at, spot], quantity[at, spot] = choose(price, first[category], first[category + 1], target, word)
            left -= target


def thirds(word):
    return [cut(word, 21 * place, 21) for place in range(3)]


def days_between(least, most, part):
    return int((least + (most - least) * part) * DAY)


def follow(
    placed, persons, ordinals, numbers, lines, pieces, return_rate, payment, delivery, returned, decision, chances,
    way, journeys, delay, out, took, door,
):  # fmt: skip
    failure, unconfirmed, factor, unshipped, partial, refusing = chances.tolist()
    rows = []
    for at, who in enumerate(zip(persons.tolist(), ordinals.tolist(), strict=True)):
        fails, haste, packing = thirds(word_of(payment, *who))
        moving, silent, regret = thirds(word_of(delivery, *who))
        back, how, refused = thirds(word_of(returned, *who))
        comes_back = back < float(return_rate[at]) * factor
        start, days = int(placed[at]), journeys[way[at]]
        paid = start + 15 + int(585 * haste * haste)
        shipped = paid + 3600 + days_between(days[0], days[1], packing) + int(delay[at])
        arrived = shipped + 3600 + days_between(days[2], days[3], moving)
        received = arrived + days_between(0, 2, haste)
        opened = received + days_between(days[4], days[5], regret)
        decided = opened + days_between(0.5, 2, thirds(word_of(decision, *who))[0])
        if fails < failure:
            rows.append((at, Kind.cancel, start + 1800, -1, 0))
            continue
        rows.append((at, Kind.pay, paid, -1, 0))
        if comes_back and how < unshipped:
            rows.append((at, Kind.refund, paid + 60 + int(regret * (shipped - paid - 60)), -1, 0))
            continue
        rows.append((at, Kind.ship, shipped, -1, 0))
        door[at], took[at] = arrived, arrived - paid
        if silent >= unconfirmed:
            rows.append((at, Kind.receive, received, -1, 0))
        if comes_back:
            rows.append((at, Kind.refund_open, opened, -1, 0))
            some = how < unshipped + (1 - unshipped) * partial and refused >= refusing
            half = (int(pieces[at]) + 1) // 2 if lines[at] == 1 else 0
            kind = Kind.refund_refused if refused < refusing else Kind.refund
            rows.append((at, kind, decided, int(lines[at]) if some else -1, half if some else 0))
    for row, (at, kind, time, line, quantity) in enumerate(rows):
        out[row]["order"], out[row]["kind"], out[row]["time"] = numbers[at], kind, time
        if line > 0:
            out[row]["line"], out[row]["quantity"] = line, quantity
    return len(rows)


def settle(
    persons, ordinals, numbers, categories, paid, fault, way, journeys, took, door, promise, late, window, rates,
    exchange_key, complaint_key, end_key, events, cases, refunds,
):  # fmt: skip
    found, money = [], []
    for at, who in enumerate(zip(persons.tolist(), ordinals.tolist(), strict=True)):
        exchange, complaint, described, refunded, least, most = rates[categories[at]].tolist()
        mine = [event for event in events if event["order"] == numbers[at]]
        asked = [event for event in mine if event["kind"] == Kind.refund_open]
        days = journeys[way[at]]
        if asked:
            answer = next(event for event in mine if event["kind"] in (Kind.refund, Kind.refund_refused))
            swapped, packing, moving = thirds(word_of(exchange_key, *who))
            kind, closed = 3 if answer["kind"] == Kind.refund_refused else 1, int(answer["time"])
            if kind == 1 and swapped < exchange:
                kind, answer["kind"], answer["line"], answer["quantity"] = 2, Kind.refund_refused, 0, 0
                travel = days_between(days[0], days[1], packing) + days_between(days[2], days[3], moving)
                closed += 2 * 3600 + travel
            found.append((at, kind, 0, int(asked[0]["time"]), closed, 0))
        if door[at] < 0:
            continue
        whether, which, when = thirds(word_of(complaint_key, *who))
        goods = complaint * float(fault[at])
        if whether >= goods + (late if took[at] > promise else 0.0):
            continue
        reason = 1 if whether >= goods else 3 if which < described else 2
        ends, much, wait = thirds(word_of(end_key, *who))
        opened = int(door[at]) + days_between(window[0], window[1], when)
        closed = opened + days_between(0.5, 2, wait)
        back = 0
        if not asked and ends < refunded:
            back = int(paid[at]) * int(least + (most - least) * much) // 1_000_000
        if back:
            money.append((at, closed, back))
        found.append((at, 4, reason, opened, closed, back))
    for row, (at, *values) in enumerate(found):
        cases[row]["order"] = numbers[at]
        for name, value in zip(("kind", "reason", "opened", "closed", "refund"), values, strict=True):
            cases[row][name] = value
    for row, (at, closed, back) in enumerate(money):
        refund = refunds[row]
        refund["kind"], refund["time"], refund["order"] = Kind.refund, closed, numbers[at]
        refund["line"], refund["amount"] = 1, back
    return len(found), len(money)


def learn(persons, earned_now, weight, earned, shared, shares, per_share, income, swing):
    for place, person in enumerate(persons.tolist()):
        week, usual = float(earned_now[place]) - float(earned[person]), float(income[person])
        if shared[person]:
            before = float(per_share[person])
            per_share[person] = before + weight * (week / float(shared[person]) - before)
        spread = abs(week) + abs(usual)
        distance = abs(week - usual) / spread if spread > 0 else 0.0
        swing[person] = float(swing[person]) + weight * (distance - float(swing[person]))
        income[person] = usual + weight * (week - usual)
        earned[person] = earned_now[place]
        shares[person] += np.uint32(shared[person])
        shared[person] = 0


def weigh(
    persons, promise, prior_shares, joy, aversion, sharing, per_share, swing, shares, cost, zeal, effort, bar,
):  # fmt: skip
    for place, person in enumerate(persons.tolist()):
        belief = prior_shares / (prior_shares + float(shares[person]))
        expected = belief * float(promise[place]) + (1.0 - belief) * float(per_share[person])
        gain = float(joy[place]) + max(expected, 0.0)
        calm = 1.0 - aversion * float(swing[person])
        effort[person] = calm * gain / (gain + float(cost[person])) if gain > 0 else 0.0
        chance = sharing * float(zeal[person]) * float(effort[person])
        bar[person] = int(min(chance, 1.0) * 4_294_967_295.0)


def hurry(today, persons, luck, ahead, clock, promo, hours, sensitivity, due, buy_day):
    for person, part, most in zip(persons.tolist(), luck.tolist(), ahead.tolist(), strict=True):
        now = Clock(clock, promo, hours, sensitivity[person]).at(today, second_at(hours.tolist(), part))
        if buy_day[person] != today and float(due[person]) - now <= most:
            due[person], buy_day[person] = now, today


def restart(
    today, persons, luck, gap_key, exponential, clock, promo, hours, sensitivity, rate, due, buy_day, repeats,
):  # fmt: skip
    for person, part in zip(persons.tolist(), luck.tolist(), strict=True):
        if math.isinf(due[person]):
            continue
        own = Clock(clock, promo, hours, sensitivity[person])
        now = own.at(today, second_at(hours.tolist(), part))
        moment = now + gap(gap_key, exponential, person, repeats[person], rate[person])
        due[person] = max(moment, own.days[today + 1])
        buy_day[person] = own.day(float(due[person]))


def pick_coupon(persons, arms, latest, coupons, worth, until, start, held, last):
    for place, person in enumerate(persons.tolist()):
        mine, row = [], int(latest[place])
        while row >= 0:
            one = coupons[row]
            if one["order"] < 0 and one["expires"] >= until and worth[arms[place], one["coupon"]] > 0:
                mine.append(
                    (int(worth[arms[place], one["coupon"]]), int(one["expires"]), -len(mine), int(one["coupon"]))
                )
            row = int(one["previous"])
        best = max(mine, default=(0, 0, 0, -1))
        held[person], last[person] = best[3], min(best[1] // DAY - start - 1, NEVER)


def visit(first, last, key, today, members, bar, seen, tells, out, counts):
    for chunk in range(first, last):
        begin, end = chunk * len(members) // 64, (chunk + 1) * len(members) // 64
        found = begin
        for person in members[begin:end].tolist():
            if word_of(key, person) >> 32 < int(bar[person]):
                seen[person] = today
            out[found] = person
            found += bool(tells[max(today - int(seen[person]), 0)])
        counts[chunk] = found - begin


def feel(members, today, boredom, delight, earned, known, bought, base, gone, interest, bar):
    for person in members.tolist():
        mood = float(interest[person])
        happy = earned[person] > known[person] or today - int(bought[person]) < 7
        mood = mood + delight * (1.0 - mood) if happy else mood * (1.0 - boredom)
        known[person], interest[person] = earned[person], mood
        bar[person] = 0 if gone[person] else int(min(float(base[person]) * mood, 0.95) * (2**32 - 1))


def temper(persons, today, gone, interest, lift, lifted_until, bar):
    for person in persons.tolist():
        factor = 0.0 if gone[person] else float(interest[person])
        factor *= 1.0 + float(lift[person]) if lifted_until[person] >= today else 1.0
        bar[person] = int(min(float(bar[person]) * factor, float(2**32 - 1)))


def deliver(
    first, last, key, members, gone, shares, shared, promoters, opens, quits, heard, refuses, out, counts, sent,
):  # fmt: skip
    for chunk in range(first, last):
        begin, end = chunk * len(members) // 64, (chunk + 1) * len(members) // 64
        found, number = begin, 0
        for person in members[begin:end].tolist():
            if refuses[person] or gone[person] or (promoters and not shares[person] and not shared[person]):
                continue
            word, lately = word_of(key, person), int(heard[person])
            out[found] = person
            found += cut(word, 0, 32) < opens[lately]
            refuses[person] = cut(word, 32, 32) < quits[lately]
            heard[person] = min(lately + 1, 255)
            number += 1
        counts[chunk], sent[chunk] = found - begin, number
