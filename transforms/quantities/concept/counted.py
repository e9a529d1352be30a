"""The noun that a bare number counts."""

from __future__ import annotations

from collections.abc import Container

from transforms.language.document import Document
from transforms.quantities.concept.noun import (
    AFTER_NUMBER,
    NOUNS,
    PRENOMINAL,
    Phrase,
    object_of,
    phrase,
)
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list

_FATES = word_list("fates")
_PLAIN = frozenset({"digits", "words", "vague"})
_BETWEEN = frozenset({"JJ", "JJR", "JJS", "NN", "VBN", "HYPH", "NNP", "VBG"})
"""Tags of what may stand between a number and the plural it counts."""


def find_counted(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """Tokens of the noun phrase that a number without unit counts, or null."""
    floor = item.last + 1
    if floor < len(document) and document.lowers[floor] == "of":
        found = object_of(document, floor)
        if found is not None and found not in taken:
            return phrase(document, found, floor + 1, taken)
    return (
        _governing(document, item, taken)
        or _following(document, item, taken)
        or _fate(document, item, taken)
    )


def _fate(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """The fate of people that a number counts without naming them: "200 dead", "12 missing"."""
    after = item.last + 1
    if after >= len(document) or after in taken or item.numeral.form not in _PLAIN:
        return None
    if document.lowers[after] not in _FATES or document.tags[after] in ("VBD", "VBZ", "NN", "NNS"):
        return None
    return after, after + 1


def _governing(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """The noun that the number depends on: "12 striking miners"."""
    last = item.last
    for token in range(last, item.first - 1, -1):
        head = document.heads[token]
        if (
            last < head <= last + 3
            and document.pos[head] == "ADJ"
            and document.deps[head] == "amod"
        ):
            head = document.heads[head]  # "a 50-strong mob"
        if not last < head <= last + 8 or document.pos[head] not in NOUNS or head in taken:
            continue
        if document.deps[token] in PRENOMINAL:
            return phrase(document, head, last + 1, taken)
    return None


def _following(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """The plural that stands just after the number, where the parse has missed it."""
    floor = at = item.last + 1
    while at < len(document) and document.lowers[at] in AFTER_NUMBER:
        floor = at = at + 1
    tags, stop = document.tags, min(len(document), item.last + 6)
    while at < stop and at - floor < 4 and (tags[at] in _BETWEEN or document.lowers[at] == "-"):
        if tags[at] == "NN" and not (at + 1 < stop and tags[at + 1] in ("NN", "NNS")):
            break
        at += 1
    if at >= len(document) or tags[at] not in ("NNS", "NNPS") or at in taken:
        return None
    if document.sentence_of(document.starts[at]) != document.sentence_of(item.start):
        return None
    return (floor + (document.lowers[floor] == "-"), at + 1)
