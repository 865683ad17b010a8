"""Content rules 文案规则: wording that share texts must not contain, and where a text contains it.

Rules are data: plain words with their source, never patterns. A text is compared as letters and digits alone:
width, case, accents, invisible characters and whatever else stands between the characters of a word are taken
away first, and every finding points into the text as it was written.

| written | found |
| --- | --- |
| 最 佳, 最-佳, 最🌟佳, 最丨佳, one character a line | yes |
| full width (ＢＥＳＴ), circled (㊀ ①) and other forms that Unicode ties to a plain character, upper case | yes |
| zero width characters, accents and other marks | yes |
| `b e s t`, `b.e.s.t`, `be-st`; `guaranteed  income`, `guaranteed-income` | yes |
| `bestow`, `to be St. Petersburg` (English words stand alone) | no finding, rightly |
| another word of the same meaning, a homophone, pinyin, characters put together of parts (木又) | **no** |
| traditional characters, digits for numerals, look-alikes (Cyrillic е), letters or digits put between | **no** |
| words in a picture, a voice, a video, and what a text says without saying it | **no** |

So a clean text holds none of the listed words. It may still break the law.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rules.errors import InputError, shown
from rules.plan.validate import Problem, given_twice, read_as
from rules.plan.values import Day, Flag, Id, Section, Title
from sim.risk.letters import IDEOGRAPHS, Folded, fold, fold_word, letters_of

MAX_BYTES = 1_000_000
"""The largest text, in UTF-8."""
MOST = 100
"""How many findings of one rule are told."""
AROUND = 40
"""How many characters before and after the words a finding quotes at most."""

OnBreach = Literal["refuse", "lawyer"]
TextVerdict = Literal["clean", "lawyer", "refused"]
Style = Literal["rational", "emotional", "urgency"]
"""理性测评, 情感共鸣, 紧迫促销."""

_ENDS = "。！？!?；;…\n\r"


def _wording(given: str) -> str:
    if not letters_of(given):
        raise ValueError(f"{shown(given)} has neither letters nor digits")
    return given


Wording = Annotated[str, Field(min_length=1, max_length=50), AfterValidator(_wording)]
"""A plain word or phrase. Everything in it but letters and digits only says where it may be parted."""


class ContentRule(Section):
    """One rule: words, and what a text with one of them is.

    `source` quotes the passage the rule rests on; `verified` says that the quotation was compared with the text of
    the law. Which words the passage means is our reading, unless it names them. `except_` are longer phrases in
    which a word means something else; they count only as they are written, with nothing put in between.
    """

    id: Id
    title: Title
    source: Annotated[str, Field(min_length=1)]
    verified: Flag = False
    on_breach: OnBreach = "refuse"
    categories: Annotated[
        list[Id], Field(max_length=50, description="goods it is for; none = all", default_factory=list)
    ]
    words: Annotated[list[Wording], Field(min_length=1, max_length=500)]
    except_: Annotated[list[Wording], Field(alias="except", max_length=500, default_factory=list)]

    def is_for(self, category: str | None) -> bool:
        """Whether the rule counts for goods of a category; None = nobody said which."""
        return not self.categories or category in self.categories


class ContentRules(Section):
    """A named set of rules, and the day on which somebody last compared it with its sources."""

    content: Id
    title: Title
    checked: Day
    rules: Annotated[list[ContentRule], Field(min_length=1, max_length=100)]

    def categories(self) -> list[str]:
        """The categories that some rule is for alone."""
        return sorted({one for rule in self.rules for one in rule.categories})


class ShareText(Section):
    """A text that promoters share: an example, with the verdict it ought to get."""

    id: Id
    style: Style
    category: Id | None = None
    text: Annotated[str, Field(min_length=1)]
    expect: TextVerdict


class ShareTexts(Section):
    """A file of share texts."""

    texts: Id
    title: Title
    examples: Annotated[list[ShareText], Field(min_length=1, max_length=1_000)]


@dataclass(frozen=True)
class Finding:
    """A listed word in a text.

    Attributes:
        word: as the rule has it.
        start, end: the characters of the text as it was given, `text[start:end]`; all that stands between included.
        sentence: what stands around it, cut where it is long.
        sentence_start: where in the text the sentence begins.
    """

    rule: ContentRule
    word: str
    start: int
    end: int
    sentence: str
    sentence_start: int


def read_content_rules(text: str, name: str) -> ContentRules:
    """The content rules in a file, see `read_as`."""
    return read_as(ContentRules, text, name, _wrong)


def _wrong(rules: ContentRules) -> Iterator[Problem]:
    yield from given_twice(("rules",), [rule.id for rule in rules.rules])
    yield from _idle_exceptions(rules)


def read_share_texts(text: str, name: str) -> ShareTexts:
    """The share texts in a file; bad input is refused as by `read_content_rules`."""
    return read_as(ShareTexts, text, name, lambda texts: given_twice(("examples",), [one.id for one in texts.examples]))


def _idle_exceptions(rules: ContentRules) -> Iterator[Problem]:
    """Exceptions that hold no word of their rule: they would never count."""
    for number, rule in enumerate(rules.rules):
        words = [letters_of(word) for word in rule.words]
        for at, exception in enumerate(rule.except_):
            if not any(word in letters_of(exception) for word in words):
                message = f"{shown(exception)} holds none of the rule's words"
                yield Problem(("rules", number, "except", at), message, "a phrase around one of the words")


def review(text: str, rules: ContentRules, category: str | None = None) -> list[Finding]:
    """Every listed word in a text, in the order of the text; of one rule at most the first `MOST`.

    A word inside a longer one is not told again, unless its rule is the graver one.

    Args:
        text: as promoters would share it.
        rules: what must not be in it.
        category: of the goods; rules for other goods alone do not count.

    Raises:
        InputError: the text is too large, or holds half a character.
    """
    _refuse_text(text)
    folded = fold(text)
    found: list[_Match] = []
    for rule in rules.rules:
        if rule.is_for(category):
            found += _matches(folded, rule)
    return [_finding(text, match) for match in _first(_outermost(found))]


def verdict_of(findings: Iterable[Finding]) -> TextVerdict:
    """What a text with these findings is. Clean is not lawful: none of the listed words is in it."""
    breaches = {finding.rule.on_breach for finding in findings}
    return "refused" if "refuse" in breaches else "lawyer" if breaches else "clean"


def _refuse_text(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise InputError(f"character {error.start + 1} of the text is not Unicode", allowed="text in UTF-8") from None
    if size > MAX_BYTES:
        raise InputError(f"the text has {size} bytes", allowed=f"at most {MAX_BYTES}, in UTF-8")


@dataclass(frozen=True, slots=True)
class _Match:
    """A word of a rule at letters of the text; `start` and `end` count characters of the text."""

    start: int
    end: int
    rule: ContentRule
    word: str


def _matches(folded: Folded, rule: ContentRule) -> list[_Match]:
    """The words of one rule outside its exceptions, in the order of the text; each word at most `MOST` times."""
    excused = _Ranges(spot for phrase in rule.except_ for spot in _spots(folded, phrase, as_written=True))
    found: dict[tuple[int, int], _Match] = {}
    for word in rule.words:
        told = 0
        for start, end in _spots(folded, word):
            if not excused.cover(start, end):
                place = int(folded.where[start]), int(folded.where[end - 1]) + 1
                found.setdefault(place, _Match(*place, rule, word))
                told += 1
                if told == MOST:
                    break
    return list(found.values())


def _spots(folded: Folded, word: str, as_written: bool = False) -> Iterator[tuple[int, int]]:
    """Where the letters of a word stand as that word; overlapping ones too."""
    own = fold_word(word)
    if not folded.alphabet.issuperset(own.letters):
        return
    size, find, gaps = len(own.letters), folded.letters.find, folded.gaps
    edgeless = own.letters[0] >= IDEOGRAPHS <= own.letters[-1]
    unbroken = bytes(size - 1)
    start = find(own.letters)
    while start >= 0:
        end = start + size
        inside = gaps[start + 1 : end]
        together = inside == unbroken or _holds_together(inside, own, as_written)
        if together and (edgeless or _is_bounded(folded, start, end)):
            yield start, end
        start = find(own.letters, start + 1)


def _holds_together(inside: bytes, own: Folded, as_written: bool) -> bool:
    """Whether letters with these gaps between them read as one word.

    Chinese does with anything in between. Alphabets do with spaces where the word has its own, with signs
    anywhere, or letter by letter. An exception has to stand there as it is written.
    """
    if as_written:
        return _only_at(own, inside, 1)
    spelled = 0 not in inside
    return spelled or any(char >= IDEOGRAPHS for char in own.letters) or _only_at(own, inside, 2)


def _only_at(own: Folded, inside: bytes, width: int) -> bool:
    """Whether gaps of a width stand only where the word itself has one."""
    return all(mine or gap < width for gap, mine in zip(inside, own.gaps[1:], strict=True))


def _is_bounded(folded: Folded, start: int, end: int) -> bool:
    """Whether a word begins and ends there: no letter of an alphabet next to one, no digit next to a digit."""
    return not (_runs_on(folded, start) or _runs_on(folded, end))


def _runs_on(folded: Folded, at: int) -> bool:
    if at == 0 or at == len(folded.letters) or folded.gaps[at]:
        return False
    before, after = folded.letters[at - 1], folded.letters[at]
    if before >= IDEOGRAPHS or after >= IDEOGRAPHS:
        return False
    return before.isalpha() == after.isalpha()


class _Ranges:
    """Stretches of a text, to ask whether one of them covers another."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(ranges)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def cover(self, start: int, end: int) -> bool:
        """Whether one range holds all of a stretch."""
        before = bisect_right(self._starts, start)
        return before > 0 and self._furthest[before - 1] >= end


def _outermost(found: list[_Match]) -> Iterator[_Match]:
    """In the order of the text, without those that stand inside a longer one at least as grave."""
    found.sort(key=lambda match: (match.start, -match.end))
    reach = {"refuse": 0, "lawyer": 0}
    for (_, end), group in groupby(found, key=lambda match: (match.start, match.end)):
        matches = list(group)
        yield from (match for match in matches if end > reach[match.rule.on_breach])
        for match in matches:
            covers = ("refuse", "lawyer") if match.rule.on_breach == "refuse" else ("lawyer",)
            reach |= {one: max(reach[one], end) for one in covers}


def _first(matches: Iterable[_Match]) -> Iterator[_Match]:
    """Of each rule the first `MOST`."""
    told: dict[str, int] = {}
    for match in matches:
        told[match.rule.id] = told.get(match.rule.id, 0) + 1
        if told[match.rule.id] <= MOST:
            yield match


def _finding(text: str, match: _Match) -> Finding:
    low, end = max(0, match.start - AROUND), match.end
    before, after = text[low : match.start], text[end : end + AROUND]
    start = low + 1 + max(before.rfind(mark) for mark in _ENDS)
    stop = end + min((at + 1 for mark in _ENDS if (at := after.find(mark)) >= 0), default=len(after))
    sentence = text[start : min(stop, start + 4 * AROUND)].rstrip()
    return Finding(match.rule, match.word, match.start, end, sentence, start)
