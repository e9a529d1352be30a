"""What an adjective ascribes to whom it describes: "confident that", "critical of"."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.language.document import Document
from transforms.quotes.attribute import find_subject
from transforms.quotes.content import Content, parts_of
from transforms.quotes.cue import Cue

_FRAME = {"ccomp": "c", "xcomp": "i"}


def find_felt(document: Document, token: int, cue: Cue) -> Iterator[Content]:
    """The clause, infinitive or prepositional phrase of the adjective `token`."""
    for child in document.children(token):
        if child < token:
            continue
        dep = document.deps[child]
        known = dep == "prep" and document.lowers[child] in cue.prepositions
        if known or _FRAME.get(dep, "-") in cue.frames:
            parts = parts_of(document, child, token)
            if parts:
                yield Content(parts, token, _subject(document, token), "adjective")
            return


def _subject(document: Document, token: int) -> int | None:
    """Whom the adjective describes."""
    if document.deps[token] == "amod":
        return document.heads[token]
    return find_subject(document, token)
