"""From a matched rule to a TIMEX3 reading: each family of rules has its resolver."""

from __future__ import annotations

from collections.abc import Callable

from transforms.times.clocks import resolve_clock
from transforms.times.compared import resolve_compared
from transforms.times.dates import resolve_date, resolve_month, resolve_numeric
from transforms.times.durations import (
    resolve_duration,
    resolve_every,
    resolve_reference,
    resolve_weekdays,
)
from transforms.times.grammar import Match
from transforms.times.holidays import resolve_holiday, resolve_nth
from transforms.times.lexicon import Lexemes
from transforms.times.parts import Parts
from transforms.times.periods import (
    resolve_decade,
    resolve_ordinal,
    resolve_season,
    resolve_year,
    resolve_years,
)
from transforms.times.reading import Resolved, Setting
from transforms.times.shifts import resolve_shift
from transforms.times.units import resolve_bare, resolve_relative, resolve_within
from transforms.times.weekdays import resolve_deictic, resolve_part, resolve_weekday
from transforms.times.windows import resolve_recent, resolve_window

_FAMILIES: dict[str, Callable[[Parts, Setting], Resolved | None]] = {
    "numeric": resolve_numeric,
    "date": resolve_date,
    "month": resolve_month,
    "weekday": resolve_weekday,
    "weekdays": resolve_weekdays,
    "nth": resolve_nth,
    "deictic": resolve_deictic,
    "part": resolve_part,
    "relative": resolve_relative,
    "bare": resolve_bare,
    "window": resolve_window,
    "recent": resolve_recent,
    "shift": resolve_shift,
    "compared": resolve_compared,
    "within": resolve_within,
    "ordinal": resolve_ordinal,
    "year": resolve_year,
    "years": resolve_years,
    "decade": resolve_decade,
    "season": resolve_season,
    "holiday": resolve_holiday,
    "clock": resolve_clock,
    "duration": resolve_duration,
    "every": resolve_every,
    "reference": resolve_reference,
}


def resolve(match: Match, lexemes: Lexemes, setting: Setting) -> Resolved | None:
    """The reading of a match; null where the words turn out to be no time."""
    try:
        return _FAMILIES[match.rule.family](Parts(match, lexemes), setting)
    except (ValueError, OverflowError):
        return None  # a day that no calendar has: "February 30", or a year before 1
