"""Pronouns as speakers: the body or person who spoke last, where that is clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.language.document import Document
from warehouse.tables import Quote

_BODY = frozenset(("it", "they"))
_NEAR = 2
"""Sentences back in which the last speaker may be meant."""


def refer_pronouns(document: Document, rows: Sequence[Quote]) -> list[Quote]:
    """The same rows, pronouns with the name of the speaker they stand for.

    "It" and "they" take the last organisation that spoke. "He" keeps the person found in the
    sentences before, unless somebody without a name spoke since: then nobody knows who it is.
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
        if last is None or row.speaker_start == last.speaker_start:
            continue
        gap = document.sentence_of(row.speaker_start or 0) - document.sentence_of(
            last.speaker_start or 0
        )
        if gap > _NEAR:
            continue
        word = (row.speaker_surface or "").lower()
        if word in _BODY and row.speaker_name is None and last.speaker_type == "organisation":
            found[index] = replace(
                row, speaker_name=last.speaker_name, speaker_entity_id=last.speaker_entity_id
            )
        elif (
            word in ("he", "she")
            and last.speaker_type == "unnamed"
            and not _is_plural(document, last)
        ):
            found[index] = replace(row, speaker_name=None, speaker_entity_id=None)
    return found


def _is_plural(document: Document, row: Quote) -> bool:
    """Whether the speaker is several, and so no "he": "survivors"."""
    first = document.token_at(row.speaker_start or 0)
    last = document.token_at((row.speaker_end or 1) - 1)
    heads = [t for t in range(first, last + 1) if not first <= document.heads[t] <= last]
    return any(document.tags[t] in ("NNS", "NNPS") for t in heads)
