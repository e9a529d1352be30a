"""What stands before a quantity in brackets or in a list: "Dow +0.2%", "Lee (3 goals)"."""

from __future__ import annotations

from collections.abc import Container

from transforms.language.document import Document
from transforms.quantities.concept.noun import NOUNS, Phrase, phrase
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list

_LABEL = 4
"""Words in the label of a line."""
_NEAR = 10
"""Tokens between an opening bracket and a quantity in it."""
_TIMES = word_list("time_nouns")
_NAME = frozenset({"PROPN", "NUM", "NOUN"})


def find_bracket(document: Document, item: Item) -> int | None:
    """The token before the bracket that is open at a quantity, or null."""
    for token in range(item.first - 1, max(-1, item.first - _NEAR), -1):
        word = document.words[token]
        if word in (")", "]"):
            return None
        if word in ("(", "["):
            return token - 1 if token else None
    return None


def find_beside(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """Tokens of the noun phrase before the bracket that a quantity stands in, or null."""
    before = find_bracket(document, item)
    if before is None or before in taken or document.pos[before] not in NOUNS:
        return None
    if document.lemmas[before] in _TIMES:
        return None
    return phrase(document, before, 0, taken)


def find_listed(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """Tokens of the name just before a signed percentage, as lists of prices have it, or null."""
    if not item.sign or item.kind != "percent":
        return None
    last = item.first - 1
    while last >= 0 and document.words[last] in ("+", "-", "−", "–"):
        last -= 1
    first = last
    while first >= 0 and first not in taken and _is_of_name(document, first):
        first -= 1
    return (first + 1, last + 1) if first < last and document.words[last] != ":" else None


def find_labelled(document: Document, item: Item) -> Phrase | None:
    """Tokens of the label of a line of a table: "Total dead: 10", or null."""
    colon = item.first - 1
    if colon < 1 or document.words[colon] != ":":
        return None
    line = document.text.rfind("\n", 0, item.start) + 1
    first = colon
    while first > 0 and document.starts[first - 1] >= line and document.words[first - 1].isalpha():
        first -= 1
    opened = first == 0 or document.starts[first - 1] < line
    return (first, colon) if opened and 0 < colon - first <= _LABEL else None


def _is_of_name(document: Document, token: int) -> bool:
    return document.pos[token] in _NAME or document.words[token] == "&"
