"""Ages given by their decade: "in his 30s", "in her early thirties"."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import load_rows
from transforms.quantities.numerals.numeral import Numeral
from transforms.quantities.units.table import Unit

_DECADES = {w: float(value) for value, words in load_rows("decades.tsv") for w in words.split()}
_OWNED = re.compile(
    r"\b(?:in|into|entering|approaching)[ ](?:his|her|their|its|my|your|our)[ ]"
    r"(?:(?:early|mid|late|middle)[ -](?:to[ ]late[ ])?)?$",
    re.IGNORECASE,
)
_YEAR = Unit("year", "a", "age")
_SPAN = 9.0
"""Years from the first to the last age of a decade."""


def find_decades(document: Document) -> list[Item]:
    """The decades of age in a text, each with its youngest and oldest age."""
    found = []
    for index in document.find_words(_DECADES.keys()):
        low = _DECADES[document.lowers[index]]
        start, end = document.starts[index], document.ends[index]
        if _OWNED.search(document.text[max(0, start - 32) : start]):
            item = Item(Numeral(start, end, None, "words"), start, end, index, index)
            item.low, item.high, item.unit = low, low + _SPAN, _YEAR
            item.kind, item.rule, item.joined = "age", "age.decade", True
            found.append(item)
    return found
