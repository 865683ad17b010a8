"""The share kit 分享素材: what a share carries, a product and a ready-made post, and which posts survive.

For every category the store writes scripts in three styles (rational review, feeling, urgency) and several formats
(copy, poster, short video). Each script has two hidden factors: its appeal, on how often it is clicked, and its pull,
on what a click leads to (registering, ordering). Products have both, too. People differ in the style that speaks to
them (Hauser, Urban, Liberali & Braun 2009, "Website Morphing": a page sells more if its style fits the visitor's).
Which script a share takes is drawn by weights that the store publishes every week: `sim.behaviour.bandit`.

How large the factors are is assumed, not measured: the scenario states it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rules.jit import kernel
from rules.plan.values import Section, Whole
from sim.behaviour.bandit import probability_best
from sim.behaviour.parameters import Number, Positive, Share
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids, World
from sim.draws import bits, draw, draw_array, field, key, pick, uniform, uniform_array
from sim.market import Market
from sim.people import Floats
from sim.quantiles import gamma, lookup_array

if TYPE_CHECKING:
    from sim.behaviour.clicking import Clicks
    from sim.behaviour.joining import Answers
    from sim.behaviour.sharing import Shares

WEEK = 7
STYLES = ("rational", "emotional", "urgency")
"""理性测评, 情感共鸣, 紧迫促销."""
FORMATS = ("copy", "poster", "video")
"""文案, 海报, 短视频."""
COUNTS = ("shares", "exposures", "clicks", "registrations", "orders")
"""What is counted of a script, and of a product in shares: columns of `Kit.counts` and `Kit.sold`."""

Choice = Literal["bandit", "any", "fixed"]
Amounts = NDArray[np.int64]
Scatter = Annotated[Number, Field(ge=0, le=3)]

_STYLES = len(STYLES)
_TWENTY, _THIRTY = 2.0**-20, 2.0**-30


class Style(Section):
    """A style of scripts: the mean of their appeal and of their pull; 1 is that of a share without the kit."""

    appeal: Positive = 1.0
    pull: Positive = 1.0


class Styles(Section):
    """The three styles. What shouts is clicked more and convinces less."""

    rational: Style = Style(appeal=0.85, pull=1.2)
    emotional: Style = Style(appeal=1.05, pull=1.0)
    urgency: Style = Style(appeal=1.1, pull=0.8)


class Formats(Section):
    """The factor of a format on the appeal."""

    copy_: Positive = Field(default=0.9, alias="copy")
    poster: Positive = 1.0
    video: Positive = 1.1


class Materials(Section):
    """The share kit 分享素材 of a store.

    `scripts` is how many each category has; styles and formats take turns. `spread` is how much scripts of a style
    differ, `products` how much products do: the standard deviation of a factor of mean 1. `fit` is what the right style
    is worth: a post is clicked (1 + 2 x fit) times as often by those whom its style speaks to, a third of all, and
    (1 - fit) times by the others. `choose` is how scripts are chosen: by what was clicked so far (`bandit`), all alike
    (`any`), or always the first (`fixed`).
    """

    scripts: Annotated[Whole, Field(ge=1, le=1_000)] = 50
    styles: Styles = Styles()
    formats: Formats = Formats()
    spread: Scatter = 0.3
    products: Scatter = 0.3
    fit: Share = 0.2
    choose: Choice = "bandit"


@kernel
def carry(
    sharer: Ids, product_key: int, script_key: int, taste: NDArray[np.int16], loyalty: float, weights: Floats,
    first: Amounts, published: Floats, sku: Ids, script: Amounts,
) -> None:  # fmt: skip
    """Draw what each sharer shares: a product, mostly of her favourite category, else as the market buys, and a script.

    Args:
        sharer: by share. product_key, script_key: of the day.
        taste: by person. loyalty: see `Behaviour`. weights: cumulative, by category. first: see `sim.market.Market`.
        published: cumulative, by category and script of it.
        sku, script: by share, written.
    """
    for share in range(len(sharer)):
        person = np.int64(sharer[share])
        word = draw(product_key, person)
        category = np.int64(taste[person])
        if field(word, 0, 20) * _TWENTY >= loyalty:
            category = np.searchsorted(weights, field(word, 20, 20) * _TWENTY, side="right")
        count = first[category + 1] - first[category]
        sku[share] = first[category] + (field(word, 40, 24) * count >> 24)
        part = field(draw(script_key, person), 0, 30) * _THIRTY
        place = np.searchsorted(published[category], part, side="right")
        script[share] = category * published.shape[1] + place


@kernel
def turn_away(
    key: int, style_key: int, sharer: Ids, begins: Amounts, style: Amounts, speaks: float, seen: Ids,
    answer: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Take back the clicks of those whom a style does not speak to, but for a part of them (`speaks`).

    Args:
        key: of the day. style_key: of `Decision.style`.
        sharer, style: by share. begins, seen, answer: see `sim.behaviour.clicking.expose`; `answer` is written.
    """
    for share in range(len(sharer)):
        for place in range(begins[share], begins[share + 1]):
            if answer[place] == 0 or pick(draw(style_key, np.int64(seen[place])), _STYLES) == style[share]:
                continue
            if uniform(bits(key, np.int64(sharer[share]), place - begins[share])) >= speaks:
                answer[place] = 0


@dataclass(frozen=True)
class Scripts:
    """The scripts of all categories, those of the first category first, and the products; hidden from the store.

    Attributes:
        style, format: by script, places in `STYLES` and `FORMATS`.
        appeal, pull: factors by script. sku_appeal, sku_pull: factors by product.
        speaks: part of those whom a style does not speak to that click all the same, against those whom it does.
    """

    style: NDArray[np.int64]
    format: NDArray[np.int64]
    appeal: Floats
    pull: Floats
    sku_appeal: Floats
    sku_pull: Floats
    speaks: float


@dataclass(frozen=True)
class Posts:
    """What the shares of a day carry, by share.

    Attributes:
        sku, script: what is shared, and with which script.
        appeal: factor on the click probability of whoever its style speaks to. pull: factor on what a click leads to.
    """

    sku: Ids
    script: NDArray[np.int64]
    appeal: Floats
    pull: Floats


class Kit:
    """The share kit of a world: its scripts, what they brought, and the weights by which they are taken.

    Args:
        rules: of the scenario. seed: of the world. market: what is sold.

    Attributes:
        scripts: see there. counts: int64 by script and `COUNTS`. sold: the same by product.
        weights: by category and script, rows sum to 1. weekly: shares by script, of the last whole week and of this.
    """

    def __init__(self, rules: Materials, seed: int, market: Market) -> None:
        self.rules = rules
        self.scripts = scripts_of(rules, seed, market)
        shape = len(market.categories), rules.scripts
        self.counts = np.zeros((shape[0] * shape[1], len(COUNTS)), np.int64)
        self.sold = np.zeros((len(market.skus), len(COUNTS)), np.int64)
        self.weekly = np.zeros((2, len(self.counts)), np.int64)
        self.weights = np.full(shape, 1 / rules.scripts)
        if rules.choose == "fixed":
            self.weights[:] = np.arange(rules.scripts) == 0

    def post(self, world: World, sharer: Ids) -> Posts:
        """What today's sharers send: a product each, by taste or by the market, and a script of its category."""
        if world.day % WEEK == 0:
            self._end_week(world)
        market, published = world.market, np.cumsum(self.weights, axis=1)
        published[:, -1] = 1.0
        sku, script = np.empty(len(sharer), np.int32), np.empty(len(sharer), np.int64)
        carry(
            sharer, world.key(Decision.product, daily=True), world.key(Decision.script, daily=True),
            world.crowd["taste"], world.given.loyalty, np.cumsum(market.weights)[:-1], market.first, published, sku,
            script,
        )  # fmt: skip
        hidden, most = self.scripts, 1 + 2 * self.rules.fit
        return Posts(
            sku,
            script,
            most * hidden.appeal[script] * hidden.sku_appeal[sku],
            hidden.pull[script] * hidden.sku_pull[sku],
        )

    def suit(
        self, world: World, shares: Shares, begins: NDArray[np.int64], seen: Ids, answer: NDArray[np.uint8]
    ) -> None:
        """Take back the clicks of those whom the style does not speak to, as far as they click less.

        Args:
            world, shares: today, and what it is about.
            begins, seen, answer: see `sim.behaviour.clicking.expose`; `answer` is written.
        """
        if shares.posts is None or not self.rules.fit:
            return
        style = self.scripts.style[shares.posts.script]
        keys = world.key(Decision.suits, daily=True), world.key(Decision.style)
        turn_away(*keys, shares.sharer, begins, style, self.scripts.speaks, seen, answer)

    def count(self, world: World, shares: Shares, clicks: Clicks, answers: Answers) -> None:
        """Count what today's posts brought."""
        posts = shares.posts
        if posts is None:
            return
        registered, ordered = (clicks.share[answers.outcome > 1], clicks.share[answers.outcome == 1])
        for of_share, counts in ((posts.script, self.counts), (posts.sku, self.sold)):
            counts[:, 0] += np.bincount(of_share, minlength=len(counts))
            np.add.at(counts[:, 1], of_share, shares.reach)
            for column, places in enumerate((clicks.share, registered, ordered), 2):
                counts[:, column] += np.bincount(of_share[places], minlength=len(counts))
        self.weekly[1] += np.bincount(posts.script, minlength=len(self.counts))

    def _end_week(self, world: World) -> None:
        """Publish the weights of the week that begins."""
        self.weekly = np.stack([self.weekly[1], np.zeros_like(self.weekly[1])])
        if self.rules.choose != "bandit" or world.day == 0:
            return
        luck = world.key(Decision.bandit, daily=True)
        exposures, clicks = (self.counts[:, COUNTS.index(name)] for name in ("exposures", "clicks"))
        for number in range(len(self.weights)):
            own = np.arange(number * self.rules.scripts, (number + 1) * self.rules.scripts)
            self.weights[number] = probability_best(clicks[own], exposures[own], luck, own)


def scripts_of(rules: Materials, seed: int, market: Market) -> Scripts:
    """The hidden factors of the scripts and products of a world: each a pure function of seed and number."""
    number = np.arange(len(market.categories) * rules.scripts)
    place = number % rules.scripts
    style, form = place % len(STYLES), place // len(STYLES) % len(FORMATS)
    means = [getattr(rules.styles, name) for name in STYLES]
    formats = np.array([rules.formats.copy_, rules.formats.poster, rules.formats.video])
    sku = np.arange(len(market.skus))
    return Scripts(
        style,
        form,
        np.array([mean.appeal for mean in means])[style]
        * formats[form]
        * scatter(seed, Decision.appeal, number, rules.spread),
        np.array([mean.pull for mean in means])[style] * scatter(seed, Decision.pull, number, rules.spread),
        scatter(seed, Decision.product_appeal, sku, rules.products),
        scatter(seed, Decision.product_pull, sku, rules.products),
        (1 - rules.fit) / (1 + 2 * rules.fit),
    )


def scatter(seed: int, decision: Decision, number: NDArray[np.int64], spread: float) -> Floats:
    """Factors of mean 1 and standard deviation `spread`, Gamma distributed; one a number."""
    if not spread:
        return np.ones(len(number))
    shape = 1 / spread**2
    return lookup_array(gamma(shape), uniform_array(draw_array(key(seed, decision), number))) / shape
