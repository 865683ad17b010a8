"""Exact and safe reading of YAML 1.2: plain data, and for every value the line and column it stands at.

ruamel.yaml's parser turns the text into events; everything above that happens here, so that nothing is
executed, no number passes through a binary float, and no input gets more depth or memory than the bounds
below. Events arrive one by one: a text that is nested too deeply is refused before anybody recurses into it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from rules.errors import InputError, Place, shown

MAX_CHARACTERS = 5_000_000
MAX_DEPTH = 64
MAX_EXPANDED = 100_000
"""How many values aliases and merges may add to what is written."""
MAX_DIGITS = 30

Data: TypeAlias = Any
"""What YAML can hold: dict (keys str or int), list, str, int, bool, None, Decimal."""
Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]
"""Where a value stands in the data: keys of mappings, numbers of list items from 0."""

_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?([0-9]+))?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MERGE = "<<"
_KEYS = "a name or a whole number; anything else in quotes"
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")


@dataclass(slots=True)
class _Node:
    """One value: its data, the offset it starts at, and the nodes and key offsets inside it; where a scalar ends."""

    data: Data
    offset: int
    children: dict[Step, _Node] = field(default_factory=dict)
    keys: dict[Step, int] = field(default_factory=dict)
    size: int = 1
    end: int | None = None


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    node: _Node
    anchor: str | None
    key: Step | None = None
    merging: bool = False
    merge: _Node | None = None


class _Lines:
    """From an offset in the text to a line and column."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(self.name, line, offset - self._starts[line - 1] + 1)


class Document:
    """Data read from one text, and the place of every value in it."""

    def __init__(self, name: str, root: _Node, lines: _Lines) -> None:
        self.name = name
        self.data: Data = root.data
        self._root, self._lines = root, lines

    def place(self, path: Path = (), key: bool = False) -> Place:
        """Line and column of a value, or of its key; of the nearest value around it if there is none."""
        node, offset = self._root, self._root.offset
        for step in path:
            if step not in node.children:
                break
            offset = node.keys.get(step, node.children[step].offset) if key else node.children[step].offset
            node = node.children[step]
        else:
            return self._lines.place(offset)
        return self._lines.place(node.offset)

    def span(self, path: Path) -> tuple[int, int] | None:
        """The characters of a scalar in the text, from and up to; None if there is none or an alias stands for it."""
        node = self._root
        for step in path:
            if step not in node.children:
                return None
            node = node.children[step]
        return None if node.end is None else (node.offset, node.end)


def read_yaml(text: str, name: str) -> Document:
    """The data of a YAML text with exactly one document.

    Args:
        text: what to read.
        name: the file name that messages begin with.

    Raises:
        InputError: with the line and column of whatever cannot be read.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"the text has {len(text)} characters", Place(name), f"at most {MAX_CHARACTERS}")
    text = text.removeprefix("\ufeff")
    lines = _Lines(text, name)
    if found := _UNREADABLE.search(text):
        given = f"character U+{ord(found[0]):04X} cannot be read"
        raise InputError(given, lines.place(found.start()), "printable characters, tabs and line breaks")
    builder = _Builder(lines)
    for event in _events(text, lines):
        builder.take(event)
    if builder.root is None:
        raise InputError("the file is empty", Place(name, 1, 1), "one YAML document")
    return Document(name, builder.root, lines)


def _events(text: str, lines: _Lines) -> Iterator[Event]:
    """The parser's events; whatever it stumbles over becomes an `InputError`."""
    offset = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            offset = event.end_mark.index
            yield event
    except InputError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _syntax(text, lines, mark.index if mark else offset, error.problem or "unknown") from None
    except Exception:  # the parser itself fails on some hostile texts: still only bad input
        raise _syntax(text, lines, offset, "no YAML can be made of it") from None


def _syntax(text: str, lines: _Lines, offset: int, problem: str) -> InputError:
    offset = min(offset, len(text))
    rest = text[offset : offset + 40].splitlines()
    given = repr(rest[0]) if rest and rest[0] else "the end of the line" if rest else "the end of the text"
    problem = problem.replace("\\t", "tab").replace("'\t'", "tab")
    allowed = "indent with spaces, never with tabs" if text[offset : offset + 1] == "\t" else "YAML 1.2"
    return InputError(f"not readable at {given}: {problem}", lines.place(offset), allowed)


class _Builder:
    """Puts events together to nodes, within the bounds."""

    def __init__(self, lines: _Lines) -> None:
        self.root: _Node | None = None
        self._lines = lines
        self._open: list[_Open] = []
        self._anchors: dict[str, _Node | None] = {}
        self._expanded = 0
        self._documents = 0

    def take(self, event: Event) -> None:
        """Add one event."""
        offset = event.start_mark.index
        if isinstance(event, ScalarEvent | CollectionStartEvent):
            self._refuse_tag(event, offset)
        match event:
            case DocumentStartEvent():
                self._start_document(offset)
            case ScalarEvent():
                self._scalar(event, offset)
            case AliasEvent():
                self._alias(event.anchor, offset)
            case MappingStartEvent() | SequenceStartEvent():
                self._start(_Node({} if isinstance(event, MappingStartEvent) else [], offset), event.anchor)
            case MappingEndEvent() | SequenceEndEvent():
                self._end()

    def _error(self, message: str, offset: int, allowed: str) -> InputError:
        return InputError(message, self._lines.place(offset), allowed)

    def _start_document(self, offset: int) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._error("a second document starts here", offset, "one document a file")

    def _refuse_tag(self, event: ScalarEvent | CollectionStartEvent, offset: int) -> None:
        tag = str(event.ctag) if event.ctag is not None else None
        if tag is None or (tag in _TEXT_TAGS and isinstance(event, ScalarEvent)):
            return
        short = tag.replace("tag:yaml.org,2002:", "!!")
        raise self._error(f"tag {short[:60]} is not read", offset, "plain values; text in quotes")

    def _scalar(self, event: ScalarEvent, offset: int) -> None:
        plain = event.implicit[0] and event.ctag is None
        if plain and event.value == _MERGE and self._expects_key():
            self._take_merge_key(offset)
            return
        data = self._resolve(event.value, offset) if plain else event.value
        node = _Node(data, offset, end=event.end_mark.index)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._attach(node)

    def _resolve(self, text: str, offset: int) -> Data:
        """A plain scalar by the core schema of YAML 1.2; a number with a fraction stays exact."""
        if _NULL.fullmatch(text):
            return None
        if found := _BOOL.fullmatch(text):
            return found[1] is not None
        if _NO_NUMBER.fullmatch(text):
            raise self._error(f"{text} is not a number that can be computed with", offset, "a finite number")
        whole, fraction = _INT.fullmatch(text), _FLOAT.fullmatch(text)
        if not whole and not fraction:
            return text
        exponent = fraction[1] if fraction and fraction[1] else "0"
        if len(text) > MAX_DIGITS or len(exponent) > 4 or int(exponent) > MAX_DIGITS:
            short = text if len(text) <= 40 else f"{text[:20]}… ({len(text)} characters)"
            allowed = f"numbers of at most {MAX_DIGITS} digits; text of digits in quotes"
            raise self._error(f"{short} is too large or too fine a number", offset, allowed)
        return int(text, 0 if text[:2] in ("0o", "0x") else 10) if whole else Decimal(text)

    def _alias(self, anchor: str, offset: int) -> None:
        if anchor not in self._anchors:
            known = ", ".join(f"*{name[:60]}" for name in list(self._anchors)[:10]) or "none is defined above"
            raise self._error(f"alias *{anchor[:60]} has no anchor above it", offset, known)
        target = self._anchors[anchor]
        if target is None:
            raise self._error(f"alias *{anchor[:60]} stands inside its own anchor", offset, "no loops")
        self._expand(target.size, offset)
        self._attach(_Node(target.data, offset, target.children, target.keys, target.size))

    def _expand(self, size: int, offset: int) -> None:
        self._expanded += size
        if self._expanded > MAX_EXPANDED:
            message = f"aliases and merges expand to more than {MAX_EXPANDED} values"
            raise self._error(message, offset, f"at most {MAX_EXPANDED}")

    def _start(self, node: _Node, anchor: str | None) -> None:
        if self._expects_key():
            raise self._error("a list or mapping cannot be a key", node.offset, _KEYS)
        if len(self._open) >= MAX_DEPTH:
            raise self._error("nested too deeply", node.offset, f"at most {MAX_DEPTH} levels")
        if anchor:
            self._anchors[anchor] = None
        self._open.append(_Open(node, anchor))

    def _end(self) -> None:
        opened = self._open.pop()
        if opened.merge is not None:
            self._merge(opened.node, opened.merge)
        if opened.anchor:
            self._anchors[opened.anchor] = opened.node
        self._attach(opened.node)

    def _expects_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].node.data, dict) and self._open[-1].key is None

    def _attach(self, node: _Node) -> None:
        """Give a finished node to what it stands in: as key, value, list item, or the whole document."""
        if not self._open:
            self.root = node
        elif self._expects_key():
            self._take_key(node)
        else:
            self._take_value(self._open[-1], node)

    def _take_key(self, node: _Node) -> None:
        key, target = node.data, self._open[-1]
        if isinstance(key, bool) or not isinstance(key, str | int):
            raise self._error(f"{shown(key)} cannot be a key", node.offset, _KEYS)
        if key in target.node.keys:
            first = self._lines.place(target.node.keys[key])
            message = f"key {shown(key)} is given twice, first in line {first.line}"
            raise self._error(message, node.offset, "each key once")
        target.key = key
        target.node.keys[key] = node.offset

    def _take_merge_key(self, offset: int) -> None:
        target = self._open[-1]
        if target.merge is not None:
            raise self._error("key << is given twice", offset, "one <<, with a list of several aliases")
        target.key, target.merging = _MERGE, True

    def _take_value(self, target: _Open, node: _Node) -> None:
        inside = target.node
        if target.merging:
            target.merge, target.merging, target.key = node, False, None
            return
        if target.key is None:
            inside.children[len(inside.data)] = node
            inside.data.append(node.data)
        else:
            inside.children[target.key] = node
            inside.data[target.key] = node.data
            target.key = None
        inside.size += node.size

    def _merge(self, into: _Node, source: _Node) -> None:
        """Add the keys of a merged mapping, or of several (the first wins), that are not given already."""
        sources = list(source.children.values()) if isinstance(source.data, list) else [source]
        for one in sources:
            if not isinstance(one.data, dict):
                raise self._error("<< can only merge mappings", one.offset, "an alias of a mapping, or a list of them")
            for key, child in one.children.items():
                if key in into.children:
                    continue
                self._expand(child.size, source.offset)
                into.children[key], into.keys[key] = child, one.keys[key]
                into.data[key] = child.data
                into.size += child.size
