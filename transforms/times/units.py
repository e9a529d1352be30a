"""Calendar units counted from an anchor: "last week", "that year", "the end of the month"."""

from __future__ import annotations

from datetime import timedelta

from transforms.times.moment import Moment, shift, truncate
from transforms.times.parts import Parts
from transforms.times.reading import (
    MID_QUARTER,
    STEPS,
    UNKNOWN,
    Resolved,
    Setting,
    find_base,
    read_moment,
)
from transforms.times.windows import resolve_window, to_length

_WITHIN = ("for ", "rest of ", "months of ", "most of ", "much of ", "part of ", "so far in ")
_ENDED = ("ended", "ending", "through ")


def resolve_relative(parts: Parts, setting: Setting) -> Resolved | None:
    """A unit before, at or after its anchor; "the past week" is the stretch up to it."""
    rel, unit = parts.kind("rel"), str(parts.value("unit"))
    if unit in ("S", "MIN", "H") or ("end" in parts and unit != "Y"):
        return None
    if rel == "L" and parts.definite("rel") and parts.value("rel") != "latest":
        if setting.after.startswith(" of "):
            return None  # "the last week of May"
        if unit not in ("Q", "WE"):
            return resolve_window(parts, setting)  # up to now, unlike "last week"
    if rel == "p":
        return resolve_window(parts, setting)
    rel = {"ip": "L", "ic": "c"}.get(rel, rel)  # "this past weekend"
    # "the next day" of a story is the day after the one it has told of
    told = rel[:1] == "x" and unit == "D" and parts.definite("rel")
    base, anchor = find_base("q" if told else rel, unit, setting)
    steps = STEPS.get(rel[:1], 0)
    if rel == "c" and unit == "WE" and base and truncate(base.at, unit).at > base.at:
        steps = 0  # "the coming weekend" is the nearest
    moment = shift(truncate(base.at, unit), steps, unit) if base else None
    return read_moment(moment, UNKNOWN[unit], parts, setting, anchor=anchor, base=base)


def resolve_within(parts: Parts, setting: Setting) -> Resolved | None:
    """ "earlier in the year", "later in the day": of the unit under way, or of the day told of."""
    unit = str(parts.value("unit"))
    if unit in ("S", "MIN", "H"):
        return None
    told = setting.day or setting.last("D") if unit == "D" else None
    moment, anchor = (told, "text") if told else (setting.today(unit), "publication")
    return read_moment(moment, UNKNOWN[unit], parts, setting, anchor=anchor, base=told)


def resolve_bare(parts: Parts, setting: Setting) -> Resolved | None:
    """ "the weekend", "the quarter", "for the year", and a unit whose phase is named."""
    unit = str(parts.value("unit"))
    if unit in ("S", "MIN", "H"):
        return None
    if "phase" in parts:
        return _phase(unit, parts, setting)
    if unit == "Y" and setting.after.lstrip().startswith(_ENDED):
        return to_length(1, unit, parts, setting)
    if unit == "WE":
        return read_moment(_weekend(setting), UNKNOWN[unit], parts, setting)
    if unit == "Q" and setting.after.startswith((" of ", "-")):
        return None  # "the quarter of voters who"
    if unit == "Q":
        if setting.until:
            ended = truncate(setting.until - MID_QUARTER, "Q")
            base = truncate(setting.until - timedelta(1), "D")
            return read_moment(ended, "", parts, setting, anchor="text", base=base)
        last = setting.last("Q")
        if last and last.grain == "Q":
            return read_moment(last, "", parts, setting, anchor="text", base=last)
        now = setting.today("Q")
        return read_moment(shift(now, -1, "Q") if now else None, UNKNOWN[unit], parts, setting)
    if unit in ("W", "M", "Y") and setting.before.endswith(_WITHIN):
        return read_moment(setting.today(unit), UNKNOWN[unit], parts, setting)
    return None


def _phase(unit: str, parts: Parts, setting: Setting) -> Resolved | None:
    """ "the end of the year": of the one under way, or of the last one that a story tells of."""
    now = setting.today(unit)
    told = parts.modifier() == "END" and setting.before.endswith("at ")
    if told and unit == "D":
        return None  # "at the end of the day", all things considered
    if told and now and setting.tense() < 0:
        now = shift(now, -1, unit)
    return read_moment(now, UNKNOWN[unit], parts, setting)


def _weekend(setting: Setting) -> Moment | None:
    """The weekend under way, or by tense the last or the coming one."""
    now, published = setting.today("WE"), setting.published
    if now is None or published is None:
        return None
    ahead = setting.tense() > 0 or setting.before.endswith(("ahead of ", "until ", "by "))
    return now if ahead or now.at <= published else shift(now, -1, "WE")
