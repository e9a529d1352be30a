"""An item as the row it makes."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from warehouse.tables import Quantity


def to_row(document: Document, item: Item) -> Quantity:
    """The row of a described item; equal ends are one value."""
    value, low, high = item.value, None, None
    if item.low is not None and item.high is not None:
        low, high = sorted((item.low, item.high))
        if low == high:
            value, low, high = low, None, None
    unit, concept = item.unit, item.concept
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
        unit=unit.name if unit else None,
        unit_symbol=unit.symbol if unit else None,
        concept=document.text[start:end] if concept else None,
        concept_start=start,
        concept_end=end,
    )
