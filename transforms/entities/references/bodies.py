"""The organisation, people or country that "it" or "they" stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from transforms.entities.cues import load_cues
from transforms.entities.references.said import Said, is_verb, subject_of
from transforms.language.document import Document

SINGLE = frozenset(("it", "its", "itself"))
SEVERAL = frozenset(("they", "their", "them", "themselves"))
_DUMMY = frozenset(
    ("be", "seem", "appear", "take", "become", "look", "turn", "happen",
     "rain", "snow", "hail", "freeze")
)  # fmt: skip
_CLAUSES = frozenset(("ccomp", "xcomp", "acomp", "csubj", "advcl"))
_DAYS = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
     "february", "march", "april", "may", "june", "july", "august", "september", "october",
     "november", "december"}
)  # fmt: skip


class Body(NamedTuple):
    """A body that may be meant; its words, and whether it stands in a list."""

    said: Said
    kind: str
    in_list: bool


def resolve_body(document: Document, token: int, bodies: Mapping[int, Body]) -> Body | None:
    """The body a pronoun means, where grammar leaves no other; else null.

    That is the subject of the clause it stands in ("Nordwind cut its fares"), of the verb of
    speech above it ("Nordwind said it would"), or, where it speaks itself, of the sentence before.

    Args:
        document: the parsed text.
        token: the pronoun.
        bodies: the bodies spoken of before by their head token.
    """
    word = document.lowers[token]
    single = word in SINGLE
    if word not in SINGLE | SEVERAL or (word == "it" and _is_dummy(document, token)):
        return None
    subject = _subject_above(document, token, single)
    if subject is None:
        return _last_subject(document, token, bodies)
    found = bodies.get(subject)
    if found is None or found.in_list or (single and found.kind == "GROUP"):
        return None
    if not single and found.kind == "PLACE":
        return None
    return None if _has_rival(document, subject, token, single) else found


def _is_dummy(document: Document, token: int) -> bool:
    """Whether "it" stands for a clause or nothing: "it is likely that", "it rained"."""
    verb = document.heads[token]
    if document.deps[token] not in ("nsubj", "nsubjpass"):
        return True
    return document.lemmas[verb] in _DUMMY or any(
        document.deps[c] in _CLAUSES and document.deps[token] == "nsubjpass"
        for c in document.children(verb)
    )


def _subject_above(document: Document, token: int, single: bool) -> int | None:
    """The nearest subject before the pronoun, in its clause or those above, that it can mean.

    A subject "it" can only mean that of a verb of speech; a plural noun is passed for a single one.
    """
    speech = load_cues()["speech"]
    own = document.deps[token] in ("nsubj", "nsubjpass")
    verb, first = document.heads[token], True
    while True:
        if is_verb(document, verb) and not (own and first):
            subject = subject_of(document, verb)
            if (
                subject is not None
                and subject < token
                and not (single and document.tags[subject] == "NNS")
            ):
                return subject if not own or document.lowers[verb] in speech else -1
        if document.heads[verb] == verb:
            return None
        first = first and not is_verb(document, verb)
        verb = document.heads[verb]


def _has_rival(document: Document, subject: int, token: int, single: bool) -> bool:
    """Whether a noun of the pronoun's number stands between, which it may mean as well."""
    if document.deps[token] in ("nsubj", "nsubjpass"):
        return False
    tags = ("NN", "NNP") if single else ("NNS", "NNPS")
    return any(
        document.tags[t] in tags and document.lowers[t] not in _DAYS
        for t in range(subject + 1, token)
    )


def _last_subject(document: Document, token: int, bodies: Mapping[int, Body]) -> Body | None:
    """The subject of the sentence before, for a pronoun that speaks: "It added that"."""
    verb = document.heads[token]
    here = document.sentence_of(document.starts[token])
    spoken = document.lowers[verb] in load_cues()["speech"] and document.heads[verb] == verb
    if not here or not spoken or document.deps[token] != "nsubj":
        return None
    first, last = document.sentences[here - 1]
    roots = [t for t in range(first, last) if document.heads[t] == t]
    if len(roots) != 1:
        return None
    subject = subject_of(document, roots[0])
    found = bodies.get(subject) if subject is not None else None
    if found is None or found.in_list or found.said.is_quoted:
        return None
    single = document.lowers[token] in SINGLE
    return found if single != (found.kind == "GROUP") else None
