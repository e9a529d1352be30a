"""The words that a cue ascribes: token ranges, cut around the cue and trimmed."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from transforms.language.document import Document
from transforms.quotes.cue import load_cues

_EDGE = frozenset((",", ";", ":", "-", "–", "—", "--", ".", "(", ")", "―"))

_OPENING = 25
"""Tokens from the comma within which a clause has its verb."""

Parts = tuple[tuple[int, int], ...]
"""Token ranges [first, last)."""


class Content(NamedTuple):
    """Token ranges of what is said, the cue's and the speaker's head tokens, and the rule."""

    parts: Parts
    cue: int
    speaker: int | None
    rule: str


def parts_of(document: Document, child: int, cue: int) -> Parts:
    """The subtree of `child`, cut in two around a cue that interrupts it, edges trimmed."""
    below = document.subtree(child)
    if cue in below:
        return ()
    first, last = below[0], _end_before_cue(document, child, cue, below[-1] + 1)
    last = _end_before_aside(document, first, last)
    if not first < cue < last:
        # A clause set apart in front of its cue keeps what the parser hung on the cue.
        return trim(document, [(first, last)])
    own = set(document.subtree(cue)) - set(below)
    inner = sorted(i for i in own if first < i < last)
    low = high = cue
    for i in reversed([i for i in inner if i < cue]):
        if i != low - 1:
            break
        low = i
    for i in (i for i in inner if i > cue):
        if i != high + 1:
            break
        high = i
    return trim(document, [(first, low), (high + 1, last)])


def _end_before_cue(document: Document, child: int, cue: int, last: int) -> int:
    """Where the clause `child` ends if a verb joined with it goes on with what the speaker did.

    "said that he was tired and added that he would rest": parsed as if he was and added.
    """
    for other in document.children(child):
        if is_after_infinitive(document, other) and child > cue:
            links = [c for c in document.children(child) if document.deps[c] == "cc" and c < other]
            return min([document.subtree(other)[0], *links[-1:]])
        joined = document.deps[other] == "conj" and other > cue < child
        if not joined or document.tags[other] != document.tags[cue]:
            continue
        below = {document.deps[c] for c in document.children(other)}
        known = load_cues().get((document.lemmas[other].lower(), "verb"))
        if known is None or "ccomp" not in below or below & {"nsubj", "nsubjpass", "aux"}:
            continue
        tokens = document.subtree(other)
        links = [c for c in document.children(child) if document.deps[c] == "cc" and c < other]
        return min([tokens[0], *links[-1:]])
    return last


def is_after_infinitive(document: Document, verb: int) -> bool:
    """Whether a past tense is joined with an infinitive, and so rather with the verb above it."""
    head = document.heads[verb]
    joined = document.deps[verb] == "conj" and document.tags[verb] == "VBD"
    return joined and document.tags[head] == "VB" and document.heads[head] < head


def _end_before_aside(document: Document, first: int, last: int) -> int:
    """Where the words [first, last) end without what the writer adds at their end.

    A relative clause set apart by a comma explains to the reader ("backed Reed, who is 34"), and a
    participle that says more ("..., adding that it was late") is a cue of its own.
    """
    for comma in range(last - 2, first, -1):
        if document.words[comma] != ",":
            continue
        for token in range(comma + 1, min(comma + _OPENING, last)):
            if document.deps[token] not in ("relcl", "advcl") or not _adds(document, token):
                continue
            below = document.subtree(token)
            if below[0] == comma + 1 and below[-1] >= last - 2:
                return comma
    return last


def _adds(document: Document, clause: int) -> bool:
    """Whether a clause at the end of what is said is the writer's."""
    if document.deps[clause] == "relcl":
        return any(document.deps[c] in ("nsubj", "nsubjpass") for c in document.children(clause))
    if document.deps[clause] != "advcl" or document.tags[clause] != "VBG":
        return False
    known = load_cues().get((document.lemmas[clause].lower(), "verb"))
    below = {document.deps[c] for c in document.children(clause)}
    return known is not None and "q" in known.frames and "ccomp" in below


def trim(document: Document, parts: list[tuple[int, int]]) -> Parts:
    """The ranges without marks and space at their edges; empty ones are left out."""
    kept = []
    for first, last in parts:
        while first < last and document.words[first].strip() in _EDGE | {""}:
            first += 1
        while last > first and document.words[last - 1].strip() in _EDGE | {""}:
            last -= 1
        if first < last:
            kept.append((first, last))
    return tuple(kept)


def token_span(document: Document, start: int, end: int) -> tuple[int, int]:
    """Tokens [first, last) that start within [start, end)."""
    return bisect_left(document.starts, start), bisect_left(document.starts, end)
