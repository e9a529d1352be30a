"""Numbers that are days and hours: "April 24 and 25", "at 5 this evening", "0401 GMT"."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list

_MONTHS = word_list("months")
_ZONES = word_list("zones")
_CLOCK = re.compile(
    r"[ ](?:o['’]clock|in[ ]the[ ](?:morning|afternoon|evening)|at[ ]night"
    r"|this[ ](?:morning|afternoon|evening)|tonight|sharp)\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:at|by|before|after|until|till)[ ]$", re.IGNORECASE)
_DAY = re.compile(r"[ ](?:tomorrow|today|(?:on[ ])?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b")
_PAST = re.compile(r"\b(?:half|quarter)[ ](?:past|to|after)[ ]$", re.IGNORECASE)
_HOURS = 24
_DAYS = re.compile(r"[ ]\d{1,2}(?:,[ ]\d{1,2})*,?[ ](?:and|or|to)[ ]$")


def is_date(document: Document, item: Item) -> bool:
    """Whether a month stands beside the number."""
    first, last = item.first, item.last
    before = document.words[first - 1] if first else ""
    after = document.words[last + 1] if last + 1 < len(document) else ""
    value = item.value or 0.0
    if before.lower() in _MONTHS and before[:1].isupper() and value <= 2100:
        return True
    days = _DAYS.search(document.text, max(0, item.start - 16), item.start)
    if days and value <= 31:
        month = document.words[document.token_at(days.start())]
        if month.lower() in _MONTHS and month[:1].isupper():
            return True
    return after.lower() in _MONTHS and after[:1].isupper() and 0 < value <= 31


def is_clock(document: Document, item: Item) -> bool:
    """Whether an hour of the day follows "at": "at five o'clock", "half past 4"."""
    if (item.value or 0) > _HOURS:
        return False
    text, before = document.text, document.text[max(0, item.start - 16) : item.start]
    if _CLOCK.match(text, item.end) or _PAST.search(before):
        return True
    return bool(_AT.search(before) and _DAY.match(text, item.end))


def is_military(document: Document, item: Item) -> bool:
    """Whether a numeral is a clock time of four digits: "0401 GMT"."""
    surface = document.text[item.start : item.end]
    if len(surface) != 4 or not surface.isdigit():
        return False
    after = document.words[item.last + 1] if item.last + 1 < len(document) else ""
    return surface[0] == "0" or after in _ZONES
