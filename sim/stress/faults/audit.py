"""The invariants: what is checked at every commit, after every crash, and in the end.

It looks at what is committed and at what clients were told, and shares no arithmetic with the desks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.events import DAY
from rules.records import OrderStatus, WithdrawalStatus
from sim.store.asks import Reply, Result
from sim.store.assembly import NOTHING
from sim.store.pages import MemberPage, OrderPage
from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount, journal_id
from sim.stress.faults.sources import Job, JobKey
from sim.stress.faults.tables import Booked, Payout, Record

if TYPE_CHECKING:
    from sim.stress.faults.world import World

INVARIANTS: dict[str, tuple[str, str]] = {
    "balanced": ("every journal sums to 0", "每笔凭证借贷相等"),
    "day": (
        "a journal counts for the day in Asia/Shanghai, and nothing is booked before it happened",
        "按北京时间归日",
    ),
    "wallet": ("every wallet is what the ledger owes its member, and what the rules say", "钱包与总账、规则一致"),
    "once": ("each event of a source takes effect once", "每个来源事件只生效一次"),
    "kept": ("what was acknowledged is there after a crash", "已确认的，崩溃后仍在"),
    "credit": ("nothing is paid out that was not posted before", "未入账不出款"),
    "paid": ("the channel pays a withdrawal once, and what it paid is what the ledger says", "渠道与总账一致，不重付"),
    "stock": ("no shelf is below 0, and pieces sold and left are those there were", "不超卖，件数守恒"),
    "stages": ("accounts of payouts are 0 but for what is under way", "在途科目清零"),
    "conflict": (
        "the same key is refused loudly with other contents, and never with the same",
        "同键异文必拒，同文不误拒",
    ),
    "deadlock": ("nobody waits for who waits for them", "无死锁"),
    "error": ("a desk raises nothing", "柜台无异常"),
    "finished": ("everything that was told is answered in the end", "所有事件最终有答复"),
    "replay": ("told once more, everything has happened already", "重放无任何变化"),
    "refunds": ("when everything is refunded, no commission of orders is left", "全部退款后佣金归零"),
    "serial": (
        "the ordinary engine, event after event, comes to the same entries and balances",
        "可串行化：与内存引擎一致",
    ),
}
"""What must hold, in English and Chinese."""


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold: which, how that shows, and at what step it was noticed."""

    invariant: str
    told: str
    step: int


class Audit:
    """Checks a world.

    Attributes:
        found: what is broken. balances: of every account, added up from journals.
        applied: how often each event has taken effect.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: list[Broken] = []
        self._acknowledged: dict[tuple[int, int], str] = {}
        self._start()

    def _start(self) -> None:
        """Nothing has been committed but what was there at first."""
        self.balances: Counter[int] = Counter()
        self.applied: Counter[JobKey] = Counter()
        self._seen = 0
        self._journals: set[int] = set()
        self._entries: set[int] = set()
        for booked in self.world.opening.tables["journal"].values():
            self._add(booked)

    def broken(self, invariant: str, told: str) -> None:
        """Note that an invariant does not hold."""
        self.found.append(Broken(invariant, told, self.world.steps))
        self.world.note("audit", f"BROKEN {invariant}: {told}")

    def _add(self, booked: Booked) -> None:
        for row in booked.rows:
            for account, amount in row:
                self.balances[account] += amount

    def committed(self, record: Record) -> None:
        """A transaction has been committed."""
        self._seen += 1
        wallets = []
        for table, key, row in record.writings:
            if table == "journal":
                self._journal(key, row)
            elif table == "wallet":
                wallets.append((key, row))
            elif table == "shelf" and row < 0:
                self.broken("stock", f"{row} pieces of product {key[0]} are left")
            elif table == "entry":
                if key in self._entries:
                    self.broken("once", f"entry {key} is written twice")
                self._entries.add(key)
        for member, wallet in wallets:
            self._wallet(member, wallet)
        job, change = record.job, record.change
        if job is not None and change is not None:
            self._job(job, change.made.refusal, change.time)

    def _journal(self, number: int, booked: Booked) -> None:
        if number in self._journals:
            self.broken("once", f"journal {number} is booked twice")
        self._journals.add(number)
        for row in booked.rows:
            if sum(amount for _, amount in row):
                self.broken("balanced", f"journal {number} does not sum to 0: {row}")
        if booked.business_date != booked.event_at // DAY:
            self.broken("day", f"journal {number} of second {booked.event_at} counts for day {booked.business_date}")
        self._add(booked)

    def _wallet(self, member: int, wallet: tuple[int, ...]) -> None:
        owed = -self.balances[FIRST_WALLET + member]
        if sum(wallet[:3]) != owed:
            self.broken("wallet", f"wallet of member {member} has {sum(wallet[:3])} fen, the ledger owes {owed}")

    def _job(self, job: Job, refusal: int, time: int) -> None:
        if time < job.time:
            self.broken("day", f"{job.name} happened at {job.time} and is booked at {time}")
        if refusal != NOTHING:
            return
        self.applied[job.key] += 1
        if self.applied[job.key] > 1:
            self.broken("once", f"{job.name} took effect {self.applied[job.key]} times")
        if job.other:
            self.broken("conflict", f"{job.name} took effect")

    def replied(self, client: int, job: Job | None, reply: Reply) -> None:
        """A client has acknowledged something."""
        name = "what is due" if job is None else job.name
        if reply.stamp >= 0:
            self._acknowledged[client, reply.stamp] = name
        if job is not None and job.other != (reply.result is Result.conflict):
            self.broken("conflict", f"{job.name}: {reply.result.value}")

    def asked(self, channel_no: str, number: int, payout: Payout) -> None:
        """The channel has been asked to pay a withdrawal."""
        world = self.world
        sent = world.shop.tables["journal"].get(journal_id(number, JournalKind.sent))
        if sent is None or (int(ShopAccount.transit), -payout.net) not in [leg for row in sent.rows for leg in row]:
            self.broken("credit", f"withdrawal {number}: {payout.net} fen asked for, nothing of the kind was booked")
        paid = [no for no, one in world.channel.payments.items() if one.withdrawal == number and one.paid]
        if len(paid) > 1:
            self.broken("paid", f"withdrawal {number} was paid under {' and '.join(paid)}")
        if world.channel.payments[channel_no].amount != payout.net:
            self.broken("paid", f"{channel_no}: asked for {payout.net} fen, before for another amount")

    def recovered(self) -> None:
        """The server has crashed and is back: what is gone."""
        records = self.world.shop.log.records
        if len(records) < self._seen:
            self._forget()
        there = {(record.client, record.stamp) for record in records}
        for one, name in self._acknowledged.items():
            if one not in there:
                self.broken("kept", f"{name} was acknowledged, and is gone")
        self._acknowledged = {one: name for one, name in self._acknowledged.items() if one in there}

    def _forget(self) -> None:
        """Commits are gone: what is counted is counted anew from the log."""
        self._start()
        for record in self.world.shop.log.records:
            self.committed(record)

    def in_the_end(self) -> None:
        """Nothing is under way any more."""
        self.recovered()
        self._stages()
        self._payments()
        self._wallets()
        self._shelves()
        world = self.world
        for key, delivered in world.told.items():
            if key not in world.results and delivered:
                self.broken("finished", f"{key[0]} {key[1]} was never answered")

    def _wallets(self) -> None:
        tables = self.world.shop.tables
        if sum(self.balances.values()):
            self.broken("balanced", f"all accounts together come to {sum(self.balances.values())} fen")
        for member, wallet in tables["wallet"].items():
            self._wallet(member, wallet)
            row = MemberPage.from_bytes(member, tables["member"][member], *self.world.shop.sizes).row[0]
            names = ("pending", "held", "available", "withdrawing", "withdrawn")
            if wallet != (said := tuple(int(row[name]) for name in names)):
                self.broken("wallet", f"wallet of member {member} is {wallet}, the rules have {said}")

    def _stages(self) -> None:
        """Money in the three stages is that of payouts that are in them."""
        payouts = self.world.shop.tables["payout"].values()
        reviewed = sum(one.gross for one in payouts if one.status is WithdrawalStatus.reviewing)
        net = sum(one.net for one in payouts if one.is_open)
        kept = sum(one.kept for one in payouts if one.is_open)
        wanted = {ShopAccount.payable: reviewed, ShopAccount.transit: net, ShopAccount.company: kept}
        for stage, amount in wanted.items():
            if self.balances[int(stage)] != -amount:
                self.broken("stages", f"{stage.name} has {-self.balances[int(stage)]} fen, under way are {amount}")

    def _payments(self) -> None:
        """What the channel paid is what the ledger says, unless it has not said so yet."""
        paid: Counter[int] = Counter()
        for one in self.world.channel.payments.values():
            paid[one.withdrawal] += one.amount if one.paid else 0
        for number, payout in self.world.shop.tables["payout"].items():
            booked = payout.net if payout.status is WithdrawalStatus.paid else 0
            if booked != paid[number] and not payout.is_open:
                self.broken("paid", f"withdrawal {number}: the channel paid {paid[number]} fen, booked are {booked}")

    def _shelves(self) -> None:
        """Pieces that are left, and those sold and not given back, are those that were there."""
        world = self.world
        left: Counter[int] = Counter()
        there: Counter[int] = Counter()
        for (sku, _), pieces in world.shop.tables["shelf"].items():
            left[sku] += pieces
        for (sku, _), pieces in world.script.shelf.items():
            there[sku] += pieces
        for number, kept in world.shop.tables["order"].items():
            if number < world.opening.orders:
                continue
            page = OrderPage.from_bytes(number, kept)
            if page.row["status"][0] == OrderStatus.cancelled:
                continue
            back = world.back[number]
            for line, row in enumerate(page.lines):
                left[int(row["sku"])] += int(row["quantity"]) - back[line]
        for sku, pieces in there.items():
            if left[sku] != pieces:
                self.broken("stock", f"product {sku}: {pieces} pieces at first, {left[sku]} sold or left in the end")
