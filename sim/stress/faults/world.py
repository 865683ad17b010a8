"""One world: a script, a store, clients at work with it, and a scheduler that decides who goes on, step by step.

A step is one ask of a desk, or one row of it; between any two steps anything may happen to anybody. The clock jumps to
the next thing that is to happen when nobody has anything to do, and creeps on while somebody has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rules.events import DAY, Kind, Records
from rules.records import OrderStatus
from sim.pipeline import Desk
from sim.store.asks import Change, LockMembers, LockOrder, Reply, Result, Write
from sim.store.assembly import NOTHING
from sim.store.pages import OrderPage
from sim.stress.faults.actors import Actor, Client, Payer, Settler
from sim.stress.faults.audit import Audit, Broken
from sim.stress.faults.channel import NEVER, Channel
from sim.stress.faults.houses import House, house, one_event, served, settle_all
from sim.stress.faults.luck import Luck
from sim.stress.faults.script import Mishap, Script, script
from sim.stress.faults.serial import differences
from sim.stress.faults.shop import Session, Shop
from sim.stress.faults.sources import Delivery, Job, JobKey
from sim.stress.faults.tables import Record, copied

MOST_STEPS = 60_000
"""After so many steps a world is taken to go round in circles."""
_AFTERWARDS = 5 * DAY
"""By then everything that was bought has been received and its hold is over."""
_ASKED_FIRST = 4
_CREEP = 0.06
"""How often a step takes a second."""


@dataclass(frozen=True)
class Kit:
    """What a world is made of: the real desk, and the store and the workers around it. Planted bugs replace parts."""

    desk: type[Desk] = Desk
    shop: type[Shop] = Shop
    client: type[Client] = Client
    settler: type[Settler] = Settler
    payer: type[Payer] = Payer


@dataclass
class Outcome:
    """What became of a world.

    Attributes:
        broken: invariants. steps: of the scheduler. commits: in the log. faults: mishaps that came to pass, by kind.
        replies: to clients, by result. stale: how often a cache had been wrong. trace: if it was asked for.
    """

    seed: int
    broken: list[Broken]
    steps: int
    commits: int
    faults: Counter[str]
    replies: Counter[str]
    stale: int
    trace: list[str] = field(default_factory=list)


class World:
    """A world.

    Args:
        of: its script. kit: what it is made of. traced: whether to note who did what.

    Attributes:
        clock: seconds. steps: taken so far.
        results: by key of a job, whether it was done; those that are not in it are not answered yet.
        told: how often each was told. back: by order and line, pieces that were given back.
    """

    def __init__(self, of: Script, kit: Kit | None = None, traced: bool = False) -> None:
        self.script, self.kit = of, kit or Kit()
        self.house: House = house(of.plan)
        self.opening = self.house.opening(of.opening)
        tables = copied(self.opening.tables) | {"shelf": dict(of.shelf)}
        self.clock, self.steps = min((one.at for one in of.deliveries), default=0), 0
        self.trace: list[str] | None = [] if traced else None
        self.results: dict[JobKey, bool] = {}
        self.told = Counter(one.job.key for one in of.deliveries)
        self.back: dict[int, Counter[int]] = defaultdict(Counter)
        self.replies: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._luck, self._clients, self._asked = Luck(of.seed, "schedule"), 0, Counter[int]()
        self._sources: dict[JobKey, int] = {}
        self._forgotten: list[tuple[int, Session]] = []
        self._waiting: dict[JobKey, list[tuple[Client, Delivery]]] = defaultdict(list)
        self._at_step = [one for one in reversed(of.mishaps) if one.when == "step"]
        self._at_commit = {one.at: one for one in of.mishaps if one.when == "commit"}
        self._struck: Mishap | None = None
        self.shop = self.kit.shop(tables, self.house.sizes)
        self.shop.committed, self.shop.at_flush = self._committed, self._dies_at_flush
        self.audit = Audit(self)
        self.shop.crashed = self.audit.recovered
        self.channel = Channel(of.seed, self._notice)
        self._people(of.deliveries)

    def _people(self, deliveries: Sequence[Delivery]) -> None:
        places = iter(range(100))
        self.clients = [self.kit.client(self, next(places)) for _ in range(self.script.clients)]
        self.settlers = [self.kit.settler(self, next(places)) for _ in range(self.script.workers)]
        self.payer = self.kit.payer(self, next(places))
        self.actors: list[Actor] = [*self.clients, *self.settlers, self.payer]
        own: dict[int, Job] = {}
        for one in deliveries:
            job = one.job
            if job.share:  # its amount is known when it is asked for: this world's own
                job = own.setdefault(id(job), replace(job, events=job.events.copy()))
            job.source = self.source_of(job.key)
            self.clients[one.client].tell(replace(one, job=job))

    def run(self) -> Outcome:
        """Live through it, and check it in the end."""
        self._until_nobody_has_anything_to_do()
        self.clock = max(self.clock, *self.script.moments) + _AFTERWARDS
        for settler in self.settlers:
            settler.wake(self.clock)
        self._until_nobody_has_anything_to_do()
        if not self.audit.found:
            self._in_the_end()
        return Outcome(
            seed=self.script.seed,
            broken=self.audit.found,
            steps=self.steps,
            commits=len(self.shop.log.records),
            faults=self.faults,
            replies=self.replies,
            stale=sum(one.desk.uplines.stale for one in self.actors),
            trace=self.trace or [],
        )

    def _until_nobody_has_anything_to_do(self) -> None:
        luck, actors = self._luck, self.actors
        while not self.audit.found:
            if (actor := self._somebody()) is not None:
                actor.step()
                self.steps += 1
                self.clock += luck.chance(_CREEP)
                self._strike()
            elif any(one.talk is not None for one in actors):
                self._wait()
            elif (at := min(one.next_at() for one in actors)) < NEVER:
                self.clock = max(self.clock + 1, at)
                self._wake()
            else:
                return
            if self.steps > MOST_STEPS:
                self.audit.broken("finished", f"still at work after {MOST_STEPS} steps")

    def _somebody(self) -> Actor | None:
        """Anybody who has something to do: mostly the first who is asked, which is quicker than to ask all."""
        for _ in range(_ASKED_FIRST):
            actor = self._luck.pick(self.actors)
            if actor.ready():
                return actor
        ready = [one for one in self.actors if one.ready()]
        return self._luck.pick(ready) if ready else None

    def _wake(self) -> None:
        """Nobody is paused while the clock jumps."""
        for one in self.actors:
            one.paused_until = 0

    def _wait(self) -> None:
        """Everybody at work waits for somebody who is paused, or whom the server has not missed yet."""
        if self._forgotten or any(one.paused_until > self.steps for one in self.actors):
            self.steps += 1
            self._strike()
        else:
            self.audit.broken("finished", "everybody waits for a lock, and nobody holds one")

    def _strike(self) -> None:
        """Let happen what goes wrong at this step."""
        while self._forgotten and self._forgotten[0][0] <= self.steps:
            self.shop.cut(self._forgotten.pop(0)[1])
        if self._struck is not None:
            struck, self._struck = self._struck, None
            self._happens(struck)
        while self._at_step and self._at_step[-1].at <= self.steps:
            self._happens(self._at_step.pop())

    def _happens(self, mishap: Mishap) -> None:
        self.faults[mishap.what] += 1
        self.note("fault", mishap.name)
        actor = self.actors[mishap.whom % len(self.actors)]
        if mishap.what == "kill":
            actor.kill(mishap.size)
        elif mishap.what == "cut":
            self.shop.cut(actor.session)
        elif mishap.what == "crash":
            self.shop.crash()
        elif mishap.what == "pause":
            actor.paused_until = self.steps + mishap.size
        elif mishap.what == "full":
            self.shop.full += mishap.size

    def _dies_at_flush(self, number: int) -> bool:
        mishap = self._at_commit.get(number)
        if mishap is None or mishap.what != "torn":
            return False
        del self._at_commit[number]
        self.faults["torn"] += 1
        self.note("fault", mishap.name)
        return True

    def _committed(self, record: Record) -> None:
        """A transaction has been committed; whoever made it does not know yet."""
        self.audit.committed(record)
        if record.change is not None and record.job is not None and record.change.made.refusal == NOTHING:
            self._given_back(record.job, record.change)
        mishap = self._at_commit.pop(len(self.shop.log.records), None)
        if mishap is not None:
            whom = next((one.place for one in self.actors if one.number == record.client), mishap.whom)
            self._struck = replace(mishap, whom=whom)

    def _given_back(self, job: Job, change: Change) -> None:
        """Note what came back before it was shipped, and can be sold again."""
        before, now = change.before, change.made.order
        if job.kind is not Kind.refund or before is None or now is None:
            return
        if before.row["status"][0] == OrderStatus.paid:
            more = now.lines["refunded_quantity"] - before.lines["refunded_quantity"]
            self.back[now.id].update(dict(enumerate(more.tolist())))

    def source_of(self, key: JobKey) -> int:
        """The number of an event at its source."""
        return self._sources.setdefault(key, len(self._sources))

    def new_client(self) -> int:
        """A number for a process that nobody has had."""
        self._clients += 1
        return self._clients

    def forget(self, session: Session, after: int) -> None:
        """A process has died; the server finds out some steps later, and keeps its locks until then."""
        self._forgotten.append((self.steps + after, session))
        self._forgotten.sort(key=lambda one: one[0])

    def asked(self, withdrawal: int) -> int:
        """How often the channel has been asked for a withdrawal, this time included."""
        self._asked[withdrawal] += 1
        return self._asked[withdrawal]

    def events_of(self, job: Job) -> Records:
        """The events of a job; how much is asked for, where that is a share of what is available, is fixed by now."""
        if job.share:
            available = self.shop.tables["wallet"][int(job.events["member"][0])][2]
            job.events["amount"] = max(100, available * job.share // 100)
            job.share = 0
        return job.events

    def finished(self, job: Job, done: bool) -> None:
        """A job has been answered for good."""
        self.results[job.key] = done or self.results.get(job.key, False)
        for client, delivery in self._waiting.pop(job.key, ()):
            client.tell(delivery, self.clock + 1)

    def wait_for(self, key: JobKey, client: Client, delivery: Delivery) -> None:
        """Tell a client something once something else has been answered."""
        self._waiting[key].append((client, delivery))

    def due(self) -> list[tuple[str, int]]:
        """Orders and members for which something is due, as the store has it now."""
        tables = self.shop.tables
        return [
            (table, number)
            for table in ("order_due", "member_due")
            for number, at in tables[table].items()
            if 0 <= at <= self.clock
        ]

    def answer_of(self, kind: Kind, withdrawal: int) -> Job:
        """What the channel says of a withdrawal, whoever brings it."""
        key = kind.name, withdrawal, 0
        return Job(key, one_event(kind, self.clock, order=withdrawal), source=self.source_of(key))

    def _notice(self, withdrawal: int, times: int) -> None:
        """The channel says by itself that it has paid."""
        job = self.answer_of(Kind.paid, withdrawal)
        for late in range(times):
            whom = withdrawal + late
            self.clients[whom % len(self.clients)].tell(Delivery(self.clock + 2 + late * late, job, whom))

    def _in_the_end(self) -> None:
        """Check everything, and what would happen if everything came again, or went back."""
        self._at_commit.clear()
        self.shop.full = 0
        for _, session in self._forgotten:
            self.shop.cut(session)
        self.audit.in_the_end()
        records = [*self.opening.records, *self.shop.log.records]
        members, sizes = self.opening.members, self.house.sizes
        for told in differences(self.house, members, records, self.shop.tables, sizes, self.clock):
            self.audit.broken("serial", told)
        try:
            if self.script.all_again and not self.audit.found:
                self._again()
            if self.script.refund_all and not self.audit.found:
                self._refund_everything()
        except Exception as error:
            self.audit.broken("error", f"{type(error).__name__}: {error}")

    def _again(self) -> None:
        """Everything that took effect comes once more."""
        desk, there = self.kit.desk(self.house.slices(self.new_client())), len(self.shop.log.records)
        for record in self.shop.log.records[:there]:
            job = record.job
            if job is None or self.audit.applied[job.key] == 0:
                continue
            result = served(self.shop, desk.handle(job.events, job.number, job.source), job)
            if result is not Result.again:
                self.audit.broken("replay", f"{job.name} came again: {result.value}")
        if len(self.shop.log.records) > there:
            self.audit.broken("replay", f"{len(self.shop.log.records) - there} transactions wrote something")

    def _refund_everything(self) -> None:
        """Every order that was paid is refunded: what it earned anybody is taken back to the last fen."""
        desk = self.kit.desk(self.house.slices(self.new_client()))
        for number, kept in sorted(self.shop.tables["order"].items()):
            page = OrderPage.from_bytes(number, kept)
            if page.row["status"][0] in (OrderStatus.paid, OrderStatus.shipped, OrderStatus.received):
                event = one_event(Kind.refund, self.clock, order=number, line=0)
                job = Job(("refund", number, page.refunds), event, page.refunds)
                served(self.shop, desk.handle(event, page.refunds), job)
        settle_all(self.shop, desk, self.clock)
        left: Counter[int] = Counter()
        for _, order, amount, _ in self.shop.tables["entry"].values():
            left[order] += amount
        for order, amount in left.items():
            if order >= 0 and amount:
                self.audit.broken("refunds", f"order {order} is refunded, and {amount} fen of commission are left")

    def note(self, who: str, what: object) -> None:
        """Note something for the trace."""
        if self.trace is not None:
            self.trace.append(f"{self.steps:>5}  {_clock(self.clock)}  {who:<10} {_said(what)}")


def _clock(time: int) -> str:
    day, second = divmod(time, DAY)
    return f"{day % 1000:03} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _said(what: Any) -> str:  # noqa: ANN401 - whatever is noted
    """An ask or a reply in a few words."""
    if isinstance(what, str):
        return what
    if isinstance(what, Reply):
        return f"= {what.result.value}" + (f" ({what.refusal})" if what.refusal != NOTHING else "")
    if isinstance(what, LockMembers):
        return f"lock members {' '.join(map(str, what.members))}"
    if isinstance(what, LockOrder):
        return f"lock order {what.order}"
    if isinstance(what, Write):
        return f"write {len(what.change.made.members)} members, journals {[one.id for one in what.change.journals]}"
    return type(what).__name__.lower()


def run_seed(seed: int, kit: Kit | None = None, traced: bool = False) -> Outcome:
    """The world of a seed."""
    return World(script(seed), kit, traced).run()
