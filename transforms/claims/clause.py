"""Clauses of the parse: what belongs to a verb itself, and what to the clause it continues."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.claims.reading import SUBJECTS
from transforms.language.document import Document

_OTHER = frozenset(("ccomp", "advcl", "relcl", "acl", "parataxis", "csubj", "conj"))
_VERBAL = frozenset(("VERB", "AUX"))
_OBJECTS = frozenset(("dobj", "xcomp", "ccomp", "dative", "oprd"))
_COMPARES = frozenset(("up", "down", "compared"))
_STEPS = 5


def own_tokens(document: Document, head: int) -> list[int]:
    """`head` and what depends on it, without the clauses below, in order of position."""
    found, queue = [head], [head]
    while queue:
        token = queue.pop()
        for child in document.children(token):
            clause = document.deps[child] in _OTHER and document.pos[child] in _VERBAL
            if clause and not is_gerund(document, child):
                continue
            if document.lowers[child] in _COMPARES and _has_measure(document, child):
                continue
            found.append(child)
            queue.append(child)
    return sorted(found)


def _has_measure(document: Document, token: int) -> bool:
    """Whether a comparison hangs on a word: "up from 96 in 2025", "compared with 2024"."""
    return any(document.lowers[c] in ("from", "with", "to") for c in document.children(token))


def shared_tokens(document: Document, head: int) -> list[int]:
    """Of the tokens of a clause joined with another, those that may hold for both.

    Not its objects, nor what is asked or said in it: "arrested six and closed a school in Ufa".
    """
    own = own_tokens(document, head)
    apart: set[int] = set()
    for child in document.children(head):
        if document.deps[child] in _OBJECTS:
            apart.update(document.subtree(child))
    return [token for token in own if token not in apart]


def is_whole(document: Document, head: int) -> bool:
    """Whether a clause has a subject and a finite verb of its own; not "and 22 wounded"."""
    below = {document.deps[c] for c in document.children(head)}
    finite = document.tags[head] != "VBN" or bool(below & {"aux", "auxpass"})
    return finite and bool(below & set(SUBJECTS))


def qualified_objects(document: Document, head: int) -> Iterator[int]:
    """Participles that qualify the object of `head`: "seized guns hidden in Ufa on Monday"."""
    for child in document.children(head):
        if document.deps[child] == "dobj":
            for below in document.children(child):
                if document.deps[below] == "acl" and document.tags[below] in ("VBN", "VBG"):
                    yield below


def is_gerund(document: Document, token: int) -> bool:
    """Whether a participle is a subject, and so a noun: "Fighting in Darfur has displaced ..."."""
    return document.deps[token] == "csubj" and document.tags[token] == "VBG"


def verb_of(document: Document, token: int) -> int:
    """The verb whose clause holds `token`; the topmost word where there is none."""
    while document.pos[token] not in _VERBAL and document.heads[token] != token:
        token = document.heads[token]
    return token


def clauses_of(document: Document, head: int) -> Iterator[int]:
    """The verb `head` and those whose clause it continues, from inside out.

    "struck on Monday, killing 12": the participle has the time of the verb above it. A clause that
    is said, thought or reported ends the way, as does a relative one.
    """
    yield head
    token = head
    for _ in range(_STEPS):
        dep, above = document.deps[token], document.heads[token]
        if above == token:
            return
        own = any(document.deps[c] in ("nsubj", "nsubjpass") for c in document.children(token))
        # "14 were killed and 22 wounded": no clause of its own for want of a verb "to be"
        short = document.tags[token] == "VBN" and not any(
            document.deps[c] in ("aux", "auxpass") for c in document.children(token)
        )
        continues = dep == "conj" and (short or not own)
        continues = continues or dep in ("xcomp", "pcomp", "prep", "dobj", "pobj", "agent", "nsubj")
        if dep == "advcl":
            continues = (document.tags[token] in ("VBG", "VBN") and not own) or _opens_with(
                document, token
            )
        elif dep == "acl":
            continues = document.pos[document.heads[token]] not in _VERBAL
        elif dep == "ccomp":
            # "left nine people dead", "forcing 12 to flee": not a clause of its own
            continues = document.lemmas[above] in ("leave", "force", "see")
        elif dep in (
            "compound",
            "nmod",
            "amod",
            "nsubjpass",
            "attr",
            "nummod",
            "acomp",
            "appos",
            "oprd",
        ):
            continues = True
        if not continues:
            return
        token = above
        if document.pos[token] in _VERBAL:
            yield token


def _opens_with(document: Document, token: int) -> bool:
    """Whether the clause gives the occasion of the one above it (when, as, while)."""
    return any(
        document.lowers[child] in ("when", "as", "while")
        and document.deps[child] in ("advmod", "mark")
        for child in document.children(token)
    )


def occasions_of(document: Document, head: int) -> Iterator[int]:
    """The verbs of clauses below `head` that give its occasion: "died when a bus hit a van"."""
    for child in document.children(head):
        if document.deps[child] == "advcl" and _opens_with(document, child):
            yield child


def joined_with(document: Document, head: int) -> list[int]:
    """Verbs that are joined with `head` by "and" or "or" and come after it."""
    return [
        c
        for c in document.children(head)
        if document.deps[c] == "conj" and document.pos[c] in (*_VERBAL, "ADJ")
    ]
