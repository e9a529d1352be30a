"""Times in EDTF (ISO 8601-2:2019), the notation of libraries and archives."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}
_DATE = re.compile(r"[\dX]{4}(?:-(?:0[1-9]|1[0-2]|XX)(?:-(?:[0-3]\d|XX))?)?")
_PART = re.compile(r"(\d{4}|XXXX)-(Q[1-4]|H[12]|SP|SU|FA|WI)")
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?")
_DAY_PART = re.compile(r"(\d{4}-\d\d-\d\d)T(?:MO|MI|AF|DT|EV|NI)")


def to_edtf(
    value: str | None, modifier: str | None, start: datetime | None, end: datetime | None
) -> str | None:
    """The EDTF of a TIMEX3 value, or of the interval where the value names none; null if neither.

    What has no spelling in EDTF is the interval of its days: a week, a stretch up to a day. A part
    of the day is its day. "about" is `~`.
    """
    found = _spell(value or "") or _interval(start, end)
    return f"{found}~" if found and modifier == "APPROX" and "/" not in found else found


def to_open(edtf: str, *, after: bool) -> str:
    """The interval from a date on, "2015/..", or up to it."""
    first, _, last = edtf.partition("/")
    return f"{first}/.." if after else f"../{last or first}"


def _spell(value: str) -> str | None:
    if re.fullmatch(r"\d{2,3}", value):
        return value.ljust(4, "X")
    if value != "XXXX" and not value.startswith("XXXX-XX") and _DATE.fullmatch(value):
        return value
    if part := _PART.fullmatch(value):
        kind = part[2]
        number = _SEASONS.get(kind) or int(kind[1]) + (32 if kind[0] == "Q" else 39)
        return f"{part[1]}-{number}"
    if (clock := _CLOCK.fullmatch(value)) and not clock[2].startswith("24"):
        return f"{clock[1]}T{clock[2]}{clock[3] or ':00'}"
    if day := _DAY_PART.fullmatch(value):
        return day[1]
    return None


def _interval(start: datetime | None, end: datetime | None) -> str | None:
    """The days from first to last, `..` for an open end; clock times where the ends are any."""
    if start is None and end is None:
        return None
    whole = all(x is None or x.time() == datetime.min.time() for x in (start, end))
    if whole:
        last = end - timedelta(1) if end else None
        first_day = f"{start:%Y-%m-%d}" if start else ".."
        last_day = f"{last:%Y-%m-%d}" if last else ".."
        return first_day if first_day == last_day else f"{first_day}/{last_day}"
    ends = (f"{x:%Y-%m-%dT%H:%M:%S}Z" if x else ".." for x in (start, end))
    return "/".join(ends)
