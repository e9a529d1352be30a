"""The tense that governs a word."""

from __future__ import annotations

from transforms.language.document import Document

_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "wo", "would"})
_AHEAD = frozenset({"schedule", "due", "expect", "payable", "effective", "plan", "slate", "set"})


def find_tense(document: Document, offset: int) -> int:
    """-1 past, 1 future, 0 neither, of the nearest verb above the token at `offset`."""
    if not document.words:
        return 0
    token = document.token_at(offset)
    if document.deps[token] == "poss":
        return -1  # "Wednesday's ruling", whatever is to come of it
    for _ in range(10):
        tag = document.tags[token]
        if document.lemmas[token] in _AHEAD and tag != "VBD":
            return 1
        if tag.startswith("VB"):
            below = document.children(token)
            if any(document.lowers[child] in _FUTURE for child in below):
                return 1
            if tag == "VBD" or any(document.tags[child] == "VBD" for child in below):
                return -1
            if tag == "VBN":
                helpers = [c for c in below if document.deps[c].startswith("aux")]
                # "the ruling issued Thursday", "it has closed"; but "it is closed on Fridays".
                if not helpers or any(document.lemmas[c] == "have" for c in helpers):
                    return -1
            if tag in ("VBZ", "VBP"):
                return 0
        head = document.heads[token]
        if head == token:
            break
        token = head
    return 0
