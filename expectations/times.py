"""Rules of times: the grammar of TIMEX3 values, and intervals that run forward."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from expectations.rule import Evidence, expect
from expectations.spans import verdicts

_YEAR = r"(?:\d{4}|\d{3}X|\d\dXX|\dXXX|XXXX|BC\d{4}|FY\d{4})"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|XX)"
_MONTH = r"(?:0[1-9]|1[0-2]|XX)"
_WEEK = r"W(?:0[1-9]|[1-4]\d|5[0-3]|XX)(?:-(?:WE|[1-7X]))?"
_PART = r"(?:Q[1-4X]|H[12X]|SP|SU|FA|WI)"
_CALENDAR = rf"{_YEAR}(?:-(?:{_PART}|{_WEEK}|{_MONTH}(?:-{_DAY})?))?"
_CENTURY = r"(?:\d{2,3}|XXX?)"
_REFERENCE = r"(?:PAST|PRESENT|FUTURE)_REF"
_ZONE = r"(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?"
_CLOCK = (
    r"(?:(?:[01]\d|2[0-4]|XX)(?::(?:[0-5]\d|XX)(?::(?:[0-5]\d|60|XX)(?:[.,]\d+)?)?)?"
    rf"{_ZONE}|MO|MI|AF|DT|EV|NI)"
)
_COUNT = r"(?:\d+(?:\.\d+)?|X+)"
_DATES = rf"(?:{_CALENDAR}|{_CENTURY}|{_REFERENCE})"
_TIMES = rf"(?:(?:{_CALENDAR})?T{_CLOCK}|{_REFERENCE})"
_DURATIONS = (
    rf"P(?=[\dXT])(?:{_COUNT}(?:Y|M|W|D|Q|H|WE|DE|CE|ML|SP|SU|FA|WI|E|L|C))*"
    rf"(?:T(?=[\dX])(?:{_COUNT}(?:H|M|S|MO|MI|AF|DT|EV|NI))+)?"
)
GRAMMAR = {
    "DATE": re.compile(_DATES),
    "TIME": re.compile(_TIMES),
    "DURATION": re.compile(rf"{_DURATIONS}|PXX|{_REFERENCE}"),
    "SET": re.compile(rf"{_DURATIONS}|{_DATES}|{_TIMES}"),
}
"""TIMEX3 values by type: TimeML 1.2.1 with X for unknown digits, centuries and decades cut."""

_EDTF_DATE = (
    r"[\dX]{4}(?:-(?:0[1-9]|1[0-2]|2[1-4]|3[3-6]|4[01]|XX)(?:-(?:0[1-9]|[12]\d|3[01]|XX))?)?~?"
)
_EDTF_TIME = r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ?"
_EDTF_END = rf"(?:{_EDTF_DATE}|{_EDTF_TIME}|\.\.)"
EDTF = re.compile(rf"{_EDTF_DATE}|{_EDTF_TIME}|(?!\.\./\.\.){_EDTF_END}/{_EDTF_END}")
"""Dates of ISO 8601-2 levels 0 to 2 with seasons, quarters and halves, times, and intervals."""

_FULL_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T|\Z)")


@lru_cache(maxsize=65536)
def is_timex(kind: str, value: str) -> bool:
    """Whether the value is one that a TIMEX3 of this type can have, on a day that exists."""
    if kind not in GRAMMAR or not GRAMMAR[kind].fullmatch(value):
        return False
    full = _FULL_DATE.match(value)
    if full is None:
        return True
    try:
        date(int(full[1]), int(full[2]), int(full[3]))
    except ValueError:
        return False
    return True


@expect(
    "The value follows the grammar of TIMEX3 for its type.",
    hint="A rule of transforms/times builds a value that no reader of TIMEX3 understands.",
    columns=("surface", "timex_type", "timex_value", "rule"),
)
def timex_grammar(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the value fits its type; null without a value."""
    pairs = zip(frame["timex_type"].tolist(), frame["timex_value"].tolist(), strict=True)
    return verdicts(
        is_timex(kind, value) if isinstance(kind, str) and isinstance(value, str) else None
        for kind, value in pairs
    )


@expect(
    "The interval ends after it starts.",
    hint="The two ends were resolved against different anchors: compare anchor and anchor_value.",
    columns=("surface", "timex_value", "start_at", "end_at", "anchor_value"),
)
def interval_ordered(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where end_at > start_at, for the end is exclusive; null where an end is unknown."""
    return frame["end_at"] > frame["start_at"]


@expect(
    "The anchor is a TIMEX3 date or time.",
    severity="warning",
    hint="A rule of transforms/times anchors on what is no date.",
    columns=("surface", "anchor", "anchor_value", "rule"),
)
def anchor_grammar(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the anchor's value is a date's or a time's; null without one."""
    return verdicts(
        is_timex("DATE", value) or is_timex("TIME", value) if isinstance(value, str) else None
        for value in frame["anchor_value"].tolist()
    )


@expect(
    "The EDTF is a date, a clock time or an interval of ISO 8601-2.",
    severity="warning",
    hint="transforms/times/edtf.py spells a value that no reader of EDTF understands.",
    columns=("surface", "timex_value", "edtf", "rule"),
)
def edtf_grammar(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the EDTF follows its grammar; null without one."""
    return verdicts(
        EDTF.fullmatch(value) is not None if isinstance(value, str) else None
        for value in frame["edtf"].tolist()
    )


@expect(
    "A zone says whether the text or the source's settings name it.",
    hint="transforms/times/find.py gave a zone without its origin, or an origin without a zone.",
    columns=("surface", "timex_value", "zone", "zone_from"),
)
def zone_explained(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where zone and its origin are both known or both unknown."""
    return frame["zone"].isna() == frame["zone_from"].isna()


TIME_RULES = (timex_grammar, interval_ordered, anchor_grammar, edtf_grammar, zone_explained)
