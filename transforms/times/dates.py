"""Days and months of the calendar: "2019-03-03", "March 3, 2019", "July", "the week of May 3"."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import datetime, timedelta

from transforms.times.moment import Moment, truncate
from transforms.times.parts import Parts
from transforms.times.reading import Resolved, Setting, find_base, find_year, read_moment


def resolve_numeric(parts: Parts, setting: Setting) -> Resolved | None:
    """ISO and slashed dates; of a slashed one whose order nothing decides only the year is sure."""
    surface = parts.value("iso", "slash") or ""
    if "iso" in parts:
        moment = truncate(datetime.strptime(surface, "%Y-%m-%d"), "D")
        return read_moment(moment, "", parts, setting, anchor="none")
    first, second, year = (int(x) for x in surface.split("/"))
    if year < 100:
        year += 1900 if year > 50 else 2000
    if first > 12 or second > 12 or first == second:
        month, day = (second, first) if first > 12 else (first, second)
        moment = Moment(datetime(year, month, day), "D")
        return read_moment(moment, "", parts, setting, anchor="none")
    return Resolved("DATE", f"{year:04d}-XX-XX")


def resolve_date(parts: Parts, setting: Setting) -> Resolved | None:
    """A day of a month, or a month with its year; with "the week of", that day's week."""
    month = int(parts.value("month", "month2") or 0)
    year, anchor, base = find_year(parts, setting)
    if "later" in parts:  # "April 24 and 25, 2019"
        year, anchor = int(parts.value("later") or 0), "none"
        if month > int(parts.value("latermonth") or 12):
            year -= 1  # "from July 1 to June 30, 2019"
    if "year" in parts and year is None:
        return None
    if "unit" in parts and parts.value("unit") != "Y":
        return None
    day = parts.value("day", "day2")
    if day is None:
        moment = Moment(datetime(year, month, 1), "M") if year else None
        return read_moment(moment, f"XXXX-{month:02d}", parts, setting, anchor=anchor, base=base)
    if year is None:
        weekday = int(parts.value("weekday") or 0)
        found, anchor = find_day(month, int(day), setting, weekday)
    else:
        found = Moment(datetime(year, month, int(day)), "D")
    unknown = f"XXXX-{month:02d}-{int(day):02d}"
    if "weekof" in parts and parts.value("weekof") != "D":
        if parts.value("weekof") != "W":
            return None
        found, unknown = truncate(found.at, "W") if found else None, "XXXX-WXX"
    suffix = "T" + str(parts.value("part")) if "part" in parts else ""
    return read_moment(found, unknown, parts, setting, anchor=anchor, base=base, suffix=suffix)


def find_day(month: int, day: int, setting: Setting, weekday: int = 0) -> tuple[Moment | None, str]:
    """The day of a month without a year, and its anchor: the nearest, by weekday and tense."""
    datetime(2000, month, day)  # a day that no year has is an error
    now = setting.published
    if now is None:
        return None, "none"
    choices = [
        datetime(year, month, day)
        for year in range(max(1, now.year - 4), min(9999, now.year + 4) + 1)
        if (month, day) != (2, 29) or isleap(year)
    ]
    # "Tuesday, June 30" is of a year near by in which that day is a Tuesday
    fitting = [c for c in choices if c.isoweekday() == weekday and abs(c.year - now.year) < 2]
    best = find_nearest(fitting or choices, now, setting)
    return (Moment(best, "D") if best else None), "publication"


def find_nearest(choices: Sequence[datetime], now: datetime, setting: Setting) -> datetime | None:
    """The day nearest to publication, on the side where the tense puts it; null without any."""
    tense = setting.tense()
    if tense > 0:
        choices = [c for c in choices if c >= now - timedelta(1)] or choices
    elif tense < 0:
        choices = [c for c in choices if c <= now + timedelta(45)] or choices
    return min(choices, key=lambda c: _distance((c - now).days), default=None)


def resolve_month(parts: Parts, setting: Setting) -> Resolved | None:
    """A month without a year: of the past where the tense does not say otherwise."""
    month = int(parts.value("month") or 0)
    rel = parts.kind("rel")
    base, anchor = find_base(rel, "Y", setting)
    if base is None:
        return read_moment(None, f"XXXX-{month:02d}", parts, setting)
    year, now = base.at.year, base.at.month
    if rel[:1] in ("L", "$"):
        year -= month >= now
    elif rel[:1] in ("x", "c", "q"):
        year += month <= now
    elif rel == "ip":
        year -= month >= now
    elif not rel:
        year += _years_away(month - now, setting.tense())
    moment = Moment(datetime(year, month, 1), "M")
    return read_moment(moment, "", parts, setting, anchor=anchor, base=base)


def _years_away(gap: int, tense: int) -> int:
    """Years from this one to the month that lies `gap` months from now in its calendar year."""
    if tense > 0:
        return 1 if gap < 0 else 0
    if tense == -2 and gap > 0:
        return -1
    if tense < 0:
        # A month just ahead is rarely last year's, which would be "last November".
        return -1 if gap > 2 else 0
    return min((0, -1, 1), key=lambda years: _distance(gap + 12 * years))


def _distance(ahead: int) -> float:
    """How far off a date is: news looks back, so what lies ahead is further off."""
    return 1.5 * ahead if ahead > 0 else -ahead
