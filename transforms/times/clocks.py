"""Times of the clock: "7:15 p.m. today", "noon on Friday", "1800 GMT"."""

from __future__ import annotations

from transforms.times.dates import resolve_date
from transforms.times.moment import Moment, shift
from transforms.times.parts import Parts
from transforms.times.reading import UNKNOWN, Resolved, Setting, read_moment
from transforms.times.weekdays import find_weekday

_DAY_HALVES = {"MO": "a", "AF": "p", "EV": "p", "NI": "p"}


def resolve_clock(parts: Parts, setting: Setting) -> Resolved | None:
    """A clock time on its day: the one named with it, else of its sentence, else publication."""
    clock = _clock_value(parts)
    if clock is None:
        return None
    base: Moment | None = None
    if "month" in parts or "month2" in parts:
        day = resolve_date(parts, setting)
        if day is None:
            return None
        moment, unknown, anchor = day.moment, day.value, day.anchor
    elif "weekday" in parts:
        weekday = int(parts.value("weekday") or 0)
        moment = find_weekday(weekday, parts.kind("rel"), setting)
        unknown, anchor = f"XXXX-WXX-{weekday}", "publication"
    elif "deictic" in parts or setting.day is None:
        today = setting.today()
        moment = shift(today, int(parts.value("deictic") or 0), "D") if today else None
        unknown, anchor = UNKNOWN["D"], "publication"
    else:
        moment, unknown, anchor, base = setting.day, UNKNOWN["D"], "text", setting.day
    found = read_moment(
        moment, unknown, parts, setting, anchor=anchor, base=base, suffix="T" + clock
    )
    zone = parts.value("zone")
    return found if zone is None else _zoned(found, zone)


def _zoned(found: Resolved, zone: str) -> Resolved:
    return Resolved(
        found.timex_type, found.value, found.modifier, found.anchor, found.anchor_value,
        found.moment, found.start_at, found.end_at, zone,
    )  # fmt: skip


def _clock_value(parts: Parts) -> str | None:
    """Hours and minutes, "19:15"; null if no clock shows them."""
    if "noon" in parts:
        return parts.value("noon")
    half = parts.value("half", "half2") or _DAY_HALVES.get(parts.value("part") or "")
    if "military" in parts:
        digits = f"{int(parts.value('military') or 0):04d}"
        hour, minute = int(digits[:2]), digits[2:]
        return f"{hour:02d}:{minute}" if hour <= 24 and int(minute) < 60 else None
    hours, _, rest = (parts.value("clock", "hour", "hour2") or "").partition(":")
    number = int(hours)
    if number > (12 if half else 24) or (rest and int(rest[:2]) > 59):
        return None
    if half:
        number = number % 12 + (12 if half == "p" else 0)
    elif "hour2" in parts and number > 12:
        return None
    return f"{number:02d}:{rest or '00'}"
