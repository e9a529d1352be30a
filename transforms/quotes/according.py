"""What stands around "according to"."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.language.document import Document
from transforms.quotes.content import Content, trim

_VERBAL = frozenset(("VERB", "AUX"))


def find_according(document: Document, token: int) -> Iterator[Content]:
    """The clause around `according to X`."""
    speaker = None
    for child in document.children(token):
        if document.lowers[child] == "to":
            speaker = next(iter(document.children(child)), None)
    if speaker is None:
        return
    ordinal = document.sentence_of(document.starts[token])
    first, last = document.sentences[ordinal]
    phrase = document.subtree(token)
    low, high = phrase[0], phrase[-1] + 1
    head = document.heads[token]
    if head != token:
        clause = head
        while document.pos[clause] not in _VERBAL and document.heads[clause] != clause:
            clause = document.heads[clause]
        while document.deps[clause] == "conj" and document.pos[document.heads[clause]] in _VERBAL:
            # at the end of a sentence the phrase is parsed below the last verb of several
            clause = document.heads[clause]
        below = document.subtree(clause)
        if low > first + 2:
            first = below[0]
        last = below[-1] + 1 if below[-1] >= high else last if low <= first + 1 else low
    parts = trim(document, [(first, min(low, last)), (min(high, last), last)])
    # Words after the phrase and a comma belong to the clause when the phrase opens or splits it.
    if parts:
        yield Content(parts, token, speaker, "according")
