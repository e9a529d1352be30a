"""Pronouns as speakers: the body or person who spoke or acted last, where that is clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.language.document import Document
from transforms.quotes.speakers import Speakers
from warehouse.tables import Quote

_BODY = frozenset(("it", "they"))
_NEAR = 2
"""Sentences back in which the last speaker may be meant."""
_BODIES = frozenset(("ORG", "GROUP"))


def refer_pronouns(document: Document, rows: Sequence[Quote], speakers: Speakers) -> list[Quote]:
    """The same rows, pronouns with the name of the speaker they stand for.

    "It" and "they" take the organisation that spoke in the sentence before, else the one that was
    its subject, else the last that spoke. "He" has the person found with its row.
    """
    order = sorted(
        (i for i, row in enumerate(rows) if row.speaker_start is not None),
        key=lambda i: rows[i].speaker_start or 0,
    )
    found = list(rows)
    last: Quote | None = None
    for index in order:
        row = found[index]
        if row.speaker_type != "pronoun":
            last = row
            continue
        word = (row.speaker_surface or "").lower()
        if word in _BODY and row.speaker_name is None:
            name, entity = _body(document, row, last, speakers)
            found[index] = replace(row, speaker_name=name, speaker_entity_id=entity)
    return found


def _body(
    document: Document, row: Quote, last: Quote | None, speakers: Speakers
) -> tuple[str | None, str | None]:
    """Name and entity of the organisation that "it" stands for, or nulls."""
    gap = _distance(document, last, row) if last is not None else _NEAR + 1
    spoke = last is not None and last.speaker_type == "organisation" and gap <= _NEAR
    if last is not None and spoke and gap <= 1:
        return last.speaker_name, last.speaker_entity_id
    sentence = document.sentence_of(row.speaker_start or 0)
    for ordinal in (sentence, sentence - 1):
        if ordinal < 0:
            continue
        first, end = document.sentences[ordinal]
        for token in range(first, end):
            if document.starts[token] >= (row.speaker_start or 0):
                break
            if document.deps[token] not in ("nsubj", "nsubjpass"):
                continue
            low, high = document.starts[token], document.ends[token]
            names = [m for m in speakers.around(low, high) if m.type in _BODIES]
            if names:
                return names[0].canonical_name, names[0].entity_id
    if last is not None and spoke:
        return last.speaker_name, last.speaker_entity_id
    return None, None


def _distance(document: Document, last: Quote, row: Quote) -> int:
    """Sentences from the speaker of one row to that of another."""
    return document.sentence_of(row.speaker_start or 0) - document.sentence_of(
        last.speaker_start or 0
    )
