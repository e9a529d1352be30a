"""Who and what has been spoken of so far: names, and what stands for them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from transforms.entities.cues import load_cues
from transforms.language.document import Document
from warehouse.tables import Mention

_SUBJECTS = frozenset(("nsubj", "nsubjpass"))
_VERBS = frozenset(("VERB", "AUX"))
_NOT_PARTIES = frozenset(("appos", "attr", "compound", "amod", "nmod", "oprd", "npadvmod"))


class Said(NamedTuple):
    """A phrase that names someone, stands for a name, or is of a person without a name.

    Attributes:
        token: its head.
        sentence: ordinal of its sentence.
        mention: index of the mention it is, or stands for; null for a person without a name.
        is_subject: whether it, or the list it stands in, is the subject of a clause.
        is_quoted: whether it stands in a direct quotation.
    """

    token: int
    sentence: int
    mention: int | None
    is_subject: bool
    is_quoted: bool


class Entity(NamedTuple):
    """What the document's forms of one name stand for."""

    kind: str
    name: str


def entity_of(mention: Mention) -> Entity:
    """The entity of a mention within its document."""
    return Entity(mention.type, mention.canonical_name)


def is_subject(document: Document, token: int) -> bool:
    """Whether a phrase headed by `token` is the subject of a clause, or in a list or beside it."""
    while document.deps[token] in ("conj", "appos") and document.heads[token] != token:
        token = document.heads[token]
    return document.deps[token] in _SUBJECTS


def subject_of(document: Document, verb: int) -> int | None:
    """The head of the subject of `verb` that stands nearest before it."""
    found = [c for c in document.children(verb) if document.deps[c] in _SUBJECTS and c < verb]
    return found[-1] if found else None


def is_verb(document: Document, token: int) -> bool:
    """Whether a word can be the verb of a clause."""
    return document.pos[token] in _VERBS


def head_of(document: Document, start: int, end: int) -> int:
    """The head token of the words [start, end)."""
    first = max(0, bisect_left(document.starts, start + 1) - 1)
    last = max(first, bisect_left(document.starts, end) - 1)
    for token in range(last, first - 1, -1):
        if not first <= document.heads[token] <= last or document.heads[token] == token:
            return token
    return last


def find_people(document: Document, covered: Sequence[bool]) -> list[int]:
    """Head tokens of single people who are told of without a name: "a farmer".

    What is said of a name ("the farmer Jens Berg", "Berg, a farmer,") is none, and neither is a
    word that a name covers. A name that no mention covers is somebody too.
    """
    cues = load_cues()
    nouns = cues["role"] | cues["person"]
    found = []
    for token, tag in enumerate(document.tags):
        if tag not in ("NN", "NNP") or covered[token] or document.deps[token] in _NOT_PARTIES:
            continue
        if any(covered[c] and document.tags[c] == "NNP" for c in document.children(token)):
            continue
        above = document.heads[token]
        if document.deps[token] == "pobj" and document.lowers[above] == "as":
            continue
        subject = document.deps[token] in _SUBJECTS
        speaks = subject and document.lowers[above] in cues["speech"]
        if document.lowers[token] in nouns or (tag == "NN" and speaks):
            found.append(token)
    return found
