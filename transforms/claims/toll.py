"""Counts told by what they are the number of: "the death toll rose from 40 to 52"."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.claims.lexicon import load_nouns
from transforms.claims.reading import SUBJECTS, Counted, Trigger, pick
from transforms.language.document import Document

_BESIDE = (*SUBJECTS, "dobj")
_STEPS = 4


def find_toll(document: Document, token: int, counted: Counted) -> Iterator[Trigger]:
    """What the tally that rises to, stands at or is put at the counted number is a tally of.

    `token` is the word that the number's preposition hangs on: the tally itself, its verb, or a
    word between them.
    """
    for _ in range(_STEPS):
        for noun in (token, *_parties(document, token)):
            found = list(_told(document, noun, counted))
            if found:
                yield found[0]
                return
        head = document.heads[token]
        if document.pos[token] in ("VERB", "AUX") or head == token:
            return
        token = head


def _parties(document: Document, verb: int) -> list[int]:
    """Subject and object of a verb."""
    return [c for c in document.children(verb) if document.deps[c] in _BESIDE]


def _told(document: Document, noun: int, counted: Counted) -> Iterator[Trigger]:
    """What a tally says happened: by itself (toll), before it (death count) or after "of"."""
    yield from pick(document, noun, ("toll",), counted, "toll")
    if document.lemmas[noun].lower() not in load_nouns("tallies"):
        return
    for child in document.children(noun):
        if document.deps[child] == "compound":
            yield from pick(document, child, ("self",), counted, "toll")
        if document.lowers[child] == "of":
            for below in document.children(child):
                yield from pick(document, below, ("of", "self", "is"), counted, "toll")
                for inner in document.children(below):
                    yield from pick(document, inner, ("is", "object"), counted, "toll")
