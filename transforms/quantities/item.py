"""A quantity in the making: what the steps between numerals and rows fill in."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.quantities.numbers import Numeral
from transforms.quantities.units import Unit


@dataclass(slots=True)
class Item:
    """A numeral with its sign, unit and what was read around it.

    Attributes:
        numeral: the numeral itself.
        start, end: span, unit and currency sign included.
        first, last: first and last token of the span.
        unit: its unit or currency; null for counts and bare numbers.
        kind: kind of quantity, once known.
        concept: token range of the counted or measured noun phrase.
    """

    numeral: Numeral
    start: int
    end: int
    first: int = 0
    last: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Unit | None = None
    prefixed: bool = False
    kind: str = ""
    modifier: str = "exact"
    change: str = "none"
    concept: tuple[int, int] | None = None
    rule: str = ""
    joined: bool = False
