"""Contests 竞赛 in words: what is compared between whom, what the places win, and what a close means."""

from __future__ import annotations

from collections.abc import Iterator

from rules.commission.contest import VOLUMES, Contest, ContestMeasure, Every, Prize
from rules.plan.wording.limits import days_in_words
from rules.plan.wording.words import Part, Sentence, Terms, Words, listed, money, say, titled


def contests(terms: Terms) -> Iterator[Part]:
    """Every contest, and then what holds for all of them."""
    for contest in terms.plan.contests:
        text = say(
            "竞赛“{title}”（明细名称：{id}）：{when}，{every}；排名依据：{measure}；参加者：{ranks}；{least}。{prizes}。",
            'Contest "{title}" (called {id} in statements): {when}, {every}; compared: {measure}; open to: {ranks}; '
            "{least}. {prizes}.",
            title=titled(contest.title, contest.id),
            id=contest.id,
            when=days_in_words(terms, contest),
            every=_EVERY[contest.every],
            measure=measure_in_words(contest),
            ranks=terms.ranks(contest.ranks),
            least=_least(contest),
            prizes=_in_pairs(contest) if contest.pk else listed(map(_prize, contest.prizes), "；", "; "),
        )
        about = (("contests", contest.id), ("start",)) if contest.days else (("contests", contest.id),)
        yield Sentence(text, about)
    if terms.plan.contests:
        yield from (Sentence(words, (("contests",),)) for words in _FOR_ALL)


_EVERY: dict[Every, Words] = {
    "day": Words("每天一轮", "a round a day"),
    "week": Words("每周（周一至周日）一轮", "a round a week, from Monday to Sunday"),
    "month": Words("每个自然月一轮", "a round a calendar month"),
    "once": Words("全程一轮", "one round in all"),
}

_MEASURES: dict[ContestMeasure, tuple[Words, Words]] = {
    "promoted_volume": (
        Words("本人推广订单已付款的商品金额", "what was paid for goods on orders a member promoted"),
        Words("团队（直属会员）推广订单已付款的商品金额", "what was paid for goods on orders the direct team promoted"),
    ),
    "promoted_orders": (
        Words("本人推广成交的订单数", "orders that a member promoted"),
        Words("团队（直属会员）推广成交的订单数", "orders that the direct team promoted"),
    ),
    "new_members": (
        Words("注册时与本人绑定的新会员数", "new members bound to somebody as they register"),
        Words("注册时与团队（直属会员）绑定的新会员数", "new members bound to the direct team as they register"),
    ),
    "direct_team_volume": (
        Words("直属团队推广额", "volume of the direct team"),
        Words("直属团队推广额（按团队）", "volume of the direct team, by team"),
    ),
}


def measure_in_words(contest: Contest) -> Words:
    """What a contest compares."""
    return _MEASURES[contest.measure][contest.of == "team"]


def _least(contest: Contest) -> Words:
    """The figure that is needed for a place."""
    if not contest.minimum:
        return Words("有成绩即可上榜", "any figure has a place")
    if contest.measure in VOLUMES:
        return say("达到 {least}方可上榜", "a place takes {least}", least=money(contest.least))
    return say("达到 {least} 方可上榜", "a place takes {least}", least=contest.least)


def _prize(prize: Prize) -> Words:
    """Which places win what."""
    if prize.first == prize.last:
        who = say("第 {first} 名得", "place {first} wins ", first=prize.first)
    else:
        who = say(
            "第 {first} 至 {last} 名各得", "places {first} to {last} win each ", first=prize.first, last=prize.last
        )
    return say("{who}{what}", "{who}{what}", who=who, what=_what(prize))


def _what(prize: Prize) -> Words:
    if prize.goods is None:
        return money(prize.pay or 0)
    name, worth = titled(prize.goods, ""), money(prize.value or 0)
    return say("{name}（价值 {worth}，实物，不可提现）", "{name} (worth {worth}, in kind)", name=name, worth=worth)


def _in_pairs(contest: Contest) -> Words:
    return say(
        "两两 PK：按上一轮名次配对（第 1 对第 2、第 3 对第 4，依此类推），每对的胜者得{what}；第一轮只定名次、不配对",
        "In pairs, by the places of the round before (1 and 2, 3 and 4, and so on): the winner of each pair wins "
        "{what}; the first round only pairs",
        what=_what(contest.prizes[0]),
    )


_FOR_ALL = (
    Words(
        "竞赛的订单自付款起计入，本轮内退款的扣除；成绩相同的，先达到者在前，仍相同的，会员编号小者在前。",
        "An order counts in a contest from its payment, and what is refunded within the round is taken off; of equal "
        "figures the one reached first comes first, then the lower member number.",
    ),
    Words(
        "每轮结束时（次日零点）名次即为最终结果：已冻结、未注册的会员不参加排名；之后发生的退款不改变名次，也不追回奖励。",
        "The places at the end of a round (midnight) are final: who is frozen or not registered has none, and refunds "
        "after it change no place and take nothing back.",
    ),
    Words(
        "奖金不在每人封顶之内，自该轮结束起冻结；实物和旅游奖励按其价值计入应税收入，在下一次提现时一并代扣税款。",
        "Prizes in money are outside the caps on a member and held from the end of the round; goods and trips are "
        "taxed as income at their value, with the next payout.",
    ),
)
