"""Days named by their weekday or their distance from today, and their parts."""

from __future__ import annotations

from transforms.times.moment import Moment, shift, snap, truncate
from transforms.times.parts import Parts
from transforms.times.reading import (
    STEPS,
    UNKNOWN,
    Resolved,
    Setting,
    find_base,
    read_moment,
)


def resolve_weekday(parts: Parts, setting: Setting) -> Resolved | None:
    """A weekday, with the week that names it ("Monday of next week") or its part of day."""
    weekday = int(parts.value("weekday") or 0)
    suffix = "T" + str(parts.value("part")) if "part" in parts else ""
    unknown = f"XXXX-WXX-{weekday}"
    rel = parts.kind("rel")
    if "unit" in parts:
        if parts.value("unit") != "W":
            return None
        base, anchor = find_base(parts.kind("rel2"), "W", setting)
        week = shift(truncate(base.at, "W"), STEPS[parts.kind("rel2")[0]], "W") if base else None
        moment = shift(truncate(week.at, "D"), weekday - 1, "D") if week else None
        return read_moment(moment, unknown, parts, setting, anchor=anchor, base=base, suffix=suffix)
    base, anchor = find_base(rel, "D", setting) if rel[:1] in ("$", "q") else (None, "publication")
    if base is not None:
        moment = snap(base.at, weekday, 1 if rel[0] == "q" else -1)
    else:
        moment = find_weekday(weekday, rel, setting)
    return read_moment(moment, unknown, parts, setting, anchor=anchor, base=base, suffix=suffix)


def find_weekday(weekday: int, rel: str, setting: Setting) -> Moment | None:
    """The day of that weekday which is meant: the last one, or today, unless words or tense say."""
    now = setting.published
    if now is None:
        return None
    if rel[-1:] in ("L", "p", "$"):
        return snap(now, weekday, -1)
    if rel[:1] in ("x", "c", "q"):
        return snap(now, weekday, 1)
    forward = rel[:1] == "i" or setting.tense() > 0
    return snap(now, weekday, 1 if forward and now.isoweekday() != weekday else 0)


def resolve_deictic(parts: Parts, setting: Setting) -> Resolved | None:
    """Today, yesterday, tomorrow, tonight, overnight, with a part of day."""
    suffix = "TNI" if "tonight" in parts else ""
    if "part" in parts:
        suffix = "T" + str(parts.value("part"))
    days = int(parts.value("deictic", "tonight") or 0)
    today = setting.today()
    moment = shift(today, days, "D") if today else None
    return read_moment(moment, UNKNOWN["D"], parts, setting, suffix=suffix)


def resolve_part(parts: Parts, setting: Setting) -> Resolved | None:
    """ "this morning", "last night", "the next evening", "in the afternoon"."""
    rel = parts.kind("rel")
    suffix = "T" + str(parts.value("part"))
    if not rel:
        # "in the morning" is of the day under discussion; of no day it is a habit
        day = setting.day or setting.last("D")
        if "side" in parts:
            today = day or setting.today()
            anchor = "text" if day else "publication"
            return read_moment(
                today, UNKNOWN["D"], parts, setting, anchor=anchor, base=day, suffix=suffix
            )
        if day is None or suffix == "TNI" or not setting.before.endswith(("in ", "during ", "by ")):
            return None
        return read_moment(
            day, UNKNOWN["D"], parts, setting, anchor="text", base=day, suffix=suffix
        )
    base, anchor = find_base("q" if rel[0] == "x" else rel, "D", setting)
    moment = shift(truncate(base.at, "D"), STEPS[rel[0]], "D") if base else None
    return read_moment(
        moment, UNKNOWN["D"], parts, setting, anchor=anchor, base=base, suffix=suffix
    )
