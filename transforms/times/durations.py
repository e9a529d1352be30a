"""Lengths of time, sets of times, and references to past, present and future."""

from __future__ import annotations

from transforms.times.moment import GRAINS
from transforms.times.number import to_duration
from transforms.times.parts import Parts
from transforms.times.reading import Resolved, Setting
from transforms.times.windows import to_length

_REFERENCES = {"G": "PRESENT_REF", "B": "PAST_REF", "": "PAST_REF"}
_HALVES = {
    "MIN": (30, "S"), "H": (30, "MIN"), "D": (12, "H"), "Y": (6, "M"), "DE": (5, "Y"),
    "CE": (50, "Y"),
}  # fmt: skip
_WHOLES = {"H": (60, "MIN"), "D": (24, "H"), "Y": (12, "M"), "CE": (100, "Y"), "MIN": (60, "S")}


def resolve_duration(parts: Parts, setting: Setting) -> Resolved | None:
    """ "nearly two decades", "a year and a half", "half an hour", "a week-long", "months"."""
    unit = str(parts.value("unit"))
    if "halfof" in parts:
        half = _HALVES.get(unit)
        return Resolved("DURATION", to_duration(*half)) if half else None
    if "quarter" in parts:
        return _quarters(parts, unit)
    if "unit2" in parts:
        return _compound(parts, unit)
    vague = "low" in parts or parts.rule.name == "duration.vague"
    if vague and unit == "WE":
        return Resolved("SET", "XXXX-WXX-WE")
    number = None if vague else parts.number()
    if unit == "Q" and (
        "one" in parts or "number" not in parts or setting.after.startswith(" of the ")
    ):
        return None  # "a quarter of the price", "three quarters of the vote"
    return to_length(number, unit, parts, setting)


def _quarters(parts: Parts, unit: str) -> Resolved | None:
    """ "three quarters of an hour", "a quarter-century"."""
    whole = _WHOLES.get(unit)
    count = parts.number()
    if parts.value("quarter") != "Q" or whole is None or count is None:
        return None
    return Resolved("DURATION", to_duration(count * whole[0] / 4, whole[1]))


def _compound(parts: Parts, unit: str) -> Resolved | None:
    """ "six years and eight months", "4 hours, 31 minutes, 53 seconds"."""
    value, last = to_duration(parts.number(), unit), unit
    for name in ("2", "3"):
        if f"unit{name}" not in parts:
            break
        finer = str(parts.value(f"unit{name}"))
        if GRAINS.index(finer) >= GRAINS.index(last) or "X" in value:
            break
        added = to_duration(parts.number(f"number{name}"), finer)
        # one T stands before all hours, minutes and seconds
        value += added[2:] if "T" in value else added[1:]
        last = finer
    return Resolved("DURATION", value, parts.modifier())


def resolve_every(parts: Parts, setting: Setting) -> Resolved | None:
    """A SET: "daily", "every Tuesday", "each of the last three years"."""
    if "adverb" in parts:
        return Resolved("SET", str(parts.value("adverb")))
    value = str(parts.value("unit"))
    match parts.kind("unit"):
        case "W":
            return Resolved("SET", f"XXXX-WXX-{value}")
        case "M":
            return Resolved("SET", f"XXXX-{int(value):02d}")
        case "P":
            return Resolved("SET", f"XXXX-XX-XXT{value}")
        case "S":
            return Resolved("SET", f"XXXX-{value}")
    number = parts.number()
    return Resolved("SET", "P1Q" if value == "Q" and number == 1 else to_duration(number, value))


def resolve_weekdays(parts: Parts, setting: Setting) -> Resolved | None:
    """A weekday in the plural, which is a SET: "on Sundays", "Friday nights"."""
    part = "T" + str(parts.value("part")) if "part" in parts else ""
    return Resolved("SET", f"XXXX-WXX-{parts.value('weekday')}{part}")


def resolve_reference(parts: Parts, setting: Setting) -> Resolved | None:
    """ "now", "recently", "the future"."""
    value = _REFERENCES.get(parts.kind("ref")) or str(parts.value("ref"))
    return Resolved("DATE", value)
