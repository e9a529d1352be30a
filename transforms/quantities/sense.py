"""Units whose name means two things: pounds of money and of weight."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list
from transforms.quantities.units.rate import per
from transforms.quantities.units.table import load_units

_MONEY = word_list("money_words")
_NEAR = 7
"""Tokens before a sum in which a word of money decides."""
_MANY = 1e6
"""The number of pounds from which they are money unless weight is said."""
_WEIGHT = word_list("weight_words")


def resolve_pounds(document: Document, items: Sequence[Item]) -> None:
    """Makes money of pounds where the text speaks of money, in the same sentence or with a sign."""
    symbols = {item.unit.symbol for item in items if item.unit is not None}
    sterling, dollars = "GBP" in symbols, "USD" in symbols
    for item in items:
        unit = item.unit
        if unit is None or unit.kind != "measure" or unit.name.split(" per ")[0] != "pound":
            continue
        hyphened = "-" in document.text[item.start : item.end]
        spoken = _near(document, item, _MONEY) and not (dollars or hyphened)
        if not (sterling or item.numeral.scaled >= _MANY or spoken):
            continue
        if not _near(document, item, _WEIGHT):
            money = load_units()[0]["pound sterling"]
            _, _, below = unit.name.partition(" per ")
            item.unit = per(money, below) if below else money


def _near(document: Document, item: Item, words: frozenset[str]) -> bool:
    """Whether one of some lemmas stands shortly before or right after an item."""
    first, last = max(0, item.first - _NEAR), min(len(document), item.last + 3)
    return any(lemma.lower() in words for lemma in document.lemmas[first:last])
