"""Where an entry stands in its member's wallet, and the payouts after it.

A wallet is one pot: no payout is made of certain entries. What is told is what the pot held, and what was taken of it.
"""

from __future__ import annotations

from rules.journey.words import Told, Words, clock, say
from rules.money import yuan
from rules.readable import Entry, Request, Step
from rules.records import EntryStatus, WithdrawalStatus

_WHERE = {
    EntryStatus.pending: Step("尚未开始冻结", "still pending"),
    EntryStatus.held: Step("仍在冻结", "still held"),
    EntryStatus.available: Step("已进钱包", "reached the wallet"),
}


def in_all(entry: Entry, reversals: list[Entry]) -> Step:
    """What is left of an entry, and where it is."""
    terms = "".join(f" {'−' if one.amount < 0 else '+'} {yuan(abs(one.amount))}" for one in reversals)
    left = entry.amount - entry.clawed
    whole = f"{yuan(entry.amount)}{terms} = {yuan(left)}" if reversals else yuan(left)
    if reversals and left == 0:
        return say("合计 {whole}，已全部追回", "in all {whole}: taken back entirely", whole=whole)
    return say("合计 {whole}，{where}", "in all {whole}, {where}", whole=whole, where=_WHERE[entry.status])


def payouts_after(told: Told, entry: Entry, payouts: list[tuple[int, Request]]) -> list[Step]:
    """The payouts that the member asked for after an entry became available, up to the first that was paid.

    `payouts` are all of the member's, each with the number of payouts that anybody had asked for before.
    """
    later = [one for before, one in payouts if before >= entry.payouts]
    if not later:
        balance = yuan(told.state.members[entry.member].available)
        return [
            say("其后没有提现，现可提现 {balance}", "no withdrawal since, {balance} available now", balance=balance)
        ]
    paid = next((place for place, one in enumerate(later) if one.status is WithdrawalStatus.paid), len(later) - 1)
    steps = [step for one in later[: paid + 1] for step in _payout(one)]
    rest = later[paid + 1 :]
    if rest:
        words: Words = {"times": len(rest), "amount": yuan(sum(one.amount for one in rest))}
        steps.append(
            say("此后另有 {times} 次提现，共 {amount}", "{times} more withdrawals since, {amount} in all", **words)
        )
    return steps


def _payout(request: Request) -> list[Step]:
    words: Words = {"at": clock(request.time), "pot": yuan(request.pot), "amount": yuan(request.amount)}
    asked = say(
        "{at} 提现：钱包不分笔，从可提现 {pot} 中取 {amount}",
        "{at} withdrawal: the wallet is one pot, {amount} of {pot} available",
        **words,
    )
    return [asked, *request.steps, _came_of(request)]


def _came_of(request: Request) -> Step:
    done = "" if request.done_at is None else clock(request.done_at)
    words: Words = {"at": done, "net": yuan(request.net), "amount": yuan(request.amount)}
    return {
        WithdrawalStatus.paid: say("{at} 已付款 {net}", "{at} paid: {net}", **words),
        WithdrawalStatus.failed: say("{at} 付款失败，{amount} 退回可提现", "{at} failed: {amount} given back", **words),
        WithdrawalStatus.rejected: say(
            "{at} 审核驳回，{amount} 退回可提现", "{at} rejected: {amount} given back", **words
        ),
        WithdrawalStatus.reviewing: Step("待审核", "not reviewed yet"),
        WithdrawalStatus.sent: Step("已交付款通道，尚无结果", "sent to the channel, no answer yet"),
        WithdrawalStatus.unknown: Step("付款结果未知，不当作失败", "the channel does not know: not taken for failed"),
    }[request.status]
