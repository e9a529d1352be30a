"""Points in time with a grain: shift, truncate, snap, and the TIMEX3 values that spell them.

A `Moment` is the start of a calendar unit and the unit's name, so "two years ago" stays a year
and "last June" a month. All instants are naive UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
GRAINS = ("S", "MIN", "H", "D", "WE", "W", "M", "Q", "HY", "Y", "DE", "CE")
"""Units from fine to coarse."""


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
    """The moment `count` units later (earlier if negative), of the grain of `unit`.

    A day shifted by years is a year. Null outside the years 1 to 9999.
    """
    try:
        if unit in MONTHS:
            index = moment.at.year * 12 + moment.at.month - 1 + count * MONTHS[unit]
            at = datetime(index // 12, index % 12 + 1, 1)
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
