"""Words given without quotation marks, read off the dependency parse."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from transforms.language.document import Document
from transforms.quotes.attribute import find_speaker, find_subject
from transforms.quotes.cue import Cue, load_cues

_VERBAL = frozenset(("VERB", "AUX"))
_FRAME = {"ccomp": "c", "xcomp": "i", "dobj": "o"}
_PHRASES = frozenset(("according",))
_EMPTY = frozenset(("it", "this", "that", "what", "so", "which", "them", "him", "her", "who"))
_EDGE = frozenset((",", ";", ":", "-", "–", "—", "--", ".", "(", ")", "―"))


class Content(NamedTuple):
    """Token ranges of what is said, the cue's and the speaker's head tokens, and the rule."""

    parts: tuple[tuple[int, int], ...]
    cue: int
    speaker: int | None
    rule: str


def find_contents(document: Document) -> Iterator[Content]:
    """What verbs, nouns and `according to` of the document ascribe, in order of the cues."""
    cues = load_cues()
    lemmas, pos = document.lemmas, document.pos
    for token, lemma in enumerate(lemmas):
        if lemma == "accord" or document.lowers[token] in _PHRASES:
            yield from _according(document, token)
            continue
        kind = pos[token]
        if kind in ("VERB", "AUX"):
            cue = cues.get((lemma.lower(), "verb"))
            if cue is not None:
                yield from _governed(document, token, cue)
        elif kind == "NOUN":
            cue = cues.get((lemma, "noun"))
            if cue is not None:
                yield from _noun(document, token)


def _governed(document: Document, token: int, cue: Cue) -> Iterator[Content]:
    """What the verb `token` governs: its clause, else infinitive, prepositions or object."""
    deps = document.deps
    best: tuple[int, int] | None = None
    rank = "cipo"
    for child in document.children(token):
        frame = _FRAME.get(deps[child], "")
        if deps[child] == "prep" and document.lowers[child] in cue.prepositions:
            frame = "p"
        elif frame == "o" and document.lowers[child] in _EMPTY:
            continue
        elif frame == "c" and "i" in cue.frames and "c" not in cue.frames:
            frame = "i"
        if not frame or (frame != "p" and frame not in cue.frames):
            continue
        if best is None or rank.index(frame) < best[0] or _replaces(document, best[1], child):
            best = (rank.index(frame), child)
    if best is None:
        if "q" in cue.frames and deps[token] == "parataxis" and document.heads[token] != token:
            parts = _around(document, token)
            if parts:
                yield Content(parts, token, find_speaker(document, token), "aside")
        return
    child = best[1]
    parts = _parts(document, child, token)
    if rank[best[0]] == "o":
        parts = _with_predicate(document, token, parts)
    if parts:
        speaker = find_speaker(document, token)
        yield Content(parts, token, speaker, f"verb-{rank[best[0]]}")


def _replaces(document: Document, old: int, new: int) -> bool:
    """Whether of two clauses of one cue only the later has "that": "it fell; he said that"."""
    if document.deps[old] != "ccomp" or document.deps[new] != "ccomp":
        return False
    marks = [{document.lowers[c] for c in document.children(child)} for child in (old, new)]
    return "that" in marks[1] - marks[0]


def _around(document: Document, token: int) -> tuple[tuple[int, int], ...]:
    """The clause that an aside ("he said") stands in, without the aside."""
    below = document.subtree(document.heads[token])
    aside = document.subtree(token)
    return _trim(document, [(below[0], aside[0]), (aside[-1] + 1, below[-1] + 1)])


def _with_predicate(
    document: Document, token: int, parts: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """The object with what is said of it: "called the plan a mistake"."""
    if len(parts) != 1:
        return parts
    first, last = parts[0]
    for child in document.children(token):
        predicate = document.deps[child] in ("oprd", "xcomp") or (
            document.deps[child] == "prep" and document.lowers[child] in ("as", "for", "of")
        )
        if predicate and child >= last:
            last = document.subtree(child)[-1] + 1
    return _trim(document, [(first, last)])


def _parts(document: Document, child: int, cue: int) -> tuple[tuple[int, int], ...]:
    """The subtree of `child`, cut in two around a cue that interrupts it, edges trimmed."""
    below = document.subtree(child)
    if cue in below:
        return ()
    first, last = below[0], _end_before_cue(document, child, cue, below[-1] + 1)
    if not first < cue < last:
        # A clause set apart in front of its cue keeps what the parser hung on the cue.
        return _trim(document, [(first, last)])
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
    return _trim(document, [(first, low), (high + 1, last)])


def _end_before_cue(document: Document, child: int, cue: int, last: int) -> int:
    """Where the clause `child` ends if a verb joined with it goes on with what the speaker did.

    "said that he was tired and added that he would rest": parsed as if he was and added.
    """
    for other in document.children(child):
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


def _trim(document: Document, parts: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    kept = []
    for first, last in parts:
        while first < last and document.words[first].strip() in _EDGE | {""}:
            first += 1
        while last > first and document.words[last - 1].strip() in _EDGE | {""}:
            last -= 1
        if first < last:
            kept.append((first, last))
    return tuple(kept)


def _noun(document: Document, token: int) -> Iterator[Content]:
    """The clause of a noun ("his claim that", "the decision to"), said by its owner."""
    content = owner = None
    for child in document.children(token):
        dep = document.deps[child]
        if dep == "acl" and child > token:
            begin = document.children(child)
            mark = {document.lowers[i] for i in begin if document.deps[i] in ("mark", "aux")}
            if mark & {"that", "to"}:
                content = child
        elif dep == "poss":
            owner = child
        elif dep == "prep" and document.lowers[child] in ("of", "by", "from"):
            owner = next(iter(document.children(child)), owner)
    if content is None:
        return
    if owner is None and document.deps[token] in ("dobj", "attr", "pobj"):
        governor = document.heads[token]
        if document.deps[token] == "pobj":
            governor = document.heads[governor]
        if document.pos[governor] in ("VERB", "AUX"):
            owner = find_subject(document, governor)
    parts = _parts(document, content, token)
    if parts:
        yield Content(parts, token, owner, "noun")


def _according(document: Document, token: int) -> Iterator[Content]:
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
    parts = _trim(document, [(first, min(low, last)), (min(high, last), last)])
    # Words after the phrase and a comma belong to the clause when the phrase opens or splits it.
    if parts:
        yield Content(parts, token, speaker, "according")


def token_span(document: Document, start: int, end: int) -> tuple[int, int]:
    """Tokens [first, last) that start within [start, end)."""
    return bisect_left(document.starts, start), bisect_left(document.starts, end)
