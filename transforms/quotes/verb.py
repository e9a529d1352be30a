"""What a verb ascribes: its clause, infinitive, preposition or object."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.language.document import Document
from transforms.quotes.attribute import find_speaker, find_subject
from transforms.quotes.content import Content, Parts, parts_of, trim
from transforms.quotes.cue import Cue
from transforms.quotes.speaker import load_tallies

_FRAME = {"ccomp": "c", "xcomp": "i", "dobj": "o"}
_RANK = "cipo"
_EMPTY = frozenset(("it", "this", "that", "what", "so", "which", "them", "him", "her", "who"))
_SAID_OF = frozenset(("as", "for", "of"))
_COUNTED = frozenset(("at", "to"))
_OPINION = frozenset(("think", "say", "report", "claim", "confirm"))
_STOPS = frozenset((".", "!", "?"))


def find_governed(document: Document, token: int, cue: Cue) -> Iterator[Content]:
    """What the verb `token` governs: its clause, else infinitive, prepositions or object."""
    raised = _raised(document, token, cue)
    if raised:
        speaker = None if cue.kind == "appear" else find_subject(document, token)
        yield Content(raised, token, speaker, "verb-raised")
        return
    best: tuple[int, int] | None = None
    for child in document.children(token):
        frame = _frame_of(document, token, child, cue)
        if not frame or (frame not in "po" and frame not in cue.frames):
            continue
        rank = _RANK.index(frame)
        if best is None or rank < best[0] or _replaces(document, token, best[1], child):
            best = (rank, child)
    if best is None:
        parts = _said_of(document, token) if cue.frames & {"o", "x"} else ()
        if parts:
            yield Content(parts, token, find_speaker(document, token), "verb-o")
        elif cue.frames & {"o", "x"} and (parts := _undergone(document, token, cue)):
            yield Content(parts, token, find_subject(document, token), "verb-passive")
        elif "q" in cue.frames:
            yield from _aside(document, token)
        return
    parts = parts_of(document, best[1], token)
    frame = _RANK[best[0]]
    if frame == "o":
        parts = _with_predicate(document, token, cue, parts)
    if parts:
        yield Content(parts, token, find_speaker(document, token), f"verb-{frame}")


def _frame_of(document: Document, token: int, child: int, cue: Cue) -> str:
    """The frame that `child` fills, empty for none."""
    dep, word = document.deps[child], document.lowers[child]
    if dep == "prep":
        return "p" if word in cue.prepositions else ""
    if dep == "xcomp" and document.tags[child] == "VBG" and "i" not in cue.frames:
        # "opposed raising taxes"
        return "o" if "o" in cue.frames else ""
    if dep == "advcl" and "for" in cue.prepositions:
        # "called for the state to pay" is parsed as a clause with the mark "for"
        marks = [c for c in document.children(child) if document.deps[c] == "mark"]
        return "p" if any(document.lowers[c] == "for" for c in marks) else ""
    frame = _FRAME.get(dep, "")
    if frame == "o" and (word in _EMPTY or not _takes_object(document, token, cue)):
        return ""
    if frame == "c" and "i" in cue.frames and "c" not in cue.frames:
        return "i"
    return frame


def _takes_object(document: Document, token: int, cue: Cue) -> bool:
    """Whether the verb's object is content: for some verbs only with what is said of it."""
    if "o" in cue.frames:
        return True
    if "n" in cue.frames:
        objects = [c for c in document.children(token) if document.deps[c] == "dobj"]
        return any(document.lemmas[c].lower() in load_tallies() for c in objects)
    return "x" in cue.frames and any(_is_predicate(document, c) for c in document.children(token))


def _is_predicate(document: Document, child: int) -> bool:
    """Whether `child` of a verb says something of the verb's object."""
    dep, word = document.deps[child], document.lowers[child]
    return dep in ("oprd", "xcomp") or (dep == "prep" and word == "as")


def _replaces(document: Document, token: int, old: int, new: int) -> bool:
    """Whether of two clauses of one cue the later is its content.

    That is where only the later has "that" ("it fell; he said that"), or where the earlier ends a
    sentence or paragraph before the cue: ("It will rain." He said he would stay).
    """
    if document.deps[old] != "ccomp" or document.deps[new] != "ccomp":
        return False
    marks = [{document.lowers[c] for c in document.children(child)} for child in (old, new)]
    if "that" in marks[1] - marks[0]:
        return True
    if not old < token < new:
        return False
    between = document.words[document.subtree(old)[-1] : token]
    return any("\n" in word or word in _STOPS for word in between)


def _aside(document: Document, token: int) -> Iterator[Content]:
    """The clause that an aside ("he said") stands in, without the aside.

    In the middle of a sentence the aside is also parsed as joined with what it stands behind: "A
    dam burst, police said, and two roads were closed" gives what is before it.
    """
    head, dep = document.heads[token], document.deps[token]
    if head == token or dep not in ("parataxis", "conj"):
        return
    below, aside = document.subtree(head), document.subtree(token)
    ranges = [(below[0], aside[0]), (aside[-1] + 1, below[-1] + 1)]
    if dep == "conj":
        own = any(document.deps[c] == "nsubj" for c in document.children(token))
        apart = document.words[aside[0] - 1] == "," or document.words[aside[0]] == ","
        if not own or not apart or head > token:
            return
        ranges = ranges[:1]
    parts = trim(document, ranges)
    if parts:
        yield Content(parts, token, find_speaker(document, token), "aside")


def _said_of(document: Document, token: int) -> Parts:
    """What is said of an object that is a pronoun: "described it as a mistake"."""
    empty = any(
        document.deps[c] in ("dobj", "nsubjpass") and document.lowers[c] in _EMPTY
        for c in document.children(token)
    )
    if not empty:
        return ()
    for child in document.children(token):
        if document.deps[child] == "prep" and document.lowers[child] in _SAID_OF and child > token:
            below = document.subtree(child)
            return trim(document, [(below[0], below[-1] + 1)])
    return ()


def _with_predicate(document: Document, token: int, cue: Cue, parts: Parts) -> Parts:
    """The object with what is said of it: "called the plan a mistake"."""
    if len(parts) != 1:
        return parts
    first, last = parts[0]
    for child in document.children(token):
        predicate = document.deps[child] in ("oprd", "xcomp") or (
            document.deps[child] == "prep"
            and document.lowers[child] in (_COUNTED if "n" in cue.frames else _SAID_OF)
        )
        if predicate and child >= last:
            last = document.subtree(child)[-1] + 1
    return trim(document, [(first, last)])


def _undergone(document: Document, token: int, cue: Cue) -> Parts:
    """The subject of a passive: "the plan was criticized"."""
    if not _takes_object(document, token, cue):
        return ()
    for child in document.children(token):
        if document.deps[child] == "nsubjpass" and document.lowers[child] not in _EMPTY:
            below = document.subtree(child)
            last = below[-1] + 1
            for other in document.children(token):
                if other > token and _is_predicate(document, other):
                    last = document.subtree(other)[-1] + 1
            return trim(document, [(below[0], last)])
    return ()


def _raised(document: Document, token: int, cue: Cue) -> Parts:
    """The clause whose subject stands before the cue: "the dam seems safe", "is said to leak"."""
    if cue.kind != "appear" and cue.kind not in _OPINION:
        return ()
    below = document.children(token)
    subject = next((c for c in below if document.deps[c] in ("nsubj", "nsubjpass")), None)
    if subject is None or subject > token:
        return ()
    told = {"xcomp", "oprd", "acomp"}
    if cue.kind != "appear":
        if document.deps[subject] != "nsubjpass":
            return ()
        told = {"xcomp"}
    for child in below:
        if child > token and document.deps[child] in told:
            first, last = document.subtree(subject)[0], document.subtree(child)[-1] + 1
            return trim(document, [(first, last)])
    return ()
