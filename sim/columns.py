"""A crowd as columns: the interface of Mesa's AgentSet over NumPy arrays, one row a person.

Mesa keeps one Python object per agent; a million of them take gigabytes and a second a step. Here a population is a
`Crowd`: columns declared once with dtype, unit and default. `ColumnSet` selects, sorts, shuffles, reads, writes, groups
like `mesa.agent.AgentSet`; functions given to it see whole columns at once. `Row` is one agent: `row.effort += 1`
writes the column. Rows are never removed; `unique_id` is the row number.

What is synchronous must be said: `set`, `do` and attribute assignment act on all rows at once, from the values before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mesa.agent import AgentSet

Values = NDArray[Any]
Rows = slice | NDArray[np.int64]


Summary = Callable[[Values], object]


class Host(Protocol):
    """A model that agents live in."""

    rng: np.random.Generator


@dataclass(frozen=True)
class Column:
    """Declaration of a column.

    Attributes:
        dtype: NumPy dtype.
        unit: what a value counts: fen, days, a share.
        default: value of every row at the beginning.
    """

    dtype: str
    unit: str = ""
    default: float = 0


class Crowd:
    """The columns of a population. `crowd["effort"]` is the array itself, for kernels.

    Args:
        model: what `row.model` gives, for Mesa's collectors.
        count: number of rows.
        schema: the columns by name.
    """

    def __init__(self, model: Host, count: int, schema: Mapping[str, Column]) -> None:
        reserved = [name for name in schema if not name.isidentifier() or hasattr(ColumnSet, name)]
        if reserved:
            raise ValueError(f"{reserved[0]!r} cannot name a column: not an identifier, or a word of ColumnSet")
        self.model = model
        self.count = count
        self.schema = dict(schema)
        self.columns: dict[str, Values] = {
            name: np.full(count, column.default, column.dtype) for name, column in schema.items()
        }

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, name: str) -> Values:
        try:
            return self.columns[name]
        except KeyError:
            raise KeyError(f"no column {name!r}; there are {', '.join(self.columns)}") from None

    def __setitem__(self, name: str, values: object) -> None:
        self.write(name, slice(None), values)

    def write(self, name: str, rows: Rows | int, values: object) -> None:
        """Write a column's rows, after checking that every value fits the column's dtype.

        Raises:
            KeyError: no such column.
            ValueError: a value does not fit, with the value.
        """
        column = self[name]
        column[rows] = fitting(values, column.dtype, name)

    def everyone(self) -> ColumnSet:
        """All rows."""
        return ColumnSet(self, slice(None))

    def snapshot(self) -> dict[str, Values]:
        """A copy of all columns."""
        return {name: column.copy() for name, column in self.columns.items()}

    def restore(self, snapshot: Mapping[str, Values]) -> None:
        """Write back a snapshot of the same columns and count, in place.

        Raises:
            ValueError: other columns, or another number of rows.
        """
        if snapshot.keys() != self.columns.keys():
            raise ValueError(f"a snapshot of {sorted(snapshot)} does not fit columns {sorted(self.columns)}")
        for name, values in snapshot.items():
            if values.shape != (self.count,):
                raise ValueError(f"{self.count} rows are needed, but {name} of the snapshot has {values.shape}")
            self.columns[name][:] = values


def fitting(values: object, dtype: np.dtype[Any], name: str) -> Values:
    """Values as `dtype`, refused where a whole number overflows, a fraction would be cut, or a number is no number.

    Raises:
        ValueError: with the column and the first bad value.
    """
    given = np.asarray(values)
    if given.dtype == dtype:
        return given
    if given.dtype.kind not in "biuf":
        raise ValueError(f"column {name!r} holds {dtype}, not {given.dtype} ({values!r})")
    with np.errstate(invalid="ignore", over="ignore"):
        cast = given.astype(dtype)
    overflown = np.isinf(cast) & ~np.isinf(given.astype(np.float64))
    wrong = overflown if dtype.kind == "f" else cast != given
    if wrong.any():
        raise ValueError(f"column {name!r} holds {dtype}; {given[wrong].flat[0]!r} does not fit")
    return cast


class Row:
    """One agent: a view on a row of a crowd. Attributes read and write the columns."""

    __slots__ = ("_crowd", "unique_id")
    _crowd: Crowd
    unique_id: int

    def __init__(self, crowd: Crowd, number: int) -> None:
        object.__setattr__(self, "_crowd", crowd)
        object.__setattr__(self, "unique_id", number)

    @property
    def model(self) -> Host:
        """The model the agent lives in."""
        return self._crowd.model

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
        column = self._crowd.columns.get(name)
        if column is None:
            raise AttributeError(f"no column {name!r}; there are {', '.join(self._crowd.columns)}")
        return column[self.unique_id]

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self._crowd.columns:
            raise AttributeError(f"no column {name!r} to write; there are {', '.join(self._crowd.columns)}")
        self._crowd.write(name, self.unique_id, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and other._crowd is self._crowd and other.unique_id == self.unique_id

    def __hash__(self) -> int:
        return hash((id(self._crowd), self.unique_id))

    def __repr__(self) -> str:
        return f"Row({self.unique_id})"


class ColumnSet(Sequence[Row]):
    """Some rows of a crowd, in an order: the verbs of Mesa's AgentSet on whole columns.

    `agents.effort` is the column of these rows (for all rows the array itself, without a copy); assigning to it
    writes them. Functions are called once, with the set: `select(lambda agents: agents.effort > 0.5)`.
    """

    def __init__(self, crowd: Crowd, rows: Rows) -> None:
        object.__setattr__(self, "_crowd", crowd)
        object.__setattr__(self, "_rows", rows)

    @property
    def model(self) -> Host:
        """The model the agents live in."""
        return self._crowd.model

    @property
    def unique_id(self) -> NDArray[np.int64]:
        """Row numbers, in the order of the set."""
        rows: Rows = self._rows
        return np.arange(len(self._crowd)) if isinstance(rows, slice) else rows

    def __len__(self) -> int:
        return len(self._crowd) if isinstance(self._rows, slice) else len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return (Row(self._crowd, int(number)) for number in self.unique_id)

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, Row) or agent._crowd is not self._crowd:
            return False
        return isinstance(self._rows, slice) or bool((self._rows == agent.unique_id).any())

    @overload
    def __getitem__(self, item: int) -> Row: ...
    @overload
    def __getitem__(self, item: slice) -> ColumnSet: ...
    def __getitem__(self, item: int | slice) -> Row | ColumnSet:
        chosen = self.unique_id[item]
        return ColumnSet(self._crowd, chosen) if isinstance(item, slice) else Row(self._crowd, int(chosen))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
        if name.startswith("__"):
            raise AttributeError(name)
        column = self._crowd.columns.get(name)
        if column is None:
            raise AttributeError(f"no column {name!r}; there are {', '.join(self._crowd.columns)}")
        return column[self._rows]

    def __setattr__(self, name: str, values: object) -> None:
        if name not in self._crowd.columns:
            raise AttributeError(f"no column {name!r} to write; there are {', '.join(self._crowd.columns)}")
        self._crowd.write(name, self._rows, values)

    def select(
        self,
        filter_func: Callable[[ColumnSet], Values] | Values | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
    ) -> ColumnSet:
        """The rows where a mask, or a function of the columns, is true; at most so many (a float up to 1: this share).

        Raises:
            TypeError: the function gives something else than one truth value a row.
        """
        chosen = self.unique_id
        if filter_func is not None:
            mask = np.asarray(filter_func(self) if callable(filter_func) else filter_func)
            if mask.dtype != np.bool_ or mask.shape != (len(self),):
                raise TypeError(f"a filter gives {len(self)} truth values, one a row; got {mask.dtype} {mask.shape}")
            chosen = chosen[mask]
        if at_most != float("inf"):
            chosen = chosen[: int(len(self) * at_most) if isinstance(at_most, float) and at_most <= 1 else int(at_most)]
        return self._become(chosen, inplace)

    def shuffle(self, inplace: bool = False) -> ColumnSet:
        """The rows in random order, by the model's generator `rng`."""
        return self._become(self.model.rng.permutation(self.unique_id), inplace)

    def sort(
        self, key: str | Callable[[ColumnSet], Values], ascending: bool = False, inplace: bool = False
    ) -> ColumnSet:
        """The rows by a column or a function of the columns; equal ones keep their order."""
        values = np.asarray(getattr(self, key) if isinstance(key, str) else key(self))
        if ascending:
            order = np.argsort(values, kind="stable")
        else:
            order = len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
        return self._become(self.unique_id[order], inplace)

    def get(self, names: str | Sequence[str]) -> Values | list[Values]:
        """A column, or several, of these rows."""
        return getattr(self, names) if isinstance(names, str) else [getattr(self, name) for name in names]

    def set(self, name: str, values: object) -> ColumnSet:
        """Write a column of these rows: one value, or one a row."""
        setattr(self, name, values)
        return self

    def agg(self, name: str, function: Summary | Sequence[Summary]) -> object:
        """A function, or several, of a column of these rows."""
        values = getattr(self, name)
        return function(values) if callable(function) else [one(values) for one in function]

    def do(self, function: Callable[..., object], *args: object, **kwargs: object) -> ColumnSet:
        """Call a function with the set, once: `agents.do(tire, 0.9)`."""
        function(self, *args, **kwargs)
        return self

    def groupby(self, by: str | Callable[[ColumnSet], Values]) -> dict[Hashable, ColumnSet]:
        """Sets by the value of a column, or of a function of the columns, in rising order of the value."""
        values = np.asarray(getattr(self, by) if isinstance(by, str) else by(self))
        keys, place = np.unique(values, return_inverse=True)
        rows = self.unique_id
        return {key.item(): ColumnSet(self._crowd, rows[place == index]) for index, key in enumerate(keys)}

    def _become(self, rows: NDArray[np.int64], inplace: bool) -> ColumnSet:
        if not inplace:
            return ColumnSet(self._crowd, rows)
        object.__setattr__(self, "_rows", rows)
        return self


class Everyone(Sequence[object]):
    """All agents of a model: the characters (Mesa agents) first, then the crowd. What `model.agents` gives.

    Args:
        characters: Mesa's AgentSet.
        crowd: all rows of the crowd.
    """

    def __init__(self, characters: AgentSet, crowd: ColumnSet) -> None:
        self.characters = characters
        self.crowd = crowd

    def __len__(self) -> int:
        return len(self.characters) + len(self.crowd)

    def __iter__(self) -> Iterator[object]:
        yield from self.characters
        yield from self.crowd

    def __contains__(self, agent: object) -> bool:
        return agent in self.characters or agent in self.crowd

    @overload
    def __getitem__(self, item: int) -> object: ...
    @overload
    def __getitem__(self, item: slice) -> list[object]: ...
    def __getitem__(self, item: int | slice) -> object:
        if isinstance(item, slice):
            return list(self)[item]
        place = item + len(self) if item < 0 else item
        first = len(self.characters)
        return self.characters[place] if place < first else self.crowd[place - first]

    def select(
        self, filter_func: Callable[..., object] | None = None, agent_type: type | None = None
    ) -> AgentSet | ColumnSet:
        """Rows of the crowd (`agent_type` Row or left out), or characters of a Mesa type."""
        if agent_type is None or agent_type is Row:
            return self.crowd.select(filter_func)
        return self.characters.select(filter_func, agent_type=agent_type)

    def do(self, method: str | Callable[..., object], *args: object, **kwargs: object) -> Everyone:
        """A method by name: of every character. A function: with every character, then with the crowd as a set."""
        self.characters.do(method, *args, **kwargs)
        if callable(method):
            self.crowd.do(method, *args, **kwargs)
        return self
