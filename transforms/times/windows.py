"""Stretches up to an anchor or from it on: "the past two weeks", "recent months"."""

from __future__ import annotations

from datetime import datetime, timedelta

from transforms.times.moment import shift, truncate
from transforms.times.number import to_duration
from transforms.times.parts import Parts
from transforms.times.reading import STEPS, Resolved, Setting


def resolve_window(parts: Parts, setting: Setting) -> Resolved | None:
    """A DURATION whose interval ends with the anchor's day, or begins with it."""
    number = None if "low" in parts else parts.number()  # "the next 12 to 18 months"
    unit = str(parts.value("unit"))
    value = to_duration(number, unit)
    anchor = "text" if setting.day else "publication"
    day = setting.day.at if setting.day else setting.published
    if setting.after.startswith(" of "):
        day = None  # "the last three months of 2015" end with that year
    if number is None or day is None or number != int(number) or unit in ("H", "MIN", "S"):
        return Resolved("DURATION", value, parts.modifier())
    step = 1 if STEPS[parts.kind("rel")[0]] > 0 else -1
    other = move(day, step * int(number), unit)
    if other is None:
        return Resolved("DURATION", value, parts.modifier())
    first, last = min(day, other), max(day, other)
    return Resolved(
        "DURATION", value, parts.modifier(), anchor, str(truncate(day, "D")),
        start_at=first, end_at=last + timedelta(1),
    )  # fmt: skip


def to_length(number: float | None, unit: str, parts: Parts, setting: Setting) -> Resolved:
    """A DURATION, with its interval where the text says when it ends."""
    value, until = to_duration(number, unit), setting.until
    if number is None or until is None or number != int(number) or unit in ("H", "MIN", "S"):
        return Resolved("DURATION", value, parts.modifier())
    first = move(until, -int(number), unit)
    if first is None:
        return Resolved("DURATION", value, parts.modifier())
    known = str(truncate(until - timedelta(1), "D"))
    return Resolved("DURATION", value, parts.modifier(), "text", known, None, first, until)


def move(day: datetime, count: int, unit: str) -> datetime | None:
    """The day `count` units away, on the month's last day where the month is too short."""
    if unit in ("W", "WE", "D"):
        moved = shift(truncate(day, "D"), count * (1 if unit == "D" else 7), "D")
        return moved.at if moved else None
    months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}[unit] * count
    month = shift(truncate(day, "M"), months, "M")
    if month is None:
        return None
    following = shift(month, 1, "M")
    length = (following.at - month.at).days if following else 31
    return month.at.replace(day=min(day.day, length))


def resolve_recent(parts: Parts, setting: Setting) -> Resolved | None:
    """ "recent years" and "coming weeks" lie at no known distance; "the last days" are a length."""
    unit = str(parts.value("unit"))
    if parts.kind("vague") == "B":
        return Resolved("DATE", "PAST_REF")
    if parts.kind("vague") == "c" and "definite" not in parts:
        return Resolved("DATE", "FUTURE_REF")
    if unit in ("S", "MIN"):
        return None
    return Resolved("DURATION", to_duration(None, unit))
