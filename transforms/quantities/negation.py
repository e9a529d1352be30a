"""Negation: a number that the text says is not so ("not 12 people", "failed to pay $12")."""

from __future__ import annotations

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list

_NOT = frozenset({"not", "n't", "never"})
_BOUNDS = word_list("not_bounds")
"""Words after "not" that make a bound of it: "not more than 12"."""
_DENIES = word_list("not_verbs")
"""Verbs whose own complement did not come to pass: "failed to pay", "denied paying"."""
_CLIMB = 4


def is_negated(document: Document, item: Item) -> bool:
    """Whether a "not" or "never" denies the clause that the quantity is an argument of."""
    before = item.first - 1
    if before >= 0 and document.lowers[before] in _NOT:
        return document.lowers[item.first] not in _BOUNDS
    token = item.last
    for _ in range(_CLIMB):
        head = document.heads[token]
        if head == token:
            return False
        if document.pos[head] in ("VERB", "AUX"):
            if document.deps[token] in ("nsubj", "advcl", "npadvmod", "conj", "ccomp"):
                return False
            return _has_not(document, head) or _is_undone(document, head)
        token = head
    return False


def _is_undone(document: Document, verb: int) -> bool:
    """Whether a verb hangs from "without" or from one that denies it, itself not denied."""
    above, dep = document.heads[verb], document.deps[verb]
    if dep == "pcomp":
        return document.lowers[above] == "without"
    if dep != "xcomp" or document.lemmas[above] not in _DENIES:
        return False
    return not _has_not(document, above)


def _has_not(document: Document, verb: int) -> bool:
    for child in document.children(verb):
        if document.deps[child] == "neg" and document.lowers[child] in _NOT:
            after = document.lowers[child + 1] if child + 1 < len(document) else ""
            return after not in _BOUNDS
    return False
