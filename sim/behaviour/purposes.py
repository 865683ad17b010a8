"""What the draws of people and their behaviour decide: the numbers behind `sim.draws.stream`.

1-99 traits of a person, 100-199 what happens in a day, 200-299 an order (keyed by person and ordinal), 300-399 risk,
cheats and other characters.
A number, once given, is never used for anything else: it is part of every result.
"""

from __future__ import annotations

from enum import IntEnum

IMPULSE = 1 << 20
"""First ordinal of impulse orders: they have luck of their own, so that a click more leaves the person's
spontaneous orders as they were."""


class Decision(IntEnum):
    """One question that luck answers."""

    rate = 1
    dropout = 2
    spend = 3
    taste = 4
    sensitivity = 5
    degree = 6
    trust = 7
    zeal = 8
    cost = 9
    arrival = 10
    resistance = 11
    channel = 12
    seed = 13
    contact = 14  # k = slot
    payday = 15
    region = 16
    second_door = 17  # whether a person uses another channel, too; which one
    fan = 18
    style = 40  # of posts that speak to her
    appeal = 41  # by script
    pull = 42  # by script
    product_appeal = 43  # by product
    product_pull = 44  # by product
    collector = 45
    wish = 46
    visiting = 47
    segments = 50  # on whom clusters of members are fitted

    share = 100  # on a day
    audience = 101  # on a day; k-th contact reached
    click_time = 102  # on a day; k as above
    join_delay = 103  # once a person
    impulse = 104  # on a day, by sharer; k as above
    withdraw = 105  # on a day
    payout = 106  # by member; k = ordinal of her withdrawals
    product = 110  # on a day, by sharer: what she shares
    script = 111  # on a day, by sharer: with which script
    suits = 112  # on a day, by sharer; k-th contact reached
    bandit = 113  # on the day of publishing, by script; k = draw
    passed_on = 114  # by node of the communities' tree; k = number of the call
    visit = 120  # on a day
    sign_in = 121  # on a day
    gift = 122  # on a day
    coupon = 123  # by member; k = 4 x ordinal of the coupons she was granted + question
    rescue = 124  # on a day: whether looking after somebody works
    recall = 125  # on a day
    message = 126  # on a day

    first = 200  # once a person
    first_delay = 201
    gap = 202  # k = ordinal of the order that ends the gap
    quit = 203  # k = ordinal of the order after which
    amount = 204
    lines = 205
    line = 206  # k = 4 x ordinal + line
    payment = 207
    delivery = 208
    returned = 209
    returned_when = 210
    coupon_used = 230
    points_used = 231
    exchange = 240
    complaint = 241
    complaint_end = 242
    recommended = 243
    door = 244  # channel through which the order comes
    supplier_late = 245
    duplicate = 246  # whether another channel reports it again

    household = 300  # once a person: lives with the person before
    same_device = 301
    same_card = 302
    trip = 303  # on a day
    reading = 304  # on a day
    text = 305  # on a day, by sharer
    second_check = 306  # by withdrawal
    review = 307  # k = number of the review of that member
    cheat = 310  # who in the market cheats
    gang = 311  # once a gang, by its first account; k = question
    gang_day = 312  # on a day, by the gang's first account; k = question
    part = 313  # who in the market plays a part that is no cheat's
    character_day = 314  # on a day, by the character's number; k = question
    release = 315  # when in a grey release somebody's turn comes


FOR_LIFE = frozenset(one for one in Decision if one < Decision.share or one == Decision.gift)
"""What is asked again and again and has one answer for life: traits, contacts, the gift somebody has her eye on."""
