"""The tense that governs a word."""

from __future__ import annotations

from transforms.language.document import Document

_FUTURE = frozenset({"will", "'ll", "’ll", "shall", "wo", "would"})
_AHEAD = frozenset(
    {"schedule", "due", "expect", "payable", "effective", "plan", "slate", "until", "till"}
)


def find_tense(document: Document, offset: int) -> int:
    """-1 past, 1 future, 0 neither, of the nearest verb above the token at `offset`."""
    if not document.words:
        return 0
    token = document.token_at(offset)
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
            if tag == "VBN" and any(document.lemmas[child] == "have" for child in below):
                return -1
            if tag == "VB" and any(document.tags[child] == "TO" for child in below):
                return 1
            if tag in ("VBZ", "VBP"):
                return 0
        head = document.heads[token]
        if head == token:
            break
        token = head
    return 0
