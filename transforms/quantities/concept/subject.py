"""The subject of a clause as a noun phrase, sought through control, relatives and pronouns."""

from __future__ import annotations

from collections.abc import Container

from transforms.language.document import Document
from transforms.quantities.concept.noun import (
    PRONOUNS,
    Phrase,
    is_noun,
    object_after,
    phrase,
)
from transforms.quantities.units.table import load_units

_SUBJECT = ("nsubj", "nsubjpass", "csubj")
_CLOSED = frozenset({"ccomp", "parataxis"})
"""Clauses whose subject is not that of the one above: "there were 12, she said"."""
_PLURAL = frozenset({"they", "them", "these", "those"})
_SINGULAR = frozenset({"it", "he", "she", "him", "her"})


def find_subject(document: Document, verb: int, taken: Container[int]) -> Phrase | None:
    """Tokens of the subject of the clause of `verb`, or null.

    A relative pronoun gives the noun its clause modifies; a personal one an earlier subject of the
    sentence that agrees in number, else nothing.
    """
    for _ in range(6):
        for child in document.children(verb):
            if document.deps[child] in _SUBJECT:
                found = _resolve(document, verb, child, taken)
                if found is not None or child not in taken:
                    return found
        head = document.heads[verb]
        if head == verb or document.deps[verb] in _CLOSED:
            return None
        if document.deps[verb] in ("relcl", "acl") and is_noun(document, head, taken):
            return phrase(document, head, 0, taken)
        verb = head
    return None


def _resolve(document: Document, verb: int, subject: int, taken: Container[int]) -> Phrase | None:
    if subject in taken:
        return phrase(document, subject, 0, taken)
    if document.lowers[subject] in PRONOUNS:
        if document.deps[verb] == "relcl" and document.tags[subject] in ("WDT", "WP"):
            return phrase(document, document.heads[verb], 0, taken)
        return find_antecedent(document, subject, taken)
    if not is_noun(document, subject, taken):
        member = object_after(document, subject, ("of",), taken)
        return phrase(document, member, subject + 1, taken) if member is not None else None
    if document.lemmas[subject] in load_units()[0]:  # "a litre of milk costs 95p"
        measured = object_after(document, subject, ("of",), taken)
        if measured is not None:
            return phrase(document, measured, subject + 1, taken)
    return phrase(document, subject, 0, taken)


def find_antecedent(document: Document, pronoun: int, taken: Container[int]) -> Phrase | None:
    """The nearest earlier subject of the same sentence that a personal pronoun may stand for."""
    word = document.lowers[pronoun]
    if word not in _PLURAL and word not in _SINGULAR:
        return None
    number = document.sentence_of(document.starts[pronoun])
    first = document.sentences[number][0] if document.sentences else 0
    for token in range(pronoun - 1, first - 1, -1):
        if document.deps[token] in _SUBJECT and is_noun(document, token, taken):
            plural = document.tags[token] in ("NNS", "NNPS") or any(
                document.deps[c] == "conj" for c in document.children(token)
            )
            if plural == (word in _PLURAL):
                return phrase(document, token, first, taken)
    return None
