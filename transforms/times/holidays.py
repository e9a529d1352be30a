"""Holidays with the dates that their rules (data/times/holidays.tsv) compute."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache, partial

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from transforms.times.dates import find_nearest
from transforms.times.lexicon import DATA
from transforms.times.moment import Moment
from transforms.times.parts import Parts
from transforms.times.reading import UNKNOWN, Resolved, Setting, find_year, read_moment

_NTH = re.compile(r"(\d\d)-(\d)-(-?\d)(?:\+(\d))?")
_FEAST = re.compile(r"(\w+?)(?:\+(\d+)|\.\.(\w+))?")

_AT_HAND = timedelta(14)

Days = tuple[datetime, datetime]
"""First day of a holiday, and the day after its last."""


@cache
def load_feasts() -> dict[str, tuple[datetime, ...]]:
    """The days of each movable feast, in order."""
    feasts = {}
    for line in (DATA / "feasts.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, days = line.split("\t")
            feasts[name] = tuple(map(datetime.fromisoformat, days.split()))
    return feasts


def find_days(rule: str, year: int) -> list[Days]:
    """The days of a holiday that begin in a year: mostly one; of a lunar feast none, one or two.

    Raises:
        ValueError: the year lies outside the calendar.
    """
    kind, _, text = rule.partition(":")
    match kind:
        case "fixed":
            first = datetime(year, int(text[:2]), int(text[3:]))
        case "easter" | "orthodox":
            method = EASTER_WESTERN if kind == "easter" else EASTER_ORTHODOX
            sunday = easter(year, method)
            first = datetime(sunday.year, sunday.month, sunday.day) + timedelta(int(text))
        case "nth":
            first = _nth(year, text)
        case _:
            return _feast(year, text)
    return [(first, first + timedelta(1))]


def _nth(year: int, text: str) -> datetime:
    """The n-th weekday of a month, or the days after it."""
    found = _NTH.fullmatch(text)
    assert found is not None
    month, weekday, count, more = (int(x or 0) for x in found.groups())
    if count > 0:
        first = datetime(year, month, 1)
        ahead = (weekday - first.isoweekday()) % 7 + 7 * (count - 1)
        return first + timedelta(ahead + more)
    last = datetime(year + month // 12, month % 12 + 1, 1) - timedelta(1)
    return last - timedelta((last.isoweekday() - weekday) % 7) + timedelta(more)


def _feast(year: int, text: str) -> list[Days]:
    found = _FEAST.fullmatch(text)
    assert found is not None
    name, length, until = found.groups()
    feasts = load_feasts()
    firsts = [day for day in feasts[name] if day.year == year]
    if until is None:
        return [(first, first + timedelta(int(length or 1))) for first in firsts]
    return [
        (first, end) for first in firsts for end in feasts[until] if 0 < (end - first).days < 40
    ]


def resolve_holiday(parts: Parts, setting: Setting) -> Resolved | None:
    """The holiday of the year named, or the nearest one, by tense and words such as "last"."""
    rule, now = str(parts.value("holiday")), setting.published
    year = parts.year()
    if year is not None:
        return _read(next(iter(find_days(rule, year)), None), rule, "none", parts, setting)
    if now is None:
        return _read(None, rule, "none", parts, setting)
    choices = [days for step in (-1, 0, 1) for days in find_days(rule, now.year + step)]
    rel = parts.kind("rel")
    if rel[:1] == "L":
        choices = [c for c in choices if c[1] <= now][-1:]
    elif rel[:1] in ("x", "c"):
        choices = [c for c in choices if c[0] > now][:1]
    elif setting.tense() < 0:
        # "they prayed as Easter week began" tells of the feast at hand
        choices = [c for c in choices if c[0] <= now + _AT_HAND] or choices
    elif setting.tense() > 0:
        choices = [c for c in choices if c[1] > now] or choices
    best = min(choices, key=partial(_distance, now=now), default=None)
    return _read(best, rule, "publication", parts, setting)


def resolve_nth(parts: Parts, setting: Setting) -> Resolved | None:
    """ "the first Monday in May", "the last Friday of March 2019"."""
    count = -1 if parts.kind("nth") == "L" else int(parts.value("nth") or 0)
    month, weekday = int(parts.value("month") or 0), int(parts.value("weekday") or 0)
    if count > 5 or ("unit" in parts and parts.value("unit") != "Y"):
        return None
    unknown = f"XXXX-{month:02d}-XX"
    year, anchor, base = find_year(parts, setting)
    if year is None:
        now = setting.published
        if now is None:
            return read_moment(None, unknown, parts, setting)
        choices = [_nth(now.year + step, f"{month:02d}-{weekday}-{count}") for step in (-1, 0, 1)]
        found, anchor = find_nearest(choices, now, setting), "publication"
    else:
        found = _nth(year, f"{month:02d}-{weekday}-{count}")
    if found is None or found.month != month:
        return None  # a fifth Monday where the month has four
    return read_moment(Moment(found, "D"), unknown, parts, setting, anchor=anchor, base=base)


def _distance(days: Days, now: datetime) -> timedelta:
    return abs(days[0] - now)


def _read(
    days: Days | None, rule: str, anchor: str, parts: Parts, setting: Setting
) -> Resolved | None:
    """A DATE of a day, or a DURATION of several with their interval."""
    if days is None:
        fixed = rule.removeprefix("fixed:")
        return Resolved("DATE", f"XXXX-{fixed}" if fixed != rule else UNKNOWN["D"])
    first, end = days
    if (end - first).days == 1:
        return read_moment(Moment(first, "D"), "", parts, setting, anchor=anchor)
    known = str(setting.today()) if anchor == "publication" else None
    value = f"P{(end - first).days}D"
    return Resolved("DURATION", value, None, anchor, known, start_at=first, end_at=end)
