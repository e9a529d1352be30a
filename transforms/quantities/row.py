"""An item as the row it makes."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.units.si import Si, find_si
from warehouse.tables import Quantity


def to_row(document: Document, item: Item) -> Quantity:
    """The row of a described item; equal ends are one value."""
    value, low, high = item.value, None, None
    if item.low is not None and item.high is not None:
        low, high = sorted((item.low, item.high))
        if low == high:
            value, low, high = low, None, None
    unit, concept = item.unit, item.concept
    si = find_si(unit.name) if unit else None
    start = document.starts[concept[0]] if concept else None
    end = document.ends[concept[1] - 1] if concept else None
    return Quantity(
        start=item.start,
        end=item.end,
        rule=item.rule if "." in item.rule else f"{item.kind}.{item.rule}",
        kind=item.kind,
        value=value,
        value_low=low,
        value_high=high,
        modifier=item.modifier,
        change=item.change,
        value_from=item.was,
        value_to=item.now,
        negated=item.negated,
        unit=unit.name if unit else None,
        unit_symbol=unit.symbol if unit else None,
        currency=unit.symbol if unit and unit.kind == "money" else None,
        value_si=_convert(value, si),
        value_low_si=_convert(low, si),
        value_high_si=_convert(high, si),
        unit_si=si.unit if si else None,
        concept=document.text[start:end] if concept else None,
        concept_start=start,
        concept_end=end,
        part_of_start=item.whole.start if item.whole else None,
        part_of_end=item.whole.end if item.whole else None,
    )


def _convert(value: float | None, si: Si | None) -> float | None:
    """A number in the SI, rounded to what a double holds, so that 5 km are 5000 m."""
    if value is None or si is None:
        return None
    return float(f"{value * si.factor + si.offset:.15g}")
