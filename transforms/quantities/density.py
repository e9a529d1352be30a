"""Densities and rates of what is counted: "4,500 people per square kilometre"."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.units.rate import find_rate, per
from transforms.quantities.units.table import Unit

_COUNT = Unit("", "", "count")


def read_density(document: Document, item: Item) -> None:
    """Gives a count the unit it is told per, where that follows the noun it counts."""
    if item.concept is None or item.concept[0] <= item.last:
        return
    rate = find_rate(document.text, document.ends[item.concept[1] - 1])
    if rate is not None and rate[2] not in ("each", "every"):
        unit = per(_COUNT, rate[0])
        item.unit = unit._replace(name=unit.name.strip(), symbol=unit.symbol or None)
