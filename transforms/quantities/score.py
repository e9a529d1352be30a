"""Scores: two numbers with a hyphen between that are a result and not a range."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list

_DASHED = re.compile(r"\d+[-–‑]\d+")
_WORD = re.compile(r"[^\W\d_]+")
_HIGHEST = 200
"""The highest number of points that a score with a hyphen has."""
_AROUND = 40
_AGED = frozenset({"age", "aged", "ages"})


def is_score(document: Document, low: Item, high: Item, *, to: bool = False) -> bool:
    """Whether two numerals are a score: "won 3-1", "a 52-48 vote", "voted 7 to 5" (`to`)."""
    text = document.text
    if high.unit or low.unit or high.prefixed or low.prefixed:
        return False
    if to:
        return (low.value or 0) > (high.value or 0) and _is_sport(document, low, high)
    if not _DASHED.fullmatch(text[low.start : high.end]):
        return False
    a, b = low.value or 0, high.value or 0
    if a >= b:
        return True
    if b > _HIGHEST or (low.first and document.lowers[low.first - 1] in _AGED):
        return False
    after = high.last + 1
    if after < len(document) and document.tags[after] == "NNS":
        return False
    if low.first > 0 and document.tags[low.first - 1] in ("NNP", "NNPS"):
        return True
    return _is_sport(document, low, high)


def _is_sport(document: Document, low: Item, high: Item) -> bool:
    """Whether words of games or votes stand near."""
    around = document.text[max(0, low.start - _AROUND) : high.end + _AROUND].lower()
    return any(m.group() in _SPORT for m in _WORD.finditer(around))


_SPORT = word_list("score_words")
