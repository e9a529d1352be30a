"""What a measure may be tonight, from what it was: median and MAD over the nights before.

The band is the median plus and minus `WIDTH` standard deviations. The deviation has two parts: how
much the nights differ (1.4826 times the median absolute deviation, which one bad night does not
move), and how much a mean of so few values may differ by chance. So a source with three articles a
night is judged no more sharply than three articles allow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from expectations.measure import Measure

WIDTH = 5.0
"""Standard deviations to either side. Some thousand numbers are judged in a month."""

LEAST_DAYS = 7
"""Days of history below which nothing is judged but the measure's own bounds."""

DAYS = 28
"""Days of history that count: four weeks, so that each day of the week is there four times."""

QUIET = 36.0
"""Hours that any source may be silent: a night that brought nothing, and half a day."""

RARE = 1e-4
"""Probability below which a share is not chance."""

SURE = 8
"""Least of the days before from which on none at all is an alarm: by chance, once in 3,000 days."""

PAUSE = 96.0
"""Hours of silence that a source may get used to: a long weekend. Longer ones stay alarms."""

KINDS = 200
"""Rows of a night below which their mix says too little."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a measure was on an earlier day, `age` days before tonight."""

    age: int
    value: float
    n: int
    deviation: float = 0.0
    success: bool = True
    words: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Band:
    """The least and most that is expected, and the days it rests on; null is no bound."""

    low: float | None
    high: float | None
    days: int

    def holds(self, value: float) -> bool:
        """Whether the value lies in the band."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def find_band(measure: Measure, history: Sequence[Day], n: int) -> Band:
    """The band of a measure for a night on which it has `n` values."""
    days = len(history)
    low, high = None, None
    if days >= LEAST_DAYS:
        low, high = _ends(measure, history, n)
    low = _inner(max, low if "low" in measure.sides else None, measure.least)
    high = _inner(min, high if "high" in measure.sides else None, measure.most)
    return Band(low, high, days)


def _inner(
    choose: Callable[[list[float]], float], one: float | None, other: float | None
) -> float | None:
    known = [end for end in (one, other) if end is not None]
    return choose(known) if known else None


def _ends(measure: Measure, history: Sequence[Day], n: int) -> tuple[float | None, float | None]:
    if measure.scale == "count":
        return _count_ends(history)
    if measure.scale == "hours":
        quiet = [d.value for d in history if d.success or d.value <= PAUSE] or [0.0]
        return None, max(QUIET, 1.5 * max(quiet) + 6)
    size = measure.scale == "size"
    values = [math.log(max(d.value, 1e-9)) if size else d.value for d in history]
    centre, spread = _centre(values)
    typical = median(d.n for d in history)
    spread *= math.sqrt(max(1.0, typical / max(1, n)))  # fewer values, more spread
    if measure.scale == "share":
        reach = max(WIDTH * spread, measure.slack)
        low, high = _by_chance(history, n)
        return max(0.0, min(centre - reach, low)), min(1.0, max(centre + reach, high))
    slack = measure.slack * abs(centre) if measure.scale == "rate" else measure.slack
    reach = max(WIDTH * math.hypot(spread, _chance(measure, history, n)), slack)
    if size:
        return math.exp(centre - reach), math.exp(centre + reach)
    return max(0.0, centre - reach), centre + reach


def _centre(values: Sequence[float]) -> tuple[float, float]:
    centre = median(values)
    return centre, 1.4826 * median(abs(value - centre) for value in values)


def _by_chance(history: Sequence[Day], n: int) -> tuple[float, float]:
    """The least and most share of true values among `n` that chance gives once in 10,000 times.

    Exact, by the binomial distribution: the normal one has no idea of two articles.
    """
    count = sum(d.n for d in history)
    share = (sum(d.value * d.n for d in history) + 0.5) / (count + 1)
    return _fewest(share, n) / max(1, n), 1 - _fewest(1 - share, n) / max(1, n)


def _fewest(share: float, n: int) -> int:
    """The least number of successes whose probability to stay at or below it is 1 in 10,000."""
    term, total = n * math.log1p(-share), 0.0
    for successes in range(n):
        total += math.exp(term)
        if total > RARE:
            return successes
        term += math.log((n - successes) / (successes + 1) * share / (1 - share))
    return n


def _chance(measure: Measure, history: Sequence[Day], n: int) -> float:
    """Standard deviation by chance alone of a mean of `n` values."""
    if measure.scale == "mix":
        # the expected distance between a sample and where it comes from, at the most
        kinds = len({word for day in history for word in day.words})
        return math.sqrt(kinds / max(1, n)) / 2
    return median(d.deviation for d in history) / math.sqrt(max(1, n))


def _count_ends(history: Sequence[Day]) -> tuple[float, float]:
    """Bounds of a number a day: on square roots, where chance is the same for few and many.

    Weekends are as they are: what the same day of the week was before, within a half and a double
    of it, is no reason for alarm. Where days differ much, as of a source that is now quiet and now
    busy, the spread allows nearly all: then twice the busiest of two weeks is the most, or five
    standard deviations of chance above it.
    """
    centre, spread = _centre([math.sqrt(d.value) for d in history])
    reach = WIDTH * math.hypot(spread, 0.5)
    low, high = max(0.0, centre - reach) ** 2, (centre + reach) ** 2
    if len(history) >= 2 * LEAST_DAYS:
        busiest = max(d.value for d in history)
        high = min(high, max(2 * busiest, (math.sqrt(busiest) + WIDTH / 2) ** 2))
    same = [d.value for d in history if d.age % 7 == 0]
    if len(same) >= 3:
        low, high = min(low, min(same) / 2), max(high, 2 * max(same))
    # a source that brings this many by chance alone does not bring none: it is dead
    if min(same if len(same) >= 3 else [d.value for d in history]) >= SURE:
        low = max(low, 1.0)
    return low, high


def distance(words: Counter[str], history: Sequence[Day]) -> float:
    """How far tonight's mix is from that of the days before: the share that had to change."""
    usual: Counter[str] = Counter()
    for day in history:
        usual.update(day.words)
    here, there = words.total(), usual.total()
    if not here or not there:
        return 0.0
    return sum(abs(words[w] / here - usual[w] / there) for w in words | usual) / 2
