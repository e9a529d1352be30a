"""Numbers in words that are written as names: "the Big Four", "Three Mile Island"."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item

_TITLE_CASE = 0.7
"""Share of capitalised words from which a line is a headline in title case."""


def is_capitalised_name(document: Document, item: Item) -> bool:
    """Whether a number in words is part of a name: "the Big Four", "Three Mile Island"."""
    text, words = document.text, document.words
    if item.numeral.form != "words" or not text[item.start].isupper():
        return False
    if not all(w[:1].isupper() for w in words[item.first : item.last + 1] if w[:1].isalpha()):
        return False
    first, last = sentence_of(document, item)
    capital = sum(w[:1].isupper() for w in words[first:last])
    if capital > _TITLE_CASE * (last - first) and last - first > 3:
        return False
    before = item.first - 1
    after = item.last + 1
    if before > first and words[before] == "of" and words[before - 1] == "Group":
        return True
    if item.unit is not None and item.first > first and item.last > item.first:
        return True  # "of Ten Mile, Tennessee"
    if after < last and document.tags[after] == "NNP" and (item.first > first or item.unit):
        return document.pos[after] == "PROPN" and not counts_plural(document, item.last)
    possessive = (
        before > first and document.tags[before] == "POS" and words[before - 1][0].isupper()
    )
    capital_before = before > first and words[before][:1].isupper() and words[before][1:].islower()
    return item.first > first and (possessive or capital_before)


def sentence_of(document: Document, item: Item) -> tuple[int, int]:
    """Tokens of the sentence that an item begins in."""
    if not document.sentences:
        return 0, len(document)
    return document.sentences[document.sentence_of(document.starts[item.first])]


def counts_plural(document: Document, last: int) -> bool:
    """Whether a numeral counts a plural that stands close after it."""
    head = document.heads[last]
    plural = head > last and document.tags[head] in ("NNS", "NNPS")
    return plural and document.deps[last] == "nummod" and head - last <= 2
