"""What follows a sum of money: the currency said again, its rate, a scale."""

from __future__ import annotations

import re

from transforms.quantities.item import Item
from transforms.quantities.lexicon import number_words
from transforms.quantities.units.find import find_unit
from transforms.quantities.units.rate import find_rate, per

_COUNTRY_AFTER = re.compile(
    r"[ ]?(?:US|U\.S\.|USD|CAD|AUD|Cdn|Canadian|Australian)\b(?![ ](?:[A-Z]|government))"
)
_SCALE_AFTER = re.compile(r"[ ](million|billion|trillion|thousand|mn|bn)\b")


def read_tail(text: str, item: Item) -> None:
    """Extends a sum by the currency said again ("$10 dollars", "$76 US") and by its rate."""
    assert item.unit is not None
    match = _COUNTRY_AFTER.match(text, item.end)
    if match:
        item.end = match.end()
    else:
        again = find_unit(text, item.end)
        if again and again.unit.kind == "money" and not text[again.end : again.end + 1].isdigit():
            if again.unit == item.unit or "per" in again.unit.name:
                item.unit, item.end = again
                return
            if item.unit.name == "US dollar" and again.unit.name.endswith("dollar"):
                item.unit, item.end = again  # "$10 Canadian dollars"
                return
    rate = find_rate(text, item.end)
    if rate:
        item.unit, item.end = per(item.unit, rate[0]), rate[1]


def read_scale_after(text: str, item: Item) -> None:
    """Reads "75 USD million": a scale behind the currency."""
    match = _SCALE_AFTER.match(text, item.end)
    if match and item.value is not None and item.numeral.scaled == 1.0:
        scale = number_words()[match.group(1)][1]
        item.value *= scale
        item.numeral.scaled = scale
        item.end = match.end()
