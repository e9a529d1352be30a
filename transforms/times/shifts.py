"""Distances from an anchor: "two years ago", "a week later", "the year-ago quarter"."""

from __future__ import annotations

from datetime import datetime

from transforms.times.moment import Moment, shift, truncate
from transforms.times.number import to_duration
from transforms.times.parts import Parts
from transforms.times.reading import UNKNOWN, Resolved, Setting, find_base, read_moment


def resolve_shift(parts: Parts, setting: Setting) -> Resolved | None:
    """The unit that many units away, of the unit's grain: "two years ago" is a year."""
    vague = parts.rule.name == "date.ago_vague"
    number = None if vague or "low" in parts else parts.number()
    unit, way = str(parts.value("unit")), parts.kind("way")
    sign = 1 if way in ("g", ">") else -1
    if unit == "Y" and number is not None and number % 1 == 0.5:
        number, unit = number * 12, "M"  # "a year and a half ago" is a month
    if number is None and way == "A":
        return Resolved("DATE", "PAST_REF", parts.modifier())
    if number is None or number != int(number) or unit in ("S", "MIN", "H"):
        return Resolved("DURATION", to_duration(number, unit), parts.modifier())
    if unit == "DE":
        number, unit = number * 10, "Y"  # "a decade ago" is a year, not all of the last decade
    if "ord" in parts:
        return _ordinal_quarter(parts, setting, sign)
    base, anchor = find_base(way, unit, setting)
    now = setting.published
    # "the year-earlier results" are compared with this year's, whatever else was told
    told = base is not None and now and (base.at.year == now.year - 1 or base.at > now)
    if told and parts.rule.name == "date.year_ago":
        base, anchor = setting.today(), "publication"
    quarter = _compared_quarter(parts, setting) if unit == "Y" and number == 1 else None
    if quarter is not None:
        moved = shift(quarter, sign * 4, "Q")
        return read_moment(moved, UNKNOWN["Q"], parts, setting, anchor="text", base=quarter)
    if sign > 0 and anchor == "publication":
        base = None  # "two years later" of a text that has named no date
    if unit == "WE" or base is None:
        return read_moment(None, UNKNOWN[unit], parts, setting)
    moment = shift(truncate(base.at, unit), sign * int(number), unit)
    return read_moment(moment, UNKNOWN[unit], parts, setting, anchor=anchor, base=base)


def _ordinal_quarter(parts: Parts, setting: Setting, sign: int) -> Resolved | None:
    """ "the year-ago third quarter": a year from the last one that has begun."""
    now, number = setting.published, int(parts.value("ord") or 0)
    if not 1 <= number <= 4:
        return None
    if now is None:
        return read_moment(None, f"XXXX-Q{number}", parts, setting)
    this = Moment(datetime(now.year, number * 3 - 2, 1), "Q")
    moment = shift(this, sign * 4 - (4 if this.at > now else 0), "Q")
    return read_moment(moment, UNKNOWN["Q"], parts, setting)


def _compared_quarter(parts: Parts, setting: Setting) -> Moment | None:
    """The quarter whose figures are compared with those of a year before; null if none is."""
    now = setting.published
    past = (m for m in reversed(setting.history[-8:]) if now is None or m.at <= now)
    last = next(past, None)
    if last is not None and last.grain == "Q":
        return last
    if parts.value("of") == "Q":
        this = setting.today("Q")
        return shift(this, -1, "Q") if this else None
    return None
