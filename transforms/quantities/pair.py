"""Two neighbouring numbers that may be the ends of one range."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.language.document import Document
from transforms.quantities.item import Item

_SINCE = re.compile(
    r"\bfrom[ ](?:(?:the|about|around|just|an?|nearly|(?:more|fewer|less)[ ]than|over|some)[ ])?$"
)
_MILLION = 1e6
_APART = 40
"""Code points between two numbers of one range or list."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring numbers, the words between them, and those before the first."""

    document: Document
    low: Item
    high: Item
    between: str
    before: str

    @property
    def same_unit(self) -> bool:
        """Whether no two different units are said."""
        a, b = self.low.unit, self.high.unit
        return a == b or a is None or b is None

    @property
    def since(self) -> bool:
        """Whether "from" stands before the first."""
        return bool(_SINCE.search(self.before))


def find_pair(document: Document, low: Item, high: Item) -> Pair | None:
    """The pair of two numbers where they may be the ends of a range."""
    if low.end > high.start or high.start - low.end > _APART or low.joined:
        return None
    if low.value is None or high.value is None:
        return None
    if (low.numeral.form == "ordinal") != (high.numeral.form == "ordinal"):
        return None
    _align(low, high)
    _scale(document.text, low, high)
    before = document.text[max(0, low.start - 26) : low.start].lower()
    return Pair(document, low, high, document.text[low.end : high.start], before)


def _scale(text: str, low: Item, high: Item) -> None:
    """Makes millions of the metres of a sum's other end: "£20-30m"."""
    metres = high.unit is not None and high.unit.name == "metre" and text[high.end - 1] == "m"
    dashed = text[low.end : high.start] in ("-", "–", "‑")
    if low.prefixed and metres and dashed and high.value is not None:
        high.unit, high.numeral.scaled = None, _MILLION
        high.value *= _MILLION


def _align(low: Item, high: Item) -> None:
    """Gives the left of two sums the rate that only the right has: "€15 to €20 a day"."""
    if low.unit and high.unit and high.unit.name.startswith(f"{low.unit.name} per "):
        low.unit = high.unit
