"""Intervals that two expressions bound: "between May 3 and 5", "from 10:00 to 15:00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from transforms.times.edtf import to_edtf
from warehouse.tables import Time

_OPENING = re.compile(r"\b(from|between)\s+(?:the\s+)?$", re.IGNORECASE)
_TO = re.compile(r",?\s*(?:to|until|till|through|thru)\s+(?:the\s+)?", re.IGNORECASE)
_AND = re.compile(r",?\s*and\s+(?:the\s+)?", re.IGNORECASE)
_DASH = re.compile(r"\s?[-‐‑–—]\s?")


def find_ranges(times: Sequence[Time], text: str) -> list[Time]:
    """A row for each pair of expressions that bound an interval; the parts keep their own rows.

    The interval runs from the first instant of the first to the end of the second, or to its
    instant where the second is a time of the clock.
    """
    pairs = pairwise(times)
    return [row for first, last in pairs if (row := _range(first, last, text)) is not None]


def _range(first: Time, last: Time, text: str) -> Time | None:
    if first.timex_type != last.timex_type or first.timex_type not in ("DATE", "TIME"):
        return None
    opening = _OPENING.search(text, max(0, first.start - 16), first.start)
    word = opening[1].lower() if opening else ""
    between = text[first.end : last.start]
    dashed = _DASH.fullmatch(between) is not None
    joined = (_AND if word == "between" else _TO).fullmatch(between)
    if not (joined or (dashed and first.grain == last.grain)):
        return None
    start = first.start_at
    end = last.start_at if last.timex_type == "TIME" else last.end_at
    if (start is None and end is None) or (start and end and start >= end):
        return None
    return Time(
        start=opening.start() if opening else first.start,
        end=last.end,
        rule="interval.dash" if dashed else f"interval.{word}" if word else "interval.to",
        timex_type="DURATION",
        timex_value=_length(start, end),
        start_at=start,
        end_at=end,
        grain=first.grain if first.grain == last.grain else None,
        edtf=to_edtf(None, None, start, end),
        anchor=first.anchor,
        anchor_value=first.anchor_value,
        zone=last.zone,
        zone_from=last.zone_from,
    )


def _length(start: datetime | None, end: datetime | None) -> str:
    """The TIMEX3 duration from `start` to `end`, in the coarsest unit that is whole."""
    if start is None or end is None:
        return "PXX"
    months = (end.year - start.year) * 12 + end.month - start.month
    if (start.day, start.time()) == (end.day, end.time()) and months:
        return f"P{months // 12}Y" if months % 12 == 0 else f"P{months}M"
    length = end - start
    if length % timedelta(1) == timedelta(0):
        return f"P{length.days}D"
    minutes, rest = divmod(int(length.total_seconds()), 60)
    if rest:
        return f"PT{minutes * 60 + rest}S"
    hours, minutes = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
