"""Points in time with a grain, and the TIMEX3 values that spell them.

A `Moment` is the start of a calendar unit and the unit's name, so "two years ago" stays a year
and "last June" a month. All instants are naive UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONTHS = {"CE": 1200, "DE": 120, "Y": 12, "HY": 6, "Q": 3, "M": 1}
"""Length of the calendar units in months."""
SPANS = {
    "W": timedelta(days=7),
    "WE": timedelta(days=7),
    "D": timedelta(days=1),
    "H": timedelta(hours=1),
    "MIN": timedelta(minutes=1),
    "S": timedelta(seconds=1),
}
"""Length of the units of fixed length; weekends lie a week apart."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The calendar unit of `grain` (CE DE Y HY Q M W WE D H MIN S) that starts at `at`."""

    at: datetime
    grain: str

    def __str__(self) -> str:
        """The TIMEX3 value."""
        at, year = self.at, f"{self.at.year:04d}"
        match self.grain:
            case "CE":
                return year[:2]
            case "DE":
                return year[:3]
            case "Y":
                return year
            case "HY":
                return f"{year}-H{1 + at.month // 7}"
            case "Q":
                return f"{year}-Q{(at.month + 2) // 3}"
            case "M":
                return f"{year}-{at.month:02d}"
            case "W" | "WE":
                iso = at.isocalendar()
                return f"{iso.year:04d}-W{iso.week:02d}" + ("-WE" if self.grain == "WE" else "")
            case "D":
                return at.strftime(f"{year}-%m-%d")
            case "H":
                return at.strftime(f"{year}-%m-%dT%H")
            case "MIN":
                return at.strftime(f"{year}-%m-%dT%H:%M")
        return at.strftime(f"{year}-%m-%dT%H:%M:%S")


def truncate(at: datetime, grain: str) -> Moment:
    """The unit of `grain` that holds the instant `at`."""
    day = datetime(at.year, at.month, at.day)
    if grain in MONTHS:
        size = MONTHS[grain]
        index = (at.year * 12 + at.month - 1) // size * size
        return Moment(datetime(max(1, index // 12), index % 12 + 1, 1), grain)
    if grain == "W":
        return Moment(_monday(day), grain)
    if grain == "WE":
        saturday = _monday(day).toordinal() + 5
        return Moment(datetime.fromordinal(min(saturday, datetime.max.toordinal())), grain)
    if grain == "D":
        return Moment(day, grain)
    kept = {"H": (0, 0), "MIN": (at.minute, 0), "S": (at.minute, at.second)}[grain]
    return Moment(day.replace(hour=at.hour, minute=kept[0], second=kept[1]), grain)


def _monday(day: datetime) -> datetime:
    return datetime.fromordinal(max(1, day.toordinal() - day.weekday()))


def shift(moment: Moment, count: int, unit: str) -> Moment | None:
    """The moment `count` units later (earlier if negative), of the grain of `unit` or of its own.

    The coarser grain wins: a day shifted by years is a year. Null outside the years 1 to 9999.
    """
    try:
        if unit in MONTHS:
            index = moment.at.year * 12 + moment.at.month - 1 + count * MONTHS[unit]
            at = datetime(index // 12, index % 12 + 1, 1)
            if moment.grain in SPANS and moment.grain not in ("W", "WE"):
                at = at.replace(day=1)
        else:
            at = moment.at + count * SPANS[unit]
        return truncate(at, unit)
    except (ValueError, OverflowError):
        return None


def snap(day: datetime, weekday: int, direction: int) -> Moment | None:
    """The nearest ISO `weekday` on or before `day`; after it with direction 1, before it with -1.

    Direction 0 allows the day itself.
    """
    back = (day.isoweekday() - weekday) % 7
    if direction > 0:
        back = back - 7
    elif direction < 0 and back == 0:
        back = 7
    return shift(truncate(day, "D"), -back, "D")


_CLOCK = re.compile(r"(\d\d)(?::(\d\d)(?::(\d\d))?)?(Z|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|W(\d\d)(?:-(WE|[1-7]))?|(\d\d)(?:-(\d\d))?))?")


def to_interval(value: str | None) -> tuple[datetime | None, datetime | None]:
    """First instant and exclusive end that a TIMEX3 DATE or TIME value denotes; nulls if none.

    Parts of the day give their day, since no agreed hours bound them; seasons, durations and
    references give nulls.
    """
    try:
        return _interval(value or "")
    except (ValueError, OverflowError):
        return None, None


def _interval(value: str) -> tuple[datetime | None, datetime | None]:
    day, _, clock = value.partition("T")
    if re.fullmatch(r"\d{2,3}", day) and not clock and int(day):
        size = 10 ** (4 - len(day))
        first = int(day) * size
        return datetime(first, 1, 1), datetime(first + size, 1, 1)
    found = _DATE.fullmatch(day)
    if not found:
        return None, None
    year = int(found[1])
    if found[4]:
        monday = datetime.fromisocalendar(year, int(found[4]), 1)
        if not found[5]:
            return monday, monday + timedelta(7)
        offset, length = (5, 2) if found[5] == "WE" else (int(found[5]) - 1, 1)
        start, end = monday + timedelta(offset), monday + timedelta(offset + length)
    elif found[7]:
        start = datetime(year, int(found[6]), int(found[7]))
        end = start + timedelta(1)
    else:
        grain, number = "Y", 1
        for name, text in (("Q", found[2]), ("HY", found[3]), ("M", found[6])):
            if text:
                grain, number = name, int(text)
        size = MONTHS[grain]
        if size * number > 12:
            return None, None
        index = year * 12 + size * number
        return datetime(year, size * (number - 1) + 1, 1), datetime(index // 12, index % 12 + 1, 1)
    return _clock(start, clock) if clock[:1].isdigit() else (start, end)


def _clock(day: datetime, clock: str) -> tuple[datetime | None, datetime | None]:
    found = _CLOCK.fullmatch(clock)
    if not found:
        return None, None
    at = day + timedelta(
        hours=int(found[1]), minutes=int(found[2] or 0), seconds=int(found[3] or 0)
    )
    if found[4] and found[4] != "Z":
        zoned = datetime.strptime(found[4].replace(":", ""), "%z")
        at = at.replace(tzinfo=zoned.tzinfo).astimezone(UTC).replace(tzinfo=None)
    step = SPANS["S" if found[3] else "MIN" if found[2] else "H"]
    return at, at + step


def easter(year: int) -> datetime:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return datetime(year, month, day + 1)
