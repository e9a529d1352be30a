"""Quarters, halves, years, decades, centuries and seasons."""

from __future__ import annotations

import re
from datetime import datetime

from transforms.times.interval import to_interval
from transforms.times.moment import Moment
from transforms.times.parts import Parts
from transforms.times.reading import STEPS, Resolved, Setting, find_year, read_moment

_POSSESSIVE = re.compile(r"\b(?:his|her|their|my|your|our)\s$")
_MOST_YEARS = 50
"""Length from which two digits after a year are no year: "beat them 1990-87"."""
_SEASON_START = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def resolve_ordinal(parts: Parts, setting: Setting) -> Resolved | None:
    """ "the third quarter of 2018", "Q3", "the second half", "the 19th century"."""
    if "halfyear" in parts:
        return _half(parts, setting)
    number = int(parts.value("ord", "short") or 0)
    unit = "Q" if "short" in parts else str(parts.value("unit"))
    if unit == "CE":
        value = f"{number - 1:02d}"
        return Resolved("DATE", value, parts.modifier(), "none", None, None, *to_interval(value))
    if unit != "Q" or not 1 <= number <= 4:
        return None
    year = parts.year("year") or parts.year("year0")
    anchor = "none"
    if year is None:
        now = setting.published
        if now is None:
            return read_moment(None, f"XXXX-Q{number}", parts, setting)
        anchor = "publication"
        rel = parts.kind("rel") or parts.kind("rel0")
        year = now.year + STEPS.get(rel[:1], 0)
        if not rel:
            ahead = number - (now.month + 2) // 3
            year += 1 if ahead < -1 and setting.tense() > 0 else 0
            year -= 1 if ahead > 0 and setting.tense() <= 0 else 0
    moment = Moment(datetime(year, number * 3 - 2, 1), "Q")
    return read_moment(moment, "", parts, setting, anchor=anchor)


def _half(parts: Parts, setting: Setting) -> Resolved | None:
    number = 2 if parts.kind("ord") == "L" else int(parts.value("ord") or 0)
    year, anchor, base = find_year(parts, setting)
    if number > 2 or parts.value("unit", "the") not in (None, "Y"):
        return None
    if "the" in parts and setting.published:
        year, anchor = setting.published.year, "publication"
    moment = Moment(datetime(year, number * 6 - 5, 1), "HY") if year else None
    return read_moment(moment, f"XXXX-H{number}", parts, setting, anchor=anchor, base=base)


def resolve_year(parts: Parts, setting: Setting) -> Resolved | None:
    """A year; the interval of a fiscal one is near that of the calendar, as its EDTF says (~)."""
    year = parts.year()
    if year is None or ("unit" in parts and parts.value("unit") != "Y"):
        return None
    return read_moment(Moment(datetime(year, 1, 1), "Y"), "", parts, setting, anchor="none")


def resolve_years(parts: Parts, setting: Setting) -> Resolved | None:
    """ "2012-13", a DURATION of some years whose last one has two digits."""
    first, digits = parts.year() or 0, int(parts.value("last") or 0)
    last = first - first % 100 + digits
    if not 0 < last - first < _MOST_YEARS or digits > 99:
        return None
    return Resolved(
        "DURATION", f"P{last - first + 1}Y",
        start_at=datetime(first, 1, 1), end_at=datetime(last + 1, 1, 1),
    )  # fmt: skip


def resolve_decade(parts: Parts, setting: Setting) -> Resolved | None:
    """ "the 1990s", "the early '80s"; "the 1900s" are a century, "her 30s" an age."""
    if _POSSESSIVE.search(setting.before):
        return None
    first = int(parts.value("decade") or 0)
    grain = "CE" if first % 100 == 0 and first < 2000 else "DE"
    return read_moment(Moment(datetime(first, 1, 1), grain), "", parts, setting, anchor="none")


def resolve_season(parts: Parts, setting: Setting) -> Resolved | None:
    """A season; which months it holds is not agreed, so it has no interval."""
    season, rel = str(parts.value("season")), parts.kind("rel")
    year, anchor, _ = find_year(parts, setting, "rel2")
    bare = year is None and not rel and "rel" not in parts and "side" not in parts
    if bare and not setting.before.endswith("in "):
        return None
    now = setting.published
    if year is None and now is not None:
        anchor = "publication"
        first = _SEASON_START[season]
        year = now.year
        if rel[-1:] in ("L", "p", "$") or (not rel and setting.tense() <= 0):
            year -= first + (0 if not rel else 2) >= now.month
        elif rel[:1] in ("x", "c", "q"):
            year += first <= now.month
        elif rel in ("", "i") and setting.tense() > 0:
            year += first + 2 < now.month  # "this summer" of what is expected, said in December
    value = f"{year:04d}-{season}" if year else f"XXXX-{season}"
    known = str(setting.today()) if now and anchor == "publication" else None
    return Resolved("DATE", value, parts.modifier(), anchor if year else "none", known)
