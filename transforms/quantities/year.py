"""Years: numbers of four digits that name one and count nothing."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import bounds, word_list

_BEFORE = word_list("year_before")
_NOT_BOUNDS = word_list("year_bounds")
"""Bounds that may stand before a year: "around 1990", "over 1989"."""
_PEOPLE = word_list("zero_nouns")
"""What news counts: four digits before it may be a number written without a comma."""
_EARLY = 1500
_IN = frozenset({"in", "since", "circa", "year"})
"""Words before four digits that make a year of them even in the Middle Ages."""
_ERAS = word_list("eras")


def is_year(document: Document, item: Item) -> bool:
    """Whether a number without unit is a year by its form and the words around it."""
    surface = document.text[item.start : item.end]
    if not (len(surface) == 4 and surface.isdigit() and 1000 <= int(surface) <= 2199):
        return False
    lowers = document.lowers
    before = lowers[item.first - 1] if item.first else ""
    after = lowers[item.last + 1] if item.last + 1 < len(lowers) else ""
    if before in bounds()[0] and before not in _NOT_BOUNDS:
        return False
    head = document.heads[item.last]
    plural = (
        document.deps[item.last] == "nummod" and head > item.last and document.tags[head] == "NNS"
    )
    if int(surface) < _EARLY:
        return (before in _IN and head <= item.last and not plural) or after in _ERAS
    if 1900 <= int(surface) <= 2099:
        counted = plural and head == item.last + 1 and before not in _BEFORE and item.first > 0
        many = int(surface) % 50 == 0 or document.lowers[head] in _PEOPLE
        return not (counted and many and document.tags[item.first - 1][:2] in ("VB", "JJ", "DT"))
    return (not plural and before in _BEFORE) or after in _ERAS
