"""Ranges and lists: numerals that share a unit, a scale or a sign."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.reject import is_score

_DASH = re.compile(r"[ ]?[-–—~‑][ ]?|[ ]?-?[ ]to[ ]|-to-|-[ ]?to[ ]")
_TO = re.compile(
    r",?[ ](?:to|through)[ ](?:(?:about|nearly|roughly|around|just|an?|over|almost)[ ])?"
)
_AND = re.compile(r"[ ](?:and|and the)[ ](?:the[ ])?")
_OR = re.compile(r"-?[ ](?:or|and)[ ]|-?,[ ](?:and[ ]|or[ ])?")
_FROM = re.compile(r"[ ]from[ ]")


def _before(document: Document, item: Item) -> str:
    return document.text[max(0, item.start - 26) : item.start].lower()


def _same(low: Item, high: Item) -> bool:
    a, b = low.unit, high.unit
    return a == b or a is None or b is None


def _share(low: Item, high: Item) -> None:
    """Gives each of two numerals the unit, and the left the scale, that only the other has."""
    if low.unit is None and high.unit is not None:
        low.unit = high.unit
        if low.numeral.scaled == 1.0 and high.numeral.scaled > 1.0 and not low.numeral.grouped:
            base = (high.value or 0.0) / high.numeral.scaled
            if low.value is not None and low.value < 1000 and base < 1000:
                low.value *= high.numeral.scaled
    elif high.unit is None and low.unit is not None:
        high.unit = low.unit
    if low.numeral.scaled == 1.0 and high.numeral.scaled > 1.0 and low.value is not None:
        base = (high.value or 0.0) / high.numeral.scaled
        if low.value < base < 1000 and low.numeral.form in ("digits", "words"):
            low.value *= high.numeral.scaled


def _merge(low: Item, high: Item, rule: str) -> None:
    ends = sorted((low.value or 0.0, high.value or 0.0))
    low.low, low.high, low.value = ends[0], ends[1], None
    low.end, low.last, low.unit = high.end, high.last, high.unit or low.unit
    low.kind = low.kind or high.kind
    low.rule, low.joined = rule, True


def join_ranges(document: Document, items: list[Item]) -> list[Item]:
    """The items with each range made one item, and units shared along lists."""
    text = document.text
    out: list[Item] = []
    for item in items:
        low = out[-1] if out else None
        if low is None or low.end > item.start or item.start - low.end > 18:
            out.append(item)
            continue
        between = text[low.end : item.start]
        if (
            low.value is None
            or item.value is None
            or low.joined
            or (low.numeral.form in ("ordinal",) and item.numeral.form != "ordinal")
        ):
            out.append(item)
            continue
        before = _before(document, low)
        opened = re.search(r"\bbetween[ ](?:the[ ]|about[ ]|around[ ]|an?[ ])?$", before)
        since = re.search(r"\bfrom[ ](?:the[ ]|about[ ]|around[ ]|just[ ]|an?[ ])?$", before)
        if opened and _AND.fullmatch(between) and _same(low, item):
            _share(low, item)
            _merge(low, item, "range.between")
            low.start = low.start
        elif (
            _DASH.fullmatch(between)
            and _same(low, item)
            and (
                low.unit is None
                or low.prefixed
                or since
                or "to" not in between
                or (low.unit == item.unit and not item.prefixed)
            )
        ):
            if is_score(document, low, item):
                low.kind = "score"
                item.kind = "score"
                out.append(item)
                continue
            if low.numeral.form == "ordinal" or (
                low.value > item.value and not since and "to" not in between
            ):
                out.append(item)
                continue
            if (
                "to" in between
                and not since
                and low.unit is None
                and item.unit is not None
                and low.numeral.grouped
                and item.unit.kind == "money"
            ):
                out.append(item)
                continue
            _share(low, item)
            _merge(low, item, "range.dash" if "to" not in between else "range.to")
        elif (
            since
            and _TO.fullmatch(between)
            and _same(low, item)
            and (low.unit == item.unit or low.unit is None)
        ):
            _share(low, item)
            _merge(low, item, "range.from_to")
        elif _FROM.fullmatch(between) and low.unit == item.unit and low.unit is not None:
            _merge(low, item, "range.from_to")
        elif (
            _OR.fullmatch(between)
            and low.numeral.form == item.numeral.form
            and low.unit is None
            and item.unit is not None
            and (not item.prefixed or " or " in between)
        ):
            if low.kind == "" and _shares_list(document, low):
                _share(low, item)
            out.append(item)
        else:
            out.append(item)
    return out


def _shares_list(document: Document, low: Item) -> bool:
    """Whether nothing else than the shared unit could be counted by the left numeral."""
    return low.end == document.ends[low.last]
