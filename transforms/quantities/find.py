"""Quantities of an article: every number with unit, bound, change and what it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.language.document import Document
from transforms.quantities.age import find_age
from transforms.quantities.capital import is_capitalised_name
from transforms.quantities.code import is_code, is_lettered_label, is_resolution
from transforms.quantities.compound import join_compounds
from transforms.quantities.decade import find_decades
from transforms.quantities.describe import describe
from transforms.quantities.doubling import find_doublings
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list
from transforms.quantities.multiple import find_multiples
from transforms.quantities.numerals.find import find_numerals
from transforms.quantities.policy import Policy
from transforms.quantities.ranges import join_ranges
from transforms.quantities.read import read_item
from transforms.quantities.reject import is_name
from transforms.quantities.row import to_row
from transforms.quantities.sense import resolve_pounds
from transforms.quantities.zero import find_zeros
from transforms.text import Text
from warehouse.tables import Mention, Quantity, Time

VERSION = "4"
_NOT_ORDERS = frozenset({("per", "second"), ("at", "first")})
_APART = 9
"""Code points between two numbers that cannot be one range by a dash or "over"."""
_PAST = re.compile(
    r"[ ](?:past|to)[ ](?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
)
"""An hour after "half" or "quarter"."""
_YEAR = 4
"""Digits of a year."""
_HALF_KIN = word_list("half_kin")
_NOT_HALF = word_list("not_half")

Spans = Sequence[tuple[int, int]]


def find_quantities(
    text: Text,
    document: Document,
    times: Sequence[Time],
    mentions: Sequence[Mention],
    policy: Policy | None = None,
) -> list[Quantity]:
    """The quantities of a text in order of position.

    Args:
        text: the article version.
        document: its parse; all offsets refer to ``document.text``.
        times: temporal expressions found before; dates and clock times reject the numbers in them.
        mentions: names found before; persons tell ages ("Anna Kern, 44,").
        policy: what vague number words mean; the project's own by default.
    """
    if not len(document):
        return []
    persons = {m.end for m in mentions if m.type == "PERSON"}
    blocked = [(t.start, t.end) for t in times if t.timex_type in ("DATE", "TIME")]
    items = _without_dates(document, _read(document, policy), blocked)
    items = join_ranges(document, join_compounds(document, items))
    named = [(m.start, m.end) for m in mentions]
    kept: list[Item] = []
    for item in items:
        if item.kind == "score" or (kept and item.start < kept[-1].end):
            continue
        find_age(document, item, persons, kept[-1] if kept else None)
        if not _is_rejected(document, item, blocked, named):
            kept.append(item)
    resolve_pounds(document, kept)
    describe(document, kept)
    return [to_row(document, item) for item in kept]


def _read(document: Document, policy: Policy | None) -> list[Item]:
    """Every numeral and multiple of a text with what is attached to it, none overlapping."""
    numerals = find_numerals(
        document.text, document.starts, document.ends, document.places(), policy
    )
    items: list[Item] = []
    for numeral in numerals:
        item = read_item(document, numeral)
        if item is not None and not (items and item.start < items[-1].end):
            items.append(item)
    items += find_multiples(document)
    items += find_doublings(document)
    items += find_zeros(document)
    items += find_decades(document)
    items.sort(key=lambda item: item.start)
    return items


def _is_rejected(document: Document, item: Item, blocked: Spans, named: Spans) -> bool:
    """Whether the number is a year, a date, a label or a part of a name."""
    if item.numeral.form == "fraction" and _is_period(document, item):
        return True
    if is_capitalised_name(document, item) or _is_not_order(document, item):
        return True
    if item.numeral.form == "fraction" and document.text[item.start].isdigit():
        return is_code(document, item) or bool(_at(blocked, item))
    if is_lettered_label(document, item) or is_resolution(document, item):
        return True
    if not item.bare or item.numeral.scaled != 1.0:
        return False
    return is_name(document, item, _at(blocked, item), _at(named, item))


def _is_not_order(document: Document, item: Item) -> bool:
    """Whether an ordinal word is no order: "per second", "at first"."""
    before = document.lowers[item.first - 1] if item.first else ""
    return item.kind == "ordinal" and (before, document.lowers[item.last]) in _NOT_ORDERS


def _is_period(document: Document, item: Item) -> bool:
    """Whether "half" is one of a game, a year or kin: "the second half", "half sisters"."""
    before = document.lowers[item.first - 1] if item.first else ""
    after = document.lowers[item.last + 1] if item.last + 1 < len(document) else ""
    word = document.lowers[item.last]
    if item.unit is not None and item.unit.kind == "multiple":
        return True  # "half-time"
    if word in ("half", "quarter") and _PAST.match(document.text, item.end):
        return True
    return word in ("half", "quarter") and (before in _NOT_HALF or after in _HALF_KIN)


def _without_dates(document: Document, items: Sequence[Item], blocked: Spans) -> list[Item]:
    """The items but for plain numbers within a date or clock time and apart from the next one.

    What is close to the next one may be an end of a range: "2014-15".
    """
    kept = []
    for index, item in enumerate(items):
        following = items[index + 1].start if index + 1 < len(items) else item.end + _APART
        apart = following - item.end >= _APART or _is_year_apart(document, item, following)
        plain = item.bare and item.numeral.scaled == 1.0 and apart
        if not (plain and any(a <= item.start and item.end <= b for a, b in blocked)):
            kept.append(item)
    return kept


def _is_year_apart(document: Document, item: Item, following: int) -> bool:
    """Whether the number is a year that words part from the next: "from 40 in 2010 to 12"."""
    text = document.text
    year = item.end - item.start == _YEAR and text[item.start : item.end].isdigit()
    between = text[item.end : following]
    return year and between != " over " and any(map(str.isalpha, between))


def _at(spans: Spans, item: Item) -> Spans:
    """The spans that hold the first or the last code point of an item."""
    return [(a, b) for a, b in spans if a <= item.start < b or a < item.end <= b]
