"""Offices and titles said with a person's name, and whom they serve."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from transforms.entities.cues import load_cues
from transforms.entities.found import Found
from transforms.language.document import Document

_MODIFIERS = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "JJS", "VBN", "POS", "HYPH", "CC", "CD"})
_LINKS = frozenset({"for", "of", "to", "at", "on", "in"})
_CUT = frozenset({"DT", "PRP$", "IN", "TO"})
_LONGEST = 12
_HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "sir", "lady", "dame", "lord", "saint", "don"})
_SERVED = ("ORG", "PLACE", "GROUP")


class Office(NamedTuple):
    """An office as written, and the index of the name it serves among the document's names."""

    start: int
    end: int
    served: int | None


def find_office(document: Document, found: Sequence[Found], at: int) -> Office | None:
    """The office of the person at an index: before the name, or set off by commas after it.

    "Taliban political spokesman Suhail Shaheen", "Zalmay Khalilzad, the U.S. envoy for
    Afghanistan,".
    """
    name = found[at]
    if name.kind != "PERSON":
        return None
    first = bisect_right(document.starts, name.start) - 1
    last = bisect_left(document.starts, name.end)
    span = _before(document, first) or _after(document, last)
    if span is None:
        return None
    start, end = document.starts[span[0]], document.ends[span[1] - 1]
    return Office(start, end, _served(found, start, end))


def _is_office(document: Document, token: int) -> bool:
    cues, lower = load_cues(), document.lowers[token].strip(".")
    if lower in _HONORIFICS:
        return False
    return lower in cues["role"] or (lower in cues["title"] and document.words[token][0].isupper())


def _before(document: Document, first: int) -> tuple[int, int] | None:
    """Tokens of an office that ends right before a name, with what it is for or of."""
    sentence = document.sentences[document.sentence_of(document.starts[first])][0]
    floor = max(sentence, first - _LONGEST)
    head = first - 1
    if head < floor:
        return None
    if not _is_office(document, head):
        # "envoy for Afghanistan Zalmay Khalilzad": what the office is for stands between
        link = head
        while link > floor and document.tags[link] in ("NNP", "NNPS", "NN", "DT", "JJ", "."):
            link -= 1
        if document.lowers[link] not in _LINKS or link == head or link - 1 < floor:
            return None
        if not _is_office(document, link - 1):
            return None
        head = link - 1
    start = head
    while start > floor and _modifies(document, start - 1):
        start -= 1
    while start < head and document.tags[start] in ("POS", "HYPH", "CD"):
        start += 1
    for token in range(start, head):
        if document.tags[token] == "CC" and not _is_office(document, token - 1):
            start = token + 1
    return start, first


def _modifies(document: Document, token: int) -> bool:
    if document.text[document.ends[token] : document.starts[token + 1]].count("\n"):
        return False
    return document.tags[token] in _MODIFIERS


def _after(document: Document, last: int) -> tuple[int, int] | None:
    """Tokens of an office set off by commas after a name."""
    if last + 1 >= len(document) or document.words[last] != ",":
        return None
    start = last + 1
    while start < len(document) and document.tags[start] in ("DT", "PRP$"):
        start += 1
    end, is_office = start, False
    if start < len(document) and document.tags[start] not in _MODIFIERS:
        return None
    while end < min(len(document), start + _LONGEST):
        tag, word = document.tags[end], document.words[end]
        if word in {",", ".", ";", ")"}:
            return (start, end) if is_office else None
        if tag.startswith("V") and tag != "VBN":
            return None
        if tag not in _MODIFIERS and tag not in _CUT:
            return None
        is_office = is_office or _is_office(document, end)
        end += 1
    return None


def _served(found: Sequence[Found], start: int, end: int) -> int | None:
    """The organisation an office is of, else the first place or people in it."""
    inside = [
        (name.kind != "ORG", index)
        for index, name in enumerate(found)
        if start <= name.start and name.end <= end and name.kind in _SERVED
    ]
    return min(inside)[1] if inside else None
