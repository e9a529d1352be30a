"""A quantity in the making: what the steps between numerals and rows fill in."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from transforms.language.document import Document
from transforms.quantities.numerals.numeral import Numeral
from transforms.quantities.units.table import Unit


@dataclass(slots=True)
class Item:
    """A numeral with its sign, unit and what was read around it.

    Attributes:
        numeral: the numeral itself.
        start, end: span, unit and currency sign included.
        first, last: first and last token of the span.
        value: the number; null where only the ends are known.
        low, high: the ends of a range or of a vague number.
        was, now: the number before and after a change ("down from 12 to 9").
        sign: its sign as written.
        unit: its unit or currency; null for counts and bare numbers.
        prefixed: whether the currency stands before it.
        kind: kind of quantity, once known.
        concept: token range of the counted or measured noun phrase.
        whole: the item that this one counts a part of ("of whom three").
        opens: where the quantity with its bound begins ("at least 12").
        joined: whether it was made of two numerals.
    """

    numeral: Numeral
    start: int
    end: int
    first: int = 0
    last: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    was: float | None = None
    now: float | None = None
    sign: str = ""
    unit: Unit | None = None
    prefixed: bool = False
    kind: str = ""
    modifier: str = "exact"
    change: str = "none"
    negated: bool = False
    concept: tuple[int, int] | None = None
    whole: Item | None = None
    rule: str = ""
    joined: bool = False
    opens: int = 0

    @property
    def bare(self) -> bool:
        """Whether it is a plain number without unit or kind."""
        return self.unit is None and self.kind == "" and self.numeral.form in ("digits", "words")

    def concept_end(self, document: Document) -> int:
        """One past the quantity and the noun after it that it counts."""
        if self.concept is None or self.concept[1] <= self.last:
            return self.end
        return document.ends[self.concept[1] - 1]


def locate(document: Document, item: Item) -> None:
    """Sets the tokens of an item from its span."""
    item.first = max(0, bisect_right(document.starts, item.start) - 1)
    item.last = max(item.first, bisect_right(document.starts, item.end - 1) - 1)
