"""What a noun ascribes to its owner: "his claim that", "the decision to", "criticism of"."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.language.document import Document
from transforms.quotes.attribute import find_subject
from transforms.quotes.content import Content, parts_of
from transforms.quotes.cue import Cue

_OWNERS = ("of", "by", "from", "among")
_OBJECTS = ("dobj", "attr", "pobj")
_CASES = frozenset(("make", "have", "take", "raise", "express", "voice", "push", "lay"))
"""Verbs on which the parser hangs the clause of their object: "made the case that"."""


def find_named(document: Document, token: int, cue: Cue) -> Iterator[Content]:
    """The clause, infinitive or prepositional phrase of the noun `token`, said by its owner."""
    content = _clause(document, token, cue)
    if content is None:
        content = _phrase(document, token, cue)
    if content is None:
        return
    parts = parts_of(document, content, token)
    if parts:
        yield Content(parts, token, _owner(document, token, content), "noun")


def _clause(document: Document, token: int, cue: Cue) -> int | None:
    """The head of a clause or infinitive that says what the noun is."""
    for child in document.children(token):
        if document.deps[child] == "acl" and child > token and _marked(document, child, cue):
            return child
    verb, dep = document.heads[token], document.deps[token]
    opens = dep == "nsubj" and document.lemmas[verb] == "be"
    if opens or (dep == "dobj" and document.lemmas[verb] in _CASES):
        # "the fear is that it rains", "made the case that it rains"
        for child in document.children(verb):
            if child > token and document.deps[child] in ("ccomp", "xcomp"):
                return child if _marked(document, child, cue) else None
    return None


def _marked(document: Document, clause: int, cue: Cue) -> bool:
    """Whether a clause begins as the noun's content does: with "that" or "to"."""
    begin = document.children(clause)
    marks = {document.lowers[i] for i in begin if document.deps[i] in ("mark", "aux")}
    return ("c" in cue.frames and "that" in marks) or ("i" in cue.frames and "to" in marks)


def _phrase(document: Document, token: int, cue: Cue) -> int | None:
    """The preposition that leads to what the noun is about: "criticism of the plan"."""
    for child in document.children(token):
        word = document.lowers[child]
        if document.deps[child] == "prep" and child > token and word in cue.prepositions:
            return child
    return None


def _owner(document: Document, token: int, content: int) -> int | None:
    """The head token of whoever says it."""
    owner = None
    for child in document.children(token):
        if document.deps[child] == "poss":
            owner = child
        elif (
            document.deps[child] == "prep"
            and child != content
            and document.lowers[child] in _OWNERS
        ):
            owner = next(iter(document.children(child)), owner)
    if owner is None and document.deps[token] in _OBJECTS:
        governor = document.heads[token]
        if document.deps[token] == "pobj":
            governor = document.heads[governor]
        if document.pos[governor] in ("VERB", "AUX"):
            owner = find_subject(document, governor)
    return owner
