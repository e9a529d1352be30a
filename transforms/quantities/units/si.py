"""Units in the SI: what a number in the surface unit is in coherent SI units."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from transforms.quantities.lexicon import load_rows
from transforms.quantities.units.table import load_prefixes


class Si(NamedTuple):
    """How to convert to the SI: value * factor + offset, in `unit` (UCUM)."""

    factor: float
    unit: str
    offset: float = 0.0


@cache
def _table() -> dict[str, Si]:
    return {
        row[0]: Si(float(row[1]), row[2], float(row[3]) if len(row) > 3 else 0.0)
        for row in load_rows("si.tsv")
    }


@cache
def find_si(name: str) -> Si | None:
    """The conversion of a unit by its English name, prefixes and rates included; null for others.

    Money has none: no exchange rate is guessed. Nor has a rate per something that is no unit.
    """
    table = _table()
    if name in table:
        return table[name]
    above, per, below = name.rpartition(" per ")
    if per:
        top, bottom = find_si(above), find_si(below)
        if top is None or bottom is None or top.offset or bottom.offset:
            return None
        return Si(top.factor / bottom.factor, f"{top.unit}/{bottom.unit}")
    for prefix in load_prefixes():
        base = table.get(name.removeprefix(prefix.word))
        if base is not None and name.startswith(prefix.word):
            return base._replace(factor=base.factor * prefix.factor)
    return None
