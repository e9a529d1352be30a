"""From a matched rule to a TIMEX3 type and value, reckoned from publication or from the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.times.grammar import Match
from transforms.times.lexicon import Lexemes
from transforms.times.number import parse_number, parse_year, to_duration
from transforms.times.value import Moment, easter, shift, snap, to_interval, truncate

UNKNOWN = {
    "CE": "XX", "DE": "XXX", "Y": "XXXX", "HY": "XXXX-HX", "Q": "XXXX-QX", "M": "XXXX-XX",
    "W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "D": "XXXX-XX-XX", "H": "XXXX-XX-XXTXX",
    "MIN": "XXXX-XX-XXTXX:XX", "S": "XXXX-XX-XXTXX:XX:XX",
}  # fmt: skip
"""The value of a moment of which only the grain is known."""

STEPS = {"L": -1, "p": -1, "x": 1, "c": 1, "q": 1, "i": 0, "G": 0, "j": 0}
SIDES = {"E": None, "e": "START", "g": "END"}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A TIMEX3 reading of an expression, with the anchor it was reckoned from."""

    timex_type: str
    value: str
    modifier: str | None = None
    anchor: str = "none"
    anchor_value: str | None = None
    moment: Moment | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What an expression is read against.

    Attributes:
        published: midnight of the publication day; null when unknown.
        last: the last explicit date before the expression.
        day: the last explicit day before it in its sentence.
        tense: gives -1, 0 or 1 for the tense that governs the expression.
    """

    published: datetime | None
    last: Moment | None
    day: Moment | None
    tense: Callable[[], int]


class Parts:
    """The named parts of a match with their classes and values."""

    def __init__(self, match: Match, lexemes: Lexemes) -> None:
        self.rule, self._found, self._lexemes = match.rule, match.found, lexemes
        self._names = {name for name, text in match.found.groupdict().items() if text}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def kind(self, name: str) -> str:
        """Classes of the part without a leading article; empty if absent."""
        return (self._found[name] or "").lstrip("t") if name in self._names else ""

    def values(self, name: str) -> list[str]:
        """Values of the part's lexemes."""
        return self._lexemes.values[self._found.start(name) : self._found.end(name)]

    def value(self, *names: str) -> str | None:
        """Value of the last lexeme of the first part that is there."""
        for name in names:
            if name in self._names:
                return self.values(name)[-1]
        return None

    def number(self) -> float | None:
        """The count, 1 for an article; null if vague."""
        number: float | None = 1.0
        if "number" in self:
            number = parse_number(self._found["number"], self.values("number"))
        return number + 0.5 if number is not None and "half" in self else number

    def year(self, name: str = "year") -> int | None:
        """The explicit year."""
        return parse_year(self._found[name], self.values(name)) if name in self else None

    def modifier(self) -> str | None:
        """The TIMEX3 mod."""
        if "phase" in self:
            return self.value("phase")
        if "side" in self:
            return self.value("side") if self.kind("side") == "E" else SIDES.get(self.kind("side"))
        return self.value("end", "about")


def resolve(match: Match, lexemes: Lexemes, setting: Setting) -> Resolved | None:
    """The reading of a match; null where the words turn out to be no time."""
    parts = Parts(match, lexemes)
    try:
        return _FAMILIES[match.rule.family](parts, setting)
    except (ValueError, OverflowError):
        return None  # a day that no calendar has: "February 30", or a year before 1


def _at(
    moment: Moment | None,
    unknown: str,
    parts: Parts,
    setting: Setting,
    *,
    anchor: str = "publication",
    suffix: str = "",
) -> Resolved:
    kind = "TIME" if suffix.startswith("T") or (moment and moment.grain in ("H", "MIN")) else "DATE"
    if moment is None:
        return Resolved(kind, unknown + suffix, parts.modifier())
    value = str(moment) + suffix
    reference = setting.last if anchor == "text" else None
    known = (
        str(reference)
        if reference
        else str(truncate(setting.published, "D"))
        if setting.published and anchor == "publication"
        else None
    )
    return Resolved(kind, value, parts.modifier(), anchor, known, moment, *to_interval(value))


def _day(year: int | None, month: int, day: int, setting: Setting) -> tuple[Moment | None, str]:
    """The day of that month and whose year it takes; nearest, or by tense, without a year."""
    datetime(year or 2000, month, day)
    if year is not None:
        return Moment(datetime(year, month, day), "D"), "none"
    now = setting.published
    if now is None:
        return None, "none"
    tense = setting.tense()
    choices = [
        datetime(y, month, day)
        for y in range(max(1, now.year - 4), min(9999, now.year + 4) + 1)
        if (month, day) != (2, 29) or (y % 4 == 0 and (y % 100 or y % 400 == 0))
    ]
    if tense > 0:
        choices = [c for c in choices if c >= now - timedelta(1)] or choices
    elif tense < 0:
        choices = [c for c in choices if c <= now + timedelta(45)] or choices
    best = min(choices, key=lambda c: abs(c - now)) if choices else None
    return (Moment(best, "D") if best else None), "publication"


def _given_year(parts: Parts, setting: Setting, rel: str = "rel") -> tuple[int | None, str]:
    """An explicit year or one such as "last year", and its anchor."""
    if "year" in parts:
        return parts.year(), "none"
    base = _base(parts.kind(rel), setting)[0] if rel in parts else None
    if base is None or parts.value("unit") != "Y":
        return None, "none"
    return base.year + STEPS[parts.kind(rel)[0]], "publication"


def _base(kind: str, setting: Setting) -> tuple[datetime | None, str]:
    """The instant that a word such as "last", "following" or "that" counts from."""
    if kind[:1] in ("q", "j", "e", "g") and setting.last:
        return setting.last.at, "text"
    return setting.published, "publication"


def _numeric(parts: Parts, setting: Setting) -> Resolved | None:
    surface = parts.value("iso", "slash") or ""
    if "iso" in parts:
        moment = truncate(datetime.strptime(surface, "%Y-%m-%d"), "D")
        return _at(moment, "", parts, setting, anchor="none")
    first, second, year = (int(x) for x in surface.split("/"))
    if year < 100:
        year += 1900 if year > 50 else 2000
    if first > 12 or second > 12 or first == second:
        month, day = (second, first) if first > 12 else (first, second)
        return _at(Moment(datetime(year, month, day), "D"), "", parts, setting, anchor="none")
    # Either order is possible and nothing in the text decides: only the year is sure.
    return Resolved("DATE", f"{year:04d}-XX-XX")


def _date(parts: Parts, setting: Setting) -> Resolved | None:
    month = int(parts.value("month", "month2") or 0)
    year, anchor = _given_year(parts, setting)
    if "year" in parts and year is None:
        return None
    if "unit" in parts and parts.value("unit") != "Y":
        return None
    day = parts.value("day", "day2")
    if day is None:
        moment = Moment(datetime(year, month, 1), "M") if year else None
        return _at(moment, f"XXXX-{month:02d}", parts, setting, anchor=anchor)
    found, reckoned = _day(year, month, int(day), setting)
    unknown = f"XXXX-{month:02d}-{int(day):02d}"
    return _at(found, unknown, parts, setting, anchor=anchor if year else reckoned)


def _month(parts: Parts, setting: Setting) -> Resolved | None:
    month = int(parts.value("month") or 0)
    rel = parts.kind("rel")
    base, anchor = _base(rel, setting)
    if base is None:
        return _at(None, f"XXXX-{month:02d}", parts, setting)
    year = base.year
    if rel == "L":
        year -= month >= base.month
    elif rel in ("x", "c", "q"):
        year += month <= base.month
    elif not rel:
        tense = setting.tense()
        gap = month - base.month
        if tense > 0:
            year += gap < 0
        elif tense < 0:
            # A month just ahead is rarely last year's, which would be "last November".
            year -= gap > 2
        elif abs(gap) > 6:
            year += -1 if gap > 0 else 1
    return _at(Moment(datetime(year, month, 1), "M"), "", parts, setting, anchor=anchor)


def _weekday(parts: Parts, setting: Setting) -> Resolved | None:
    weekday = int(parts.value("weekday") or 0)
    suffix = "T" + str(parts.value("part")) if "part" in parts else ""
    rel = parts.kind("rel")
    moment = _near_weekday(weekday, rel, setting)
    return _at(moment, f"XXXX-WXX-{weekday}", parts, setting, suffix=suffix)


def _near_weekday(weekday: int, rel: str, setting: Setting) -> Moment | None:
    now = setting.published
    if now is None:
        return None
    if rel[:1] == "L":
        return snap(now, weekday, -1)
    if rel[:1] in ("x", "c", "q"):
        return snap(now, weekday, 1)
    forward = rel[:1] == "i" or setting.tense() > 0
    return snap(now, weekday, 1 if forward and now.isoweekday() != weekday else 0)


def _deictic(parts: Parts, setting: Setting) -> Resolved | None:
    suffix = "TNI" if "tonight" in parts else ""
    if "part" in parts:
        suffix = "T" + str(parts.value("part"))
    now = setting.published
    days = int(parts.value("deictic") or 0)
    moment = shift(truncate(now, "D"), days, "D") if now else None
    return _at(moment, UNKNOWN["D"], parts, setting, suffix=suffix)


def _part(parts: Parts, setting: Setting) -> Resolved | None:
    rel = parts.kind("rel")
    base, anchor = _base("q" if rel in ("x", "q") else rel, setting)
    moment = shift(truncate(base, "D"), STEPS[rel], "D") if base else None
    suffix = "T" + str(parts.value("part"))
    return _at(moment, UNKNOWN["D"], parts, setting, anchor=anchor, suffix=suffix)


def _relative(parts: Parts, setting: Setting) -> Resolved | None:
    rel, unit = parts.kind("rel"), str(parts.value("unit"))
    if unit in ("S", "MIN", "H") or ("end" in parts and unit != "Y"):
        return None
    if rel == "p":
        return _window(parts, setting)
    base, anchor = _base(rel, setting)
    moment = shift(truncate(base, unit), STEPS.get(rel, 0), unit) if base else None
    return _at(moment, UNKNOWN[unit], parts, setting, anchor=anchor)


def _bare(parts: Parts, setting: Setting) -> Resolved | None:
    """ "the weekend", "the quarter", and any unit whose phase is named: "the end of the year"."""
    unit = str(parts.value("unit"))
    if unit in ("S", "MIN", "H") or ("phase" not in parts and unit not in ("WE", "Q")):
        return None
    if unit == "Q" and "phase" not in parts:
        if setting.last and setting.last.grain == "Q":
            return _at(setting.last, "", parts, setting, anchor="text")
        now = truncate(setting.published, "Q") if setting.published else None
        return _at(shift(now, -1, "Q") if now else None, UNKNOWN["Q"], parts, setting)
    moment = truncate(setting.published, unit) if setting.published else None
    if moment and unit == "WE" and setting.published and setting.tense() <= 0:
        moment = shift(moment, 0 if moment.at <= setting.published else -1, "WE")
    return _at(moment, UNKNOWN[unit], parts, setting)


def _window(parts: Parts, setting: Setting) -> Resolved | None:
    """A stretch up to the anchor or from it on: "the past two weeks"."""
    number, unit = parts.number(), str(parts.value("unit"))
    value = to_duration(number, unit)
    end = setting.day.at if setting.day else setting.published
    if number is None or end is None or number != int(number) or unit in ("H", "MIN", "S"):
        return Resolved("DURATION", value)
    anchor = "text" if setting.day else "publication"
    step = 1 if STEPS[parts.kind("rel")] > 0 else -1
    other = _move(end, step * int(number), unit)
    if other is None:
        return Resolved("DURATION", value)
    known = str(truncate(end, "D"))
    first, last = min(end, other), max(end, other)
    return Resolved(
        "DURATION", value, None, anchor, known, start_at=first, end_at=last + timedelta(1)
    )


def _move(day: datetime, count: int, unit: str) -> datetime | None:
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


def _recent(parts: Parts, setting: Setting) -> Resolved | None:
    unit = str(parts.value("unit"))
    if parts.kind("vague") in ("B", "c"):
        return Resolved("DATE", "PAST_REF" if parts.kind("vague") == "B" else "FUTURE_REF")
    if unit in ("S", "MIN"):
        return None
    return Resolved("DURATION", to_duration(None, unit))


def _shift(parts: Parts, setting: Setting) -> Resolved | None:
    number, unit, way = parts.number(), str(parts.value("unit")), parts.kind("way")
    sign = 1 if way == "g" else -1
    base, anchor = _base(way, setting)
    if number is None and way == "A":
        return Resolved("DATE", "PAST_REF", parts.modifier())
    if number is None or number != int(number) or unit in ("S", "MIN", "H"):
        return Resolved("DURATION", to_duration(number, unit), parts.modifier())
    compared = parts.value("of") or (setting.last.grain if setting.last else "")
    if unit == "Y" and compared == "Q" and number == 1 and base is not None:
        # Figures of a quarter are compared with those of the same quarter a year before.
        quarter = setting.last if setting.last and setting.last.grain == "Q" else None
        quarter = quarter or shift(truncate(base, "Q"), -1, "Q")
        moved = shift(quarter, sign * 4, "Q") if quarter else None
        return _at(moved, UNKNOWN["Q"], parts, setting, anchor="text" if setting.last else anchor)
    if unit == "WE" or base is None:
        return _at(None, UNKNOWN[unit], parts, setting)
    return _at(
        shift(truncate(base, unit), sign * int(number), unit),
        UNKNOWN[unit], parts, setting, anchor=anchor,
    )  # fmt: skip


def _ordinal(parts: Parts, setting: Setting) -> Resolved | None:
    if "halfyear" in parts:
        return _half(parts, setting)
    number, unit = int(parts.value("ord") or 0), str(parts.value("unit"))
    if unit == "CE":
        return Resolved(
            "DATE", f"{number - 1:02d}", parts.modifier(), "none", None,
            None, *to_interval(f"{number - 1:02d}"),
        )  # fmt: skip
    if unit != "Q" or not 1 <= number <= 4:
        return None
    year = parts.year("year") or parts.year("year0")
    anchor = "none"
    if year is None:
        now = setting.published
        if now is None:
            return _at(None, f"XXXX-Q{number}", parts, setting)
        anchor = "publication"
        rel = parts.kind("rel") or parts.kind("rel0")
        year = now.year + STEPS.get(rel, 0)
        if not rel:
            ahead = number - (now.month + 2) // 3
            year += 1 if ahead < -1 and setting.tense() > 0 else 0
            year -= 1 if ahead > 0 and setting.tense() <= 0 else 0
    return _at(Moment(datetime(year, number * 3 - 2, 1), "Q"), "", parts, setting, anchor=anchor)


def _half(parts: Parts, setting: Setting) -> Resolved | None:
    number = 2 if parts.kind("ord") == "L" else int(parts.value("ord") or 0)
    year, anchor = _given_year(parts, setting)
    if number > 2 or ("unit" in parts and parts.value("unit") != "Y"):
        return None
    moment = Moment(datetime(year, number * 6 - 5, 1), "HY") if year else None
    return _at(moment, f"XXXX-H{number}", parts, setting, anchor=anchor)


def _year(parts: Parts, setting: Setting) -> Resolved | None:
    year = parts.year()
    if year is None:
        return None
    return _at(Moment(datetime(year, 1, 1), "Y"), "", parts, setting, anchor="none")


def _decade(parts: Parts, setting: Setting) -> Resolved | None:
    first = int(parts.value("decade") or 0)
    grain = "CE" if first % 100 == 0 and first < 2000 else "DE"
    return _at(Moment(datetime(first, 1, 1), grain), "", parts, setting, anchor="none")


def _season(parts: Parts, setting: Setting) -> Resolved | None:
    season, rel = str(parts.value("season")), parts.kind("rel")
    year, anchor = _given_year(parts, setting, "rel2")
    if year is None and not rel and "rel" not in parts:
        return None
    now = setting.published
    if year is None and now is not None:
        anchor = "publication"
        first = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[season]
        year = now.year
        if rel[:1] == "L" or (not rel and setting.tense() <= 0):
            year -= first + (2 if rel[:1] == "L" else 0) >= now.month
        elif rel in ("x", "c"):
            year += first <= now.month
    value = f"{year:04d}-{season}" if year else f"XXXX-{season}"
    known = str(truncate(now, "D")) if now and anchor == "publication" else None
    return Resolved("DATE", value, parts.modifier(), anchor if year else "none", known)


def _holiday(parts: Parts, setting: Setting) -> Resolved | None:
    rule, now = str(parts.value("holiday")), setting.published
    year = parts.year()
    if year is not None:
        return _at(_holiday_in(rule, year), "", parts, setting, anchor="none")
    if now is None:
        fixed = rule.removeprefix("fixed:")
        return Resolved("DATE", f"XXXX-{fixed}" if fixed != rule else UNKNOWN["D"])
    rel = parts.kind("rel")
    choices = [_holiday_in(rule, now.year + step) for step in (-1, 0, 1)]
    if rel == "L":
        choices = [c for c in choices if c.at < now][-1:]
    elif rel == "x":
        choices = [c for c in choices if c.at > now][:1]
    elif setting.tense() < 0:
        choices = [c for c in choices if c.at <= now]
    best = min(choices, key=lambda c: abs(c.at - now))
    return _at(best, "", parts, setting)


def _holiday_in(rule: str, year: int) -> Moment:
    kind, _, text = rule.partition(":")
    if kind == "fixed":
        return Moment(datetime(year, int(text[:2]), int(text[3:])), "D")
    if kind == "easter":
        return Moment(easter(year) + timedelta(int(text)), "D")
    month, weekday, count = (int(x) for x in re.findall(r"(?:(?<=-)-)?\d+", text))
    if count > 0:
        first = datetime(year, month, 1)
        ahead = (weekday - first.isoweekday()) % 7 + 7 * (count - 1)
        return Moment(first + timedelta(ahead), "D")
    last = datetime(year + month // 12, month % 12 + 1, 1) - timedelta(1)
    return Moment(last - timedelta((last.isoweekday() - weekday) % 7), "D")


def _clock(parts: Parts, setting: Setting) -> Resolved | None:
    clock = _clock_value(parts)
    if clock is None:
        return None
    if "month" in parts or "month2" in parts:
        day = _date(parts, setting)
        if day is None:
            return None
        moment, unknown, anchor = day.moment, day.value, day.anchor
    elif "weekday" in parts:
        weekday = int(parts.value("weekday") or 0)
        moment = _near_weekday(weekday, parts.kind("rel"), setting)
        unknown, anchor = f"XXXX-WXX-{weekday}", "publication"
    else:
        base = setting.day or (truncate(setting.published, "D") if setting.published else None)
        moment = shift(base, int(parts.value("deictic") or 0), "D") if base else None
        unknown, anchor = UNKNOWN["D"], "text" if setting.day else "publication"
    return _at(moment, unknown, parts, setting, anchor=anchor, suffix="T" + clock)


def _clock_value(parts: Parts) -> str | None:
    half = parts.value("half", "half2")
    zone = parts.value("zone") or ""
    if "noon" in parts:
        return f"{parts.value('noon')}{zone}"
    hour, _, rest = (parts.value("clock", "hour", "hour2") or "").partition(":")
    number = int(hour)
    if number > (12 if half else 24) or (rest and int(rest[:2]) > 59):
        return None
    if half:
        number = number % 12 + (12 if half == "p" else 0)
    elif "hour2" in parts and number > 12:
        return None
    return f"{number:02d}:{rest or '00'}{zone}"


def _duration(parts: Parts, setting: Setting) -> Resolved | None:
    number = None if parts.rule.name == "duration.vague" else parts.number()
    unit = str(parts.value("unit"))
    if unit == "Q" and ("one" in parts or number is None):
        return None  # "a quarter of the price"
    return Resolved("DURATION", to_duration(number, unit), parts.modifier())


def _every(parts: Parts, setting: Setting) -> Resolved | None:
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
    number = parts.number()
    return Resolved("SET", "P1Q" if value == "Q" and number == 1 else to_duration(number, value))


def _reference(parts: Parts, setting: Setting) -> Resolved | None:
    kind = parts.kind("ref")
    value = {"G": "PRESENT_REF", "B": "PAST_REF", "": "PAST_REF"}.get(kind)
    value = value or str(parts.value("ref"))
    return Resolved("DATE", value)


_FAMILIES: dict[str, Callable[[Parts, Setting], Resolved | None]] = {
    "numeric": _numeric,
    "date": _date,
    "month": _month,
    "weekday": _weekday,
    "deictic": _deictic,
    "part": _part,
    "relative": _relative,
    "bare": _bare,
    "window": _window,
    "recent": _recent,
    "shift": _shift,
    "ordinal": _ordinal,
    "year": _year,
    "decade": _decade,
    "season": _season,
    "holiday": _holiday,
    "clock": _clock,
    "duration": _duration,
    "every": _every,
    "reference": _reference,
}
