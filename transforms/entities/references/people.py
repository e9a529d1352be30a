"""The person that "he" or "she" stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from transforms.entities.references.said import Entity, Said, is_subject, is_verb, subject_of
from transforms.language.document import Document

SEXES = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
_NEAR = 2
"""Sentences back in which a person may be meant; such as are all quotation do not count."""


class Candidate(NamedTuple):
    """Somebody who may be meant; the entity is null for a person without a name.

    What was made out with doubts is not clear, and neither is what is made out by it.
    """

    said: Said
    entity: Entity | None
    is_clear: bool = True


def resolve_person(
    document: Document,
    token: int,
    before: Sequence[Candidate],
    sexes: Mapping[Entity, str],
    turns: Sequence[int],
) -> tuple[Candidate | None, bool]:
    """The person a pronoun means, and whether that is clear.

    It is clear where nobody else of that sex has been spoken of in its sentence, or in the last
    one that speaks of anybody; also where the last sentence's subject is the subject again and was
    a pronoun itself, or the others are no subjects.

    Args:
        document: the parsed text.
        token: the pronoun.
        before: people spoken of before it outside of quotations, in order of position.
        sexes: those of the entities of whom it is clear.
        turns: for each sentence how many before it have words outside of quotations.
    """
    sex = SEXES[document.lowers[token]]
    here = document.sentence_of(document.starts[token])
    fitting = [
        c
        for c in before
        if (c.entity is None or sexes.get(c.entity, sex) == sex)
        and turns[here] - turns[c.said.sentence] <= _NEAR
        and not _is_bound(document, token, c.said.token)
    ]
    if not fitting:
        return None, False
    last = fitting[-1].said.sentence
    near = [c for c in fitting if c.said.sentence == last]
    named = {c.entity for c in near}
    if len(named) == 1:
        best = near[0]
        if best.entity is None:
            return None, False
        others = {c.entity for c in fitting} - named
        clear = (best.entity in sexes or not others) and all(c.is_clear for c in near)
        if last == here:
            return best, clear
        return best, clear and (best.said.is_subject or not others)
    subjects = [c for c in near if c.said.is_subject]
    leading = {c.entity for c in subjects}
    if last == here:
        governing = _governing(document, token, near)
        return (governing if governing and governing.entity else None), False
    best = subjects[0] if subjects else near[0]
    if best.entity is None:
        return None, False
    again = is_subject(document, token) and len(leading) == 1
    clear = again and document.lowers[best.said.token] in SEXES
    return best, clear and all(c.is_clear for c in near)


def find_ahead(document: Document, token: int, people: Mapping[int, int]) -> int | None:
    """The person that a pronoun in a clause before its main clause may prepare, from `people`.

    "Since launching his bid, Smith has": the clause or phrase stands before the subject of the
    verb it belongs to. `people` has the mention by its head token.
    """
    below, above = token, document.heads[token]
    while above != below:
        if above > below and document.deps[below] in ("advcl", "prep") and is_verb(document, above):
            subject = subject_of(document, above)
            if subject is not None and subject > token:
                return people.get(subject)
        below, above = above, document.heads[above]
    return None


def _governing(document: Document, token: int, near: Sequence[Candidate]) -> Candidate | None:
    """The subject of the nearest clause above the pronoun that is one of `near`."""
    above = document.heads[token]
    while True:
        for candidate in near:
            head = document.heads[candidate.said.token]
            if candidate.said.is_subject and head == above:
                return candidate
        if document.heads[above] == above:
            return None
        above = document.heads[above]


def _is_bound(document: Document, token: int, other: int) -> bool:
    """Whether grammar forbids that both are one: "Smith met him"."""
    word = document.lowers[token]
    if document.deps[token] == "poss" or word in ("himself", "herself"):
        return False
    if document.deps[other] == "poss" or word in ("he", "she"):
        # "Smith's brother met him" may; a subject is bound by what is in its own clause only
        return document.heads[token] == document.heads[other] and word in ("he", "she")
    return _clause(document, token) == _clause(document, other)


def _clause(document: Document, token: int) -> int:
    """The verb of a word's own clause; of verbs that share their subject, the first."""
    while document.heads[token] != token:
        if is_verb(document, token) and (
            document.deps[token] != "conj" or subject_of(document, token) is not None
        ):
            break
        token = document.heads[token]
    return token
