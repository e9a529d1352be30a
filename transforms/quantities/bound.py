"""Bounds and approximation said of a number: the modifier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from transforms.quantities.lexicon import bounds

_DURING = frozenset({"over", "within", "past", "near", "beyond"})
_SPACES = re.compile(r"\s+")
_FILLER = re.compile(r"[ ](?:an?|the|estimated|just|only|its|their|his)$")
_REACH = 44
"""Code points before a number in which its bound begins."""
_WORDS = 6
_WORD = re.compile(r"[\w'’.-]+|[~≈<>=≤≥]+(?:[ ]=)?")


@cache
def _after() -> re.Pattern[str]:
    phrases = sorted(bounds()[1], key=len, reverse=True)
    return re.compile(
        r"[ ]?("
        + "|".join(re.escape(p) + (r"(?!\w|[ ]than\b)" if p[-1].isalnum() else "") for p in phrases)
        + ")"
    )


def find_bound_before(text: str, start: int, kind: str = "") -> tuple[str, int]:
    """The modifier that stands before the number at `start`, and where its words begin.

    Without one: "exact" and `start`. The longest phrase counts ("no more than", not "more than").
    """
    before = bounds()[0]
    if text[max(0, start - 4) : start].lower() == "sub-":
        return "less_than", start - 4
    edge = max(0, start - _REACH)
    left = text[edge:start].lower().rstrip("( -")
    begin = len(left)
    best, at = "exact", start
    for word in reversed([*_WORD.finditer(left)][-_WORDS:]):
        if word.end() != begin:
            break
        begin = word.start()
        phrase = _SPACES.sub(" ", left[begin:])
        for form in (phrase, _FILLER.sub("", phrase)):
            if form in before and not (kind == "duration" and form in _DURING):
                best, at = before[form], edge + begin
        while begin and left[begin - 1] == " ":
            begin -= 1
    return best, at


def find_bound_after(text: str, ends: Iterable[int]) -> str:
    """The modifier after the number or the noun it counts, whichever has one, or "exact"."""
    for end in ends:
        match = _after().match(text, end)
        if match:
            return bounds()[1][match.group(1)]
    return "exact"
