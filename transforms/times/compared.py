"""Periods that figures are compared with: "the 2018 period", "the same period last year"."""

from __future__ import annotations

from datetime import datetime

from transforms.times.moment import Moment, shift
from transforms.times.parts import Parts
from transforms.times.reading import UNKNOWN, Resolved, Setting, read_moment

_REACH = 8
"""Dates back to which "the period" may reach."""


def resolve_compared(parts: Parts, setting: Setting) -> Resolved | None:
    """The period that the text tells of, in the year that the words name.

    Where the text tells of none, "the same period last year" is of the year's grain.
    """
    told = _find_period(parts, setting)
    anchor = "text" if told else "publication"
    if told is None and ("latest" in parts or parts.value("unit") == "Q"):
        told = _last_quarter(setting)  # what is reported is the quarter that has ended
    if "latest" in parts:
        return read_moment(told, UNKNOWN["Q"], parts, setting, anchor=anchor, base=told)
    year = _find_year(parts, setting, told)
    if year is None:
        return read_moment(None, UNKNOWN["Y"], parts, setting)
    if told is None:
        anchor = "none" if "year" in parts else "publication"
        return read_moment(Moment(datetime(year, 1, 1), "Y"), "", parts, setting, anchor=anchor)
    moment = Moment(datetime(year, told.at.month, 1), told.grain)
    return read_moment(moment, "", parts, setting, anchor=anchor, base=told)


def _find_period(parts: Parts, setting: Setting) -> Moment | None:
    """The last quarter or half-year told of, or the month before "the same period"; else null."""
    if parts.value("unit") not in (None, "Q", "M"):
        return None
    last = setting.history[-1] if setting.history else None
    if "same" in parts and last is not None and last.grain == "M":
        return last
    for moment in reversed(setting.history[-_REACH:]):
        if setting.published and moment.at > setting.published:
            continue
        if moment.grain in ("Q", "HY"):
            return moment
        if moment.grain == "Y":
            return None  # a year, or a stretch of nine months, ends the talk of a quarter
    return None


def _last_quarter(setting: Setting) -> Moment | None:
    this = setting.today("Q")
    return shift(this, -1, "Q") if this else None


def _find_year(parts: Parts, setting: Setting, told: Moment | None) -> int | None:
    """The year named: in digits, as the last one, or as the one before what is told."""
    if "year" in parts:
        return parts.year()
    if "way" in parts and told is not None:
        return told.at.year - 1
    return setting.published.year - 1 if setting.published else None
