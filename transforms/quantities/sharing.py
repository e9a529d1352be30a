"""What numbers of a range or list share: unit, scale, kind."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.units.si import find_si

_SIDES = re.compile(r"[ ]?[x×][ ]?|[ ]by[ ]|-by-")
"""What stands between the sides of a thing: "20 x 30 cm", "12 by 15 feet"."""
_UNLIKE = 20.0
"""How many times one side another may be, at the most."""
_LIST = re.compile(r"-?[ ](?:or|and)[ ]|-?,[ ](?:and[ ]|or[ ])?")


def share_list(document: Document, low: Item, high: Item) -> None:
    """Gives a number of a list the unit that only the one after it has: "5, 6 and 7 kg"."""
    if low.unit is not None or high.unit is None or low.kind or low.numeral.form == "ordinal":
        return
    between = document.text[low.end : high.start]
    if _SIDES.fullmatch(between) and _are_sides(low, high):
        share(low, high)
        return
    if not _LIST.fullmatch(between) or low.numeral.form != high.numeral.form:
        return
    if high.prefixed and " or " not in between:
        return
    listed = document.text[max(0, low.start - 2) : low.start] == ", "
    if between.startswith(", or ") and not listed:
        return  # "fell 5.39, or 1.2%": the same amount said again
    if low.end == document.ends[low.last] or between.startswith("-"):
        share(low, high)


def _are_sides(low: Item, high: Item) -> bool:
    """Whether two numbers are lengths of one thing and not a number of times: "4 x 100 m"."""
    si = find_si(high.unit.name) if high.unit else None
    if si is None or si.unit != "m" or low.value is None or high.value is None:
        return False
    return high.value < _UNLIKE * low.value


def share(low: Item, high: Item) -> None:
    """Gives each of two numbers the unit, and the left the scale, that only the other has."""
    scaled = low.numeral.scaled == 1.0 and high.numeral.scaled > 1.0
    base = (high.value or 0.0) / high.numeral.scaled
    if low.unit is None and high.unit is not None:
        low.unit, low.kind = high.unit, low.kind or high.kind
        if scaled and not low.numeral.grouped and (low.value or 1000) < 1000 and base < 1000:
            low.value = (low.value or 0.0) * high.numeral.scaled
            return
    elif high.unit is None and low.unit is not None:
        high.unit = low.unit
    plain = low.numeral.form in ("digits", "words")
    if scaled and plain and low.value is not None and low.value < base < 1000:
        low.value *= high.numeral.scaled
