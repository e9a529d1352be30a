"""The instants that a TIMEX3 value denotes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from transforms.times.moment import MONTHS, SPANS

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
