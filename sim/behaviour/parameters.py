"""What is assumed about people: every behavioural parameter, its unit, its range, its default and where it comes from.

A scenario overrides what it knows better (`behaviour: {r: 0.3, click: 5%}`); `calibrate` writes r, alpha, a, b and
p, q, v from an operator's own orders. The defaults were chosen so that a market of 100,000 people that runs 180 days
under the plan `three_tier` looks like a plausible distribution mall; they are assumptions, not measurements, except
where a source is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from rules.plan.values import Section


def _percent(given: object) -> object:
    """`62%` as 0.62; anything else as it stands."""
    if isinstance(given, str) and given.strip().endswith("%"):
        return float(given.strip()[:-1]) / 100
    return given


Number = Annotated[float, BeforeValidator(_percent)]
Share = Annotated[Number, Field(ge=0, le=1)]
"""A part of a whole, written 0.62 or 62%."""
Positive = Annotated[Number, Field(gt=0, le=1e6)]
NotNegative = Annotated[Number, Field(ge=0, le=1e6)]


_WEEK = (0.96, 0.94, 0.95, 0.97, 1.02, 1.10, 1.06)


class Behaviour(Section):
    """Parameters of the people of a market. Groups follow the files of `sim.behaviour`."""

    # Buying: BG/NBD (Fader, Hardie & Lee 2005), defaults as fitted there to CDNOW; time in weeks.
    r: Positive = 0.243
    """Shape of the Gamma of purchase rates: the smaller, the more people hardly ever buy."""
    alpha: Positive = 4.414
    """Rate of that Gamma, weeks: the mean purchase rate is r / alpha a week."""
    a: Positive = 0.793
    """First parameter of the Beta of dropout after a repeat purchase."""
    b: Positive = 2.426
    """Second parameter of that Beta: the mean dropout is a / (a + b)."""
    first_purchase: Share = 0.62
    """Probability that somebody who registered on their own ever buys unprompted."""
    first_purchase_invited: Share = 0.55
    """The same for somebody who registered from a shared link."""
    same_visit: Share = 0.5
    """Part of first purchases that happen within the hour of registration."""
    first_delay: Positive = 9.0
    """Mean delay of the other first purchases, days (exponential, from the next day on)."""
    weekday_traffic: tuple[Positive, Positive, Positive, Positive, Positive, Positive, Positive] = _WEEK
    """Traffic by day of the week from Monday; with ones and no calendar the purchases are exactly BG/NBD."""
    price_response: NotNegative = 2.5
    """Mean price sensitivity: a discount of 10 % multiplies a mean person's traffic by 1 + 0.1 x this."""

    # Spending: Gamma-Gamma (Fader & Hardie 2013), shapes as fitted to CDNOW; the scale is ours, in yuan.
    p: Positive = 6.249
    """Shape of an order's spend around the person's own mean."""
    q: Annotated[Number, Field(gt=1.05, le=1e6)] = 3.745
    """Shape of the Gamma of nu: the smaller, the more people differ in spend."""
    v: Positive = 56.0
    """Scale of spend, yuan: the mean order is p x v / (q - 1)."""
    loyalty: Share = 0.55
    """Part of order lines bought in the person's favourite category."""
    second_line: Share = 0.38
    """Probability that an order has at least two lines (one whose part of the amount buys nothing is left out)."""
    third_line: Share = 0.30
    """Probability that an order of two lines has a third."""

    # Arriving: the hazard at which the undecided part of the market finds the store by itself.
    organic: NotNegative = 0.0008
    """Organic arrivals per person and day at traffic 1."""
    seeds: Annotated[int, Field(ge=0, le=10_000_000)] = 200
    """Staff and first promoters, registered when the store opens (at most 1 person in 100)."""
    seed_zeal: Share = 0.35
    """Least zeal of a seed."""

    # Sharing.
    sharing: Annotated[Number, Field(ge=0, le=10)] = 1.0
    """Factor on everybody's share propensity; 0 turns sharing off."""
    zeal_a: Positive = 0.6
    """First parameter of the Beta of zeal, the daily share probability at full effort."""
    zeal_b: Positive = 5.5
    """Second parameter of that Beta."""
    reach: Share = 0.9
    """Largest part of a person's contacts that one share reaches at full effort (at least one contact)."""
    degree_least: Annotated[int, Field(ge=1, le=1_000)] = 12
    """Contacts of the least connected person."""
    degree_shape: Positive = 1.7
    """Pareto exponent of the number of contacts: the smaller, the heavier the tail."""
    degree_most: Annotated[int, Field(ge=1, le=20_000)] = 500
    """Contacts of the best connected person."""
    community: Annotated[int, Field(ge=2, le=1_000_000)] = 150
    """People in a community (Dunbar)."""
    local: Share = 0.62
    """Part of contact slots that lie in the person's own community."""

    # Clicking and joining.
    click: Share = 0.3
    """Click probability per share seen, for full trust, a close tie and no fatigue."""
    distant: Share = 0.6
    """Strength of a tie outside the community, against 1 inside."""
    trust_a: Positive = 2.0
    """First parameter of the Beta of trust in what friends share."""
    trust_b: Positive = 3.0
    """Second parameter of that Beta."""
    fatigue: NotNegative = 0.25
    """Each share seen lately lowers the click probability by this: 1 / (1 + fatigue x seen). Halves weekly."""
    join: NotNegative = 0.7
    """Rise of the pressure to register per click, at full trust and a close tie; the threshold is Exp(1)."""
    impulse: Share = 0.1
    """Probability that a member's click ends in an order."""
    step_loss: Share = 0.08
    """Part of buyers lost at each step of a channel's funnel beyond the third."""

    # Coupons and points, where the plan has them. Coupons hurry purchases that would have come anyhow (Neslin,
    # Henderson & Quelch 1985) and are used soon after they were granted, or just before they lapse (Inman & McAlister
    # 1994); how often is assumed.
    coupon_draw: Share = 0.25
    """Probability that a coupon hurries its holder's next order."""
    coupon_wins: Share = 0.06
    """Probability that it brings an order from somebody who would not have ordered unprompted."""
    coupon_soon: Share = 0.5
    """Part of these orders that come within days of the grant; the others come in the last days of the coupon."""
    coupon_use: Share = 0.85
    """Part of a holder's orders on which she thinks of her coupon."""
    coupon_stretch: Share = 0.2
    """By how much of an order she adds pieces, at most, to reach what a coupon asks for."""
    coupon_worth: Share = 0.5
    """What a coupon of one yuan is worth to a promoter who invites for it, yuan."""
    believed_invites: NotNegative = 0.05
    """Invitations per share that count towards a reward, as a promoter without experience believes."""
    goal_gradient: Share = 0.6
    """How much nearer goals draw: 0 = a reward for 5 spreads evenly, 1 = the next is worth reward ÷ missing."""
    collectors: Share = 0.06
    """Part of people who sign in for points: a habit of few (assumption)."""
    sign_in: Share = 0.5
    """Probability that a collector signs in on a day."""
    points_use: Share = 0.5
    """Part of orders of who has points on which she pays with them."""
    gift_lover: Share = 0.4
    """Part of people who save points for a gift, where the plan has both gifts and money off."""

    # Earning: what promoters learn.
    believed_orders: NotNegative = 0.03
    """Orders per share that a promoter without experience believes in."""
    prior_shares: Positive = 8.0
    """Number of own shares after which experience weighs as much as the plan's announcement."""
    learning: Annotated[Share, Field(gt=0)] = 0.25
    """Weight of the latest week in the average income per share."""
    joy: NotNegative = 0.02
    """What sharing is worth by itself, yuan per share: so little that without a reward hardly anybody recruits."""
    cost: Positive = 1.2
    """Mean cost of a share (time, face), yuan; Gamma with shape 2 across people."""
    swing_aversion: Annotated[Number, Field(ge=0, le=1)] = 0.4
    """How much of the effort is lost when weekly income swings between nothing and everything."""

    # Competing and mentoring, where the plan has contests or pays mentors.
    spur: Annotated[Number, Field(ge=0, le=10)] = 0.6
    """Most that a large prize just out of reach adds to effort, as a part of it (Lazear & Rosen 1981)."""
    within_reach: Annotated[Share, Field(gt=0)] = 0.5
    """How far below the next prize, as a part of its figure, it still moves somebody (Kivetz et al. 2006)."""
    crowding: NotNegative = 0.15
    """Among n competitors the spur is divided by 1 + this x ln n (Garcia & Tor 2009)."""
    hopeless: Share = 0.2
    """Who has less than this part of what the next prize takes gives up a little."""
    discouraged: Share = 0.1
    """What part of effort that costs."""
    prize_scale: Positive = 100.0
    """Spread between two prizes that moves somebody half as much as a boundless one, yuan."""
    in_kind: Share = 0.8
    """What goods are worth to whoever wins them, as a part of their value (Waldfogel 1993: 2/3 to 9/10)."""
    mentored: Share = 0.25
    """How much more an apprentice's share counts as experience while the mentor is active (Sandvik et al. 2020)."""

    # Visiting the store, and leaving it. Rates differ between people and fall with time (Moe & Fader 2004, who fit a
    # Gamma and an evolution of visits); how fast is assumed.
    visits: NotNegative = 0.0
    """Mean visits of a member a day at full interest; 0 = visits are not simulated, and nobody leaves."""
    visit_shape: Positive = 0.5
    """Shape of the Gamma of visit rates: the smaller, the more members hardly ever look in."""
    boredom: Share = 0.08
    """Interest that a week without a purchase or income costs."""
    delight: Share = 0.3
    """Part of what is missing of full interest that a week with a purchase or income gives back."""
    disappointment: Share = 0.6
    """Interest lost where the income of four weeks falls to nothing, and in proportion where it falls less."""

    # Answering an operator's care and messages: assumed, where no source is named.
    push_works: Share = 0.25
    """Part of warned promoters whom a push of goods with a high commission brings back at once."""
    push_lift: NotNegative = 0.2
    """By how much it then raises their sharing for two weeks."""
    adviser_works: Share = 0.6
    """The same for a personal adviser …"""
    adviser_lift: NotNegative = 0.4
    """… for four weeks."""
    training_lift: NotNegative = 0.15
    """More contacts that a trained promoter's share reaches, and so more clicks per share."""
    recall: Share = 0.08
    """Part of those written to who come back by themselves; a coupon draws more (Thomas, Blattberg & Fox 2004: the
    lower the price of coming back, the more do)."""
    open_rate: Share = 0.12
    """Part of messages that somebody opens who got none lately."""
    weariness: NotNegative = 0.3
    """Each message lately lowers that: 1 / (1 + weariness x messages). Halves weekly. Too many messages cost more than
    they bring (Zhang, Kumar & Cosguner 2017)."""
    opt_out: Share = 0.001
    """Probability that somebody who got none lately refuses all further messages; rises with those she got lately."""
    message_order: Share = 0.04
    """Part of opened messages that hurry the next order."""

    # Paying, delivering, returning, being paid.
    payment_failure: Share = 0.03
    """Orders that are never paid and are cancelled."""
    unconfirmed: Share = 0.15
    """Deliveries the buyer never confirms; the store's automatic receipt applies."""
    return_factor: NotNegative = 1.0
    """Factor on the categories' return rates."""
    return_unshipped: Share = 0.20
    """Part of returns asked for before shipping."""
    return_partial: Share = 0.30
    """Part of returns that give back only some of the goods."""
    return_refused: Share = 0.03
    """Part of returns that the store refuses."""
    withdraw_weekly: Share = 0.9
    """Probability that a promoter with enough available asks for it on her weekday."""
    payout_failure: Share = 0.01
    """Payouts that the bank sends back."""

    @model_validator(mode="after")
    def _degrees(self) -> Self:
        if self.degree_least > self.degree_most:
            raise ValueError(f"degree_least <= degree_most must hold, got {self.degree_least} and {self.degree_most}")
        return self


def settled(assumptions: Mapping[str, Any]) -> Behaviour:
    """The parameters of a scenario's assumptions; of a range [low, high] its middle.

    Whoever explores ranges puts a number in the place of each before the world is made.
    """
    values = {
        name: sum(map(float, given)) / 2 if isinstance(given, list) and len(given) == 2 else given
        for name, given in assumptions.items()
    }
    return Behaviour(**values)
