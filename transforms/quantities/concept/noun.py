"""Noun phrases: their tokens, and the nouns that name nothing by themselves."""

from __future__ import annotations

from collections.abc import Container

from transforms.language.document import Document
from transforms.quantities.lexicon import word_list

NOUNS = frozenset({"NOUN", "PROPN"})
PRENOMINAL = frozenset(
    {
        "predet",
        "nummod",
        "compound",
        "amod",
        "nmod",
        "quantmod",
        "npadvmod",
        "det",
        "advmod",
        "poss",
    }
)
"""Relations by which a number or measure stands before the noun it belongs to."""
PRONOUNS = word_list("pronouns")
EMPTY = word_list("empty_nouns")
"""Nouns of amount that say nothing of what is measured: a total, an average, a high of."""
_INSIDE = frozenset(
    {
        "compound", "amod", "nmod", "poss", "advmod", "npadvmod", "nummod", "punct", "case", "det",
        "quantmod",
    }
)  # fmt: skip
AFTER_NUMBER = frozenset({"-", "odd", "plus", "or", "so"})
"""Words between a number and its noun that belong to the number: "30-odd countries"."""
_NOT_FIRST = frozenset({"DET", "PUNCT", "ADP", "PART", "CCONJ", "SYM"})

Phrase = tuple[int, int]
"""Tokens [first, last) of a noun phrase."""


def is_noun(document: Document, token: int, taken: Container[int]) -> bool:
    """Whether a token is a noun, and neither a unit nor a part of a quantity."""
    if token in taken:
        return False
    if document.pos[token] in NOUNS:
        return document.words[token][0].isalnum()
    word = document.words[token]  # "TA-125", "cac40": names that the tagger takes for numbers
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def phrase(document: Document, head: int, floor: int, taken: Container[int]) -> Phrase | None:
    """Tokens of the noun phrase of `head`, no further left than `floor`, without its article.

    Where the head itself belongs to a quantity ("the 16 inch model" read as a measure), it is the
    nearest noun before it that does not; null for pronouns.
    """
    if head in taken:
        below = [c for c in document.children(head) if floor <= c < head]
        head = next((c for c in reversed(below) if is_noun(document, c, taken)), head)
        if head in taken:
            return None
    if document.lowers[head] in PRONOUNS:
        return None
    first = head
    for child in document.children(head):
        if child >= head:
            break
        if child >= floor and document.deps[child] in _INSIDE:
            first = min(first, max(min(document.subtree(child)), floor))
    while first < head and (
        first in taken
        or document.lowers[first] in AFTER_NUMBER
        or document.pos[first] in _NOT_FIRST
        or document.tags[first] in ("PRP$", "POS", ":", "HYPH")
    ):
        first += 1
    return first, head + 1


def object_of(document: Document, preposition: int) -> int | None:
    """The token that a preposition governs, or null."""
    for child in document.children(preposition):
        if document.deps[child] in ("pobj", "pcomp") and child > preposition:
            return child
    return None


def object_after(
    document: Document, token: int, prepositions: Container[str], taken: Container[int]
) -> int | None:
    """The noun governed by the first of some prepositions that follows or depends on a token."""
    after = token + 1
    children = [c for c in document.children(token) if c > token]
    for child in ([after] if after < len(document) else []) + children:
        if document.lowers[child] in prepositions:
            found = object_of(document, child)
            if found is not None and is_noun(document, found, taken):
                return found
    return None
