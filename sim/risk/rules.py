"""Risk rules 风控规则: what the store refuses at the door, what it takes for a sign of cheating, and who looks at it.

They are data, the `risk:` section of a scenario; a section that is left out has the values below. The values are
ours: chosen on the seeds 1, 2 and 7 of the shipped `risk_drill`, and judged on others (docs/RISK.md).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.plan.values import Flag, Rate, Section, Title, Whole, Yuan

Count = Annotated[Whole, Field(ge=1, le=1_000_000)]
Score = Annotated[Whole, Field(ge=0, le=100)]


class Sign(IntEnum):
    """A sign 迹象 of cheating that the desk looks for; `Points` has a number of points for each."""

    device = 1  # more accounts registered from one device than a household has
    burst = 2  # many registrations on one invitation in a day
    circle = 3  # commission that comes from accounts which share device, card or address
    returns = 4  # sales, or purchases, that mostly go back
    streak = 5  # shares day after day that nobody outside one's own accounts ever opens
    scraping = 6  # pages viewed at the pace of a machine
    login = 7  # a new device in a new place, and then a sensitive act
    text = 8  # share texts that the content rules refuse
    capped = 9  # acts beyond the daily caps
    barren = 10  # earns more than all that they and those they invited have bought
    linked = 11  # shares a device or a card with an account that was frozen
    outside = 12  # what a risk service that was plugged in says


SIGN_TITLES: dict[Sign, Title] = {
    Sign.device: Title(zh="一机多号", en="many accounts on a device"),
    Sign.burst: Title(zh="集中注册", en="a burst of registrations"),
    Sign.circle: Title(zh="自推环", en="commission within a circle"),
    Sign.returns: Title(zh="刷单退货", en="sales that go back"),
    Sign.streak: Title(zh="空转打卡", en="shares that nobody opens"),
    Sign.scraping: Title(zh="爬虫", en="scraping"),
    Sign.login: Title(zh="异地登录", en="risky login"),
    Sign.text: Title(zh="违规文案", en="forbidden share texts"),
    Sign.capped: Title(zh="超出每日上限", en="beyond daily caps"),
    Sign.barren: Title(zh="无销售的收入", en="income without sales"),
    Sign.linked: Title(zh="关联账号", en="linked with a frozen account"),
    Sign.outside: Title(zh="外部风控", en="an outside service"),
}


class Limits(Section):
    """What is refused at the door 准入限制: beyond these an act does not happen."""

    registrations_per_device: Count = 4
    shares_a_day: Count = 20
    clicks_a_day: Count = 60
    orders_a_day: Count = 20


class Thresholds(Section):
    """From where on something is a sign 可疑阈值.

    `accounts_per_device` that are still a household; `invited_a_day` on one invitation; a `circle` of so many linked
    accounts from which a member has so much of their commission, and at least `circle_commission`; `returned` of at
    least `returned_orders` orders of the last five weeks; `silent_shares` that no stranger opened; `views_a_day`;
    income of `barren_income` or more without sales that come to as much.
    """

    accounts_per_device: Count = 2
    invited_a_day: Count = 8
    circle: Count = 3
    circle_share: Rate = 600_000
    circle_commission: Yuan = 20_00
    returned: Rate = 500_000
    returned_orders: Count = 4
    silent_shares: Count = 14
    views_a_day: Count = 400
    barren_income: Yuan = 80_00


class Points(Section):
    """How many points 风险分 a sign is worth, each time that it is seen; a member's credit is 100 less their points."""

    device: Score = 25
    burst: Score = 15
    circle: Score = 45
    returns: Score = 40
    streak: Score = 30
    scraping: Score = 45
    login: Score = 20
    text: Score = 20
    capped: Score = 15
    barren: Score = 30
    linked: Score = 30
    outside: Score = 50

    def of(self, sign: Sign) -> int:
        """The points of a sign."""
        points: int = getattr(self, sign.name)
        return points


class Reviewers(Section):
    """The people who look at frozen accounts 审核员: how many cases a day, how often they are right, what a case costs.

    `finds` of the cheats they look at are found out; `errs` of the honest are condemned.
    """

    cases_a_day: Annotated[Whole, Field(ge=0, le=1_000_000)] = 20
    finds: Rate = 950_000
    errs: Rate = 20_000
    cost: Yuan = 8_00


class SecondCheck(Section):
    """A second check 二次验证 (a code, a face) before a sensitive act: a withdrawal over an amount, after a risky
    login, or of a member of little credit. It `stops` so much of what strangers try, and sends away so many `owners`.
    """

    over: Yuan = 2_000_00
    stops: Rate = 970_000
    owners: Rate = 10_000


class RiskRules(Section):
    """Risk rules of a store.

    `act: false` only watches. `content` names the content rules for share texts. Withdrawals of members of credit
    below `review_below` need a second check, and a case where the plan has them reviewed; below `freeze_below` the
    account is frozen and opened for review. `forgive` points go away at the end of each week of the run. `frozen_day`
    is what a day in the freezer of somebody honest is reckoned to cost.
    """

    act: Flag = True
    limits: Limits = Limits()
    thresholds: Thresholds = Thresholds()
    points: Points = Points()
    content: Annotated[str, Field(min_length=1, max_length=4096)] = "cn"
    review_below: Score = 75
    freeze_below: Score = 60
    forgive: Score = 4
    reviewers: Reviewers = Reviewers()
    second_check: SecondCheck | None = SecondCheck()
    frozen_day: Yuan = 5_00

    @model_validator(mode="after")
    def _freeze_after_review(self) -> Self:
        if self.freeze_below > self.review_below:
            raise ValueError(f"freeze_below <= review_below must hold, got {self.freeze_below} and {self.review_below}")
        return self
