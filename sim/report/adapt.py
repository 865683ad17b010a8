"""Learning operators against the best fixed plan: in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.text import Text as Styled

from sim.actors.beliefs import Learn
from sim.actors.parts import Learners, PlanCalendars
from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, figure, money, number, percentage
from sim.report.tables import LANGS, PageTable, head, table_of
from sim.report.words import VERDICTS
from sim.studies.adapt import BESIDE, Adaptation, Adapted
from sim.studies.regret import Strategy, Summary
from sim.trials.summary import Between

Cells = Callable[[Strategy, Adaptation, Lang], list[str]]
LETTERS = "ABCDEFGHIJKLMNOPQRSTU"
"""What plans are called in strips."""
SHOWN = 8
"""Replications whose strips stand in the terminal."""
LEARN: dict[Learn, Text] = {
    "thompson": Text("汤普森采样", "Thompson sampling"),
    "ucb": Text("置信上界（UCB）", "UCB"),
    "greedy": Text("ε-贪心", "ε-greedy"),
    "random": Text("随机换方案", "any plan at random"),
}
TITLE = Text("边做边学与最优固定方案", "Learning week by week against the best fixed plan")
HEADS = Text(
    "策略|贡献毛利|比最优固定方案|相对|95% 区间|结论",
    "strategy|contribution|against the best|in %|95 % interval|verdict",
)
BESIDES = Text("另外的数字", "Other figures")
_BESIDE_HEADS = Text(
    "策略|每期每千名会员|± 期间波动|佣金|新会员|周期明细|人工",
    "strategy|a look, per 1,000 members|± from look to look|commission|new members|close entries|labour",
)
LEARNED = Text("学习者做了什么", "What learners did")
STRIPS = Text("各期生效方案（前 {shown} 次重复）", "Plan in force from look to look, {shown} replications")
HINT = Text(
    "最优固定方案指各次重复平均贡献毛利最高者，事后才知道，且由同样的运气选出，因而略被高估。区间为同人同运气的配对差；"
    "结论对全部策略作 Holm 校正。周期明细（阶梯、团队的结算）与人工是换方案可能改变的结算成本。",
    "The best fixed plan has the highest mean contribution over the replications: known only afterwards, and chosen by "
    "the same luck, so a little flattered. Intervals are of paired differences under common luck; verdicts allow for "
    "all strategies (Holm). Entries of period closes (ladder, team) and labour are what settling costs.",
)
_ASKED = Text(
    "{scenario}：{people:,} 人，{days} 天，每 {every} 天看一次，{replications} 次重复，种子 {seed}",
    "{scenario}: {people:,} people, {days} days, a look every {every}, {replications} replications, seed {seed}",
)
_LEARNED_HEADS = Text("学习者|换方案次数|最后一次换（天）", "learner|changes|last one (day)")
_UNDER, _ENDS = Text("{plan} 占时", "under {plan}"), Text("最终 {plan}", "ends on {plan}")
_AHEAD = Text("{learn}，新会员计 {ahead} 期", "{learn}, new members count {ahead} looks")
_BEST = Text("最优", "the best")
_KNOWN = Text("按日程", "by calendar")

_SAID = {
    "higher": Text(
        "{name}的贡献毛利比最优固定方案 {best} 多 {by}（{relative}）{sure}。",
        "{name}: {by} more contribution than {best}, the best fixed plan ({relative}){sure}.",
    ),
    "lower": Text(
        "{name}的贡献毛利比最优固定方案 {best} 少 {by}（{relative}）{sure}。",
        "{name}: {by} less contribution than {best}, the best fixed plan ({relative}){sure}.",
    ),
    "not shown": Text(
        "{name}与最优固定方案 {best} 的差异未能证实：{sign}{by}（{relative}）{sure}。",
        "{name}: no difference from {best}, the best fixed plan, is shown: {sign}{by} ({relative}){sure}.",
    ),
    "no difference": Text(
        "{name}与最优固定方案 {best} 完全相同。", "{name}: exactly what {best} earns, the best fixed plan."
    ),
}
_SURE = Text("，区间 [{low}, {high}]", ", interval [{low}, {high}]")
_WHY = {
    "delay": Text(
        "逐期看，{other} 每千名会员多 {gap}：{best} 的好处来得更晚，记在当时生效的方案上。",
        "Look by look {other} shows {gap} more per 1,000 members: what {best} brings comes later, and is put down to "
        "the plan in force then.",
    ),
    "noise": Text(
        "逐期看，{best} 每千名会员只比 {other} 多 {gap}，而期间波动为 ± {noise}：{looks} 期看不出来。",
        "Look by look {best} shows only {gap} more per 1,000 members than {other}, and a look varies by ± {noise}: too "
        "much for {looks} looks.",
    ),
}


def learner_title(given: Learners | PlanCalendars) -> Text:
    """What a learner is called, or one who knows beforehand."""
    if isinstance(given, PlanCalendars):
        switches = [f"{day}: {plan}" for day, plan in given.plans]
        return Text(*(f"{_KNOWN.say(lang)} ({', '.join(switches)})" for lang in LANGS))
    learn = LEARN[given.learn]
    if not given.ahead:
        return learn
    return Text(*(_AHEAD.say(lang).format(learn=learn.say(lang), ahead=given.ahead) for lang in LANGS))


def title_of(one: str, asked: Adaptation) -> Text:
    """What a strategy is called: a plan by its id."""
    given = dict(asked.learners).get(one)
    return learner_title(given) if given else Text(one, one)


def asked_line(adapted: Adapted, lang: Lang) -> str:
    """What was asked, in a line."""
    asked = adapted.asked
    return _ASKED.say(lang).format(
        scenario=asked.scenario.scenario, people=asked.people, days=asked.days, every=asked.every,
        replications=adapted.replications, seed=asked.seed,
    )  # fmt: skip


def print_adapted(console: Console, adapted: Adapted, found: Summary, lang: Lang) -> None:
    """Every strategy, what learners did, strips of the first replications, and the verdicts."""
    console.print(Styled(asked_line(adapted, lang), style="bold"))
    for table in tables(adapted, found):
        head(console, table.title.say(lang))
        shown = table_of(table.heads.say(lang), table.cells[lang])
        shown.columns[0].no_wrap = True
        console.print(shown)
    head(console, STRIPS.say(lang).format(shown=min(SHOWN, adapted.replications)))
    console.print(Styled(legend(adapted.asked)))
    for one in found.learners:
        console.print(Styled(title_of(one.name, adapted.asked).say(lang)))
        for strip in one.strips[:SHOWN]:
            console.print(Styled(f"  {letters(strip, adapted.asked)}"))
    console.print()
    console.print(Styled(HINT.say(lang), style="dim"))
    console.print()
    for sentence in sentences(adapted, found, lang):
        console.print(Styled(sentence, style="bold"))


def legend(asked: Adaptation) -> str:
    """The letter of each plan."""
    return "  ".join(f"{letter} = {plan.plan}" for letter, (_, plan) in zip(LETTERS, asked.plans, strict=False))


def letters(strip: Sequence[str], asked: Adaptation) -> str:
    """Plans from look to look, a letter each."""
    known = {plan.plan: LETTERS[place] for place, (_, plan) in enumerate(asked.plans)}
    return "".join(known[one] for one in strip)


def tables(adapted: Adapted, found: Summary) -> list[PageTable]:
    """All strategies; other figures of them; what learners did, plans by their letters."""
    asked = adapted.asked
    learned = Text(f"{LEARNED.zh}（{legend(asked)}）", f"{LEARNED.en} ({legend(asked)})")
    return [
        _table(TITLE, HEADS, _cells, found.strategies, asked),
        _table(BESIDES, _BESIDE_HEADS, _besides, found.strategies, asked),
        _table(learned, _learned_heads(asked), _did, found.learners, asked),
    ]


def _table(title: Text, heads: Text, cells: Cells, rows: Sequence[Strategy], asked: Adaptation) -> PageTable:
    return PageTable(title, heads, {lang: [cells(one, asked, lang) for one in rows] for lang in LANGS})


def _learned_heads(asked: Adaptation) -> Text:
    letters = LETTERS[: len(asked.plans)]
    by_lang = []
    for lang in LANGS:
        shares = [one.say(lang).format(plan=plan) for one in (_UNDER, _ENDS) for plan in letters]
        by_lang.append("|".join([_LEARNED_HEADS.say(lang), *shares]))
    return Text(*by_lang)


def _cells(one: Strategy, asked: Adaptation, lang: Lang) -> list[str]:
    effect, cells = one.against, [title_of(one.name, asked).say(lang), money(one.contribution)]
    if effect is None:
        return [*cells, NONE, NONE, NONE, _BEST.say(lang)]
    sure = NONE if effect.low is None or effect.high is None else f"[{_signed(effect.low)}, {_signed(effect.high)}]"
    against = [_signed(effect.difference or 0), percentage(effect.relative), sure, VERDICTS[effect.verdict].say(lang)]
    return [*cells, *against]


def _besides(one: Strategy, asked: Adaptation, lang: Lang) -> list[str]:
    cells = [money(one.reward), money(one.noise)]
    cells += [figure(name, one.beside[name].mean) for name in ("commission", "new_members")]
    cells += [number(one.beside["period_entries"].mean, 0), money(one.beside["labour"].mean)]
    return [title_of(one.name, asked).say(lang), *cells]


def _did(one: Strategy, asked: Adaptation, lang: Lang) -> list[str]:
    plans = [plan.plan for _, plan in asked.plans]
    shares = [f"{shared.get(plan, 0.0):.0%}" for shared in (one.looks, one.ends) for plan in plans]
    return [title_of(one.name, asked).say(lang), number(one.changes, 1), number(one.settled, 0), *shares]


def sentences(adapted: Adapted, found: Summary, lang: Lang) -> list[str]:
    """A verdict for each learner; and, where one earns less, what looks show of the fixed plans."""
    said = [_sentence(one, adapted.asked, found.best, lang) for one in found.learners]
    lower = any(one.against and one.against.verdict == "lower" for one in found.learners)
    return [*said, _why(found, lang)] if lower else said


def _sentence(one: Strategy, asked: Adaptation, best: str, lang: Lang) -> str:
    effect = one.against
    assert effect is not None
    sure = ""
    if effect.low is not None and effect.high is not None:
        sure = _SURE.say(lang).format(low=_signed(effect.low), high=_signed(effect.high))
    gap = effect.difference or 0.0
    return _SAID[effect.verdict].say(lang).format(
        name=title_of(one.name, asked).say(lang), best=best, by=money(abs(gap)), sign="+" if gap > 0 else "-",
        relative=percentage(effect.relative), sure=sure,
    )  # fmt: skip


def _why(found: Summary, lang: Lang) -> str:
    """What a look shows of the best fixed plan, beside the one that it shows best of the others."""
    fixed = {plan.name: plan for plan in found.strategies if not plan.learns}
    best = fixed.pop(found.best)
    other = max(fixed.values(), key=lambda plan: plan.reward)
    return _WHY["delay" if other.reward >= best.reward else "noise"].say(lang).format(
        best=best.name, other=other.name, gap=money(abs(best.reward - other.reward)), noise=money(best.noise),
        looks=len(best.strips[0]),
    )  # fmt: skip


def _signed(fen: float) -> str:
    return money(fen, sign="+")


def adapted_told(adapted: Adapted, found: Summary) -> dict[str, object]:
    """What `--json` prints; money in yuan."""
    asked = adapted.asked
    return {
        "scenario": asked.scenario.scenario,
        "plans": [plan.plan for _, plan in asked.plans],
        "people": asked.people,
        "days": asked.days,
        "every": asked.every,
        "seed": asked.seed,
        "replications": adapted.replications,
        "interrupted": adapted.interrupted,
        "failures": len(adapted.failures),
        "best": found.best,
        "strategies": [_told(one, asked) for one in found.strategies],
        "said": {lang: sentences(adapted, found, lang) for lang in LANGS},
    }


def _told(one: Strategy, asked: Adaptation) -> dict[str, object]:
    title, effect, given = title_of(one.name, asked), one.against, dict(asked.learners).get(one.name)
    told: dict[str, object] = {
        "name": one.name,
        "title": {"zh": title.zh, "en": title.en},
        "learner": given.model_dump(mode="json") if given else None,
        "contribution": one.contribution / 100,
        "reward": one.reward / 100,
        "noise": one.noise / 100,
    }
    for name in ("difference", "low", "high"):
        fen = getattr(effect, name) if effect else None
        told[name] = None if fen is None else fen / 100
    for name in ("relative", "p_adjusted", "verdict"):
        told[name] = getattr(effect, name) if effect else None
    told |= {name: _beside(name, one.beside[name].mean) for name in BESIDE}
    return told | {
        "regret": [_yuan(point) for point in one.regret],
        "looks": dict(one.looks),
        "changes": one.changes,
        "settled": one.settled,
        "ends": dict(one.ends),
        "strips": [letters(strip, asked) for strip in one.strips],
    }


def _beside(name: str, value: float) -> float:
    return value / 100 if name in ("commission", "labour") else value


def _yuan(point: Between) -> dict[str, float | None]:
    ends = {name: getattr(point, name) for name in ("mean", "low", "high")}
    return {name: None if fen is None else fen / 100 for name, fen in ends.items()}
