"""Words for zero: "no casualties", "none of the passengers", "no one was hurt"."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list
from transforms.quantities.numerals.numeral import Numeral

_ZEROS = frozenset({"no", "none", "nobody"})
_NOUNS = word_list("zero_nouns")
"""Plurals that news counts, so that "no" before them is a zero and not a figure of speech."""
_FATES = word_list("fates")
"""What no one suffered, as participles: "no one was hurt"."""
_ADJECTIVES = 3
"""Words between "no" and its noun."""


def find_zeros(document: Document) -> list[Item]:
    """The words of a text that say that something counted is none, in order of position."""
    found = []
    for index in document.find_words(_ZEROS):
        if document.lowers[index] == "no":
            last = _no(document, index)
        else:
            last = index if _none(document, index) else None
        if last is not None:
            start, end = document.starts[index], document.ends[last]
            numeral = Numeral(start, end, 0.0, "zero")
            found.append(Item(numeral, start, end, index, last, 0.0, rule="zero"))
    return found


def _no(document: Document, index: int) -> int | None:
    """The last token of the word for zero that begins with "no", or null where it is none."""
    lowers = document.lowers
    if index + 1 < len(document) and lowers[index + 1] == "one":
        return index + 1 if _suffers(document, index + 2) else None
    for at in range(index + 1, min(index + 2 + _ADJECTIVES, len(document))):
        if lowers[at] in _NOUNS and document.tags[at] in ("NNS", "NNPS"):
            return index
        if document.pos[at] not in ("ADJ", "NOUN", "VERB", "PROPN", "PUNCT", "CCONJ"):
            return None
    return None


def _none(document: Document, index: int) -> bool:
    after = document.lowers[index + 1] if index + 1 < len(document) else ""
    if after == "of":
        last = document.lowers[index + 2] if index + 2 < len(document) else ""
        return last in ("the", "them", "those", "these", "its", "their", "his", "her", "our")
    return _suffers(document, index + 1)


def _suffers(document: Document, at: int) -> bool:
    """Whether a form of "be" or "have" and a fate follow: "was seriously hurt"."""
    if at >= len(document) or document.lemmas[at] not in ("be", "have", "get", "die"):
        return False
    return document.lemmas[at] == "die" or any(
        word in _FATES for word in document.lowers[at + 1 : at + 4]
    )
