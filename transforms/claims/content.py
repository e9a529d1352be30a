"""What an event is about: what was agreed, demanded, threatened, or of what somebody is accused."""

from __future__ import annotations

from transforms.language.document import Document

_CLAUSES = {
    "agreed": ("xcomp", "ccomp", "advcl"),
    "demanded": ("ccomp", "xcomp", "advcl"),
    "threatened": ("xcomp", "ccomp"),
}
"""Dependencies of the clause that says it, the likeliest first."""
_AFTER = {
    "accused": ("of",),
    "charged": ("with", "over"),
    "sentenced": ("to",),
    "agreed": ("to", "on"),
    "demanded": ("for",),
    "threatened": ("with",),
}
"""Prepositions that lead to it."""
_ITSELF = frozenset(("demand", "request", "threaten"))
"""Verbs whose object is what is asked, rather than who is."""


def find_content(document: Document, verb: int, happening: str) -> tuple[int, int] | None:
    """Tokens [first, last) of what `verb` says the event is about; null where it does not.

    Prepositions and "that" before it are left out, the "to" of an infinitive is not.
    """
    below = document.children(verb)
    for dep in _CLAUSES.get(happening, ()):
        for child in below:
            if document.deps[child] == dep and child > verb and _is_clause(document, child, dep):
                return _span(document, child)
    for child in below:
        leads = document.deps[child] in ("prep", "dative")
        if leads and document.lowers[child] in _AFTER.get(happening, ()):
            inner = [c for c in document.children(child) if document.deps[c] in ("pobj", "pcomp")]
            if inner:
                return _span(document, inner[0])
    if happening in _CLAUSES and document.lemmas[verb].lower() in _ITSELF:
        for child in below:
            if document.deps[child] in ("dobj", "nsubjpass"):
                return _span(document, child)
    return None


def _is_clause(document: Document, child: int, dep: str) -> bool:
    """Whether a clause says what is meant, rather than when or why."""
    return dep != "advcl" or document.tags[child] == "VB"


def _span(document: Document, token: int) -> tuple[int, int]:
    """The words below `token`, without a "that" or marks at their edges."""
    tokens = [t for t in document.subtree(token) if document.words[t].strip()]
    first, last = tokens[0], tokens[-1] + 1
    while first < token and (document.lowers[first] == "that" or document.pos[first] == "PUNCT"):
        first += 1
    while last - 1 > token and document.pos[last - 1] == "PUNCT":
        last -= 1
    return first, last
