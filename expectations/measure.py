"""What a measure is: a number of a batch that should stay what it has been, source by source.

A measure gives a value for each article or row. Of these only counts, sums and squares are kept, so
batches of any number add up to the same, and memory does not follow the night.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from expectations.rule import Severity

Frames = Mapping[str, pd.DataFrame]
Values = Callable[[Frames, datetime], "pd.Series[Any]"]
"""From the frames of a batch and the time of its fetch to numbers, truth values or (for a mix)
words, indexed by article_id; nulls do not count."""

Scale = Literal["share", "rate", "size", "count", "hours", "mix"]
"""What kind of number it is: a share of true values, a mean, a geometric mean, a number a day,
hours since something, or how far a mix is from the usual one (0 the same, 1 nothing in common).
"""

ALL_SOURCES = "*"
"""What stands for the source where something is about all of them."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number and how far it may stray from its own history.

    Attributes:
        id: unique within its table.
        slack: a distance from the usual that never matters: absolute for a share or mix, a share of
            the usual for a rate, in natural logarithms for a size.
        sides: where leaving the band is bad.
        most, least: bounds that hold from the first night on, whatever the history.
        values: null for those that are counted elsewhere.
    """

    id: str
    table: str
    description: str
    scale: Scale
    hint: str
    values: Values | None = None
    slack: float = 0.1
    sides: tuple[str, ...] = ("low", "high")
    most: float | None = None
    least: float | None = None
    severity: Severity = "warning"
    owner: str = "sources"


@dataclass(slots=True)
class Tally:
    """How many values, their sum and the sum of their squares; for a mix, how often each word."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    words: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Take another's values in."""
        self.n += other.n
        self.total += other.total
        self.squares += other.squares
        self.words.update(other.words)

    @property
    def mean(self) -> float:
        """The mean of the values; zero without one."""
        return self.total / self.n if self.n else 0.0

    @property
    def deviation(self) -> float:
        """The standard deviation of the values."""
        return float(max(0.0, self.squares / self.n - self.mean**2) ** 0.5) if self.n else 0.0


Tallies = dict[tuple[str, str, str], Tally]
"""By table, measure and source."""


def tally(
    frames: Frames, sources: Mapping[str, str], as_of: datetime, measures: Iterable[Measure]
) -> Tallies:
    """The tallies of a batch by source; those of all sources together are not among them."""
    found: Tallies = {}
    for measure in measures:
        if measure.values is None or measure.table not in frames:
            continue
        values = measure.values(frames, as_of).dropna()
        of = values.index.map(lambda a: sources.get(a, ALL_SOURCES))
        for source, part in values.groupby(of.to_numpy()) if len(values) else ():
            found[measure.table, measure.id, str(source)] = to_tally(measure, part.tolist())
    return found


def to_tally(measure: Measure, values: Sequence[Any]) -> Tally:
    """The tally of values of a measure."""
    if measure.scale == "mix":
        return Tally(len(values), words=Counter(map(str, values)))
    numbers = [float(value) for value in values]
    return Tally(len(numbers), sum(numbers), sum(n * n for n in numbers))


def add_tallies(one: Tallies, other: Tallies) -> None:
    """Take the tallies of a further batch into `one`."""
    for key, part in other.items():
        one.setdefault(key, Tally()).add(part)


def with_totals(tallies: Tallies) -> Tallies:
    """The tallies with those of all sources together, under ``*``."""
    totals: Tallies = {}
    for (table, measure, source), part in tallies.items():
        totals.setdefault((table, measure, source), Tally()).add(part)
        if source != ALL_SOURCES:
            totals.setdefault((table, measure, ALL_SOURCES), Tally()).add(part)
    return totals


def figure(value: float) -> str:
    """A measured number as people read it: three figures, and whole from a hundred on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
