"""Bounds and approximation said of a number: the modifier."""

from __future__ import annotations

import re
from functools import cache

from transforms.quantities.lexicon import bounds

_DURING = frozenset({"over", "within", "past", "near", "beyond"})
_LAST = re.compile(r"(?:[\w'’.-]+|[~≈<>=≤≥]+(?:[ ]=)?)$")


@cache
def _after() -> re.Pattern[str]:
    phrases = sorted(bounds()[1], key=len, reverse=True)
    return re.compile(
        r"[ ]?("
        + "|".join(re.escape(p) + (r"(?!\w|[ ]than\b)" if p[-1].isalnum() else "") for p in phrases)
        + ")"
    )


def find_modifier(
    text: str, start: int, end: int, kind: str, noun_end: int | None = None
) -> tuple[str, int]:
    """The modifier of the number at text[start:end], and where its words begin (else `start`)."""
    before, after = bounds()
    left = text[max(0, start - 44) : start].lower().rstrip("( -")
    if text[max(0, start - 4) : start].lower() == "sub-":
        return "less_than", start - 4
    begin = len(left)
    best, at = "exact", start
    for _ in range(6):
        word = _LAST.search(left[:begin])
        if not word:
            break
        begin = word.start()
        phrase = re.sub(r"\s+", " ", left[begin:])
        for form in (
            phrase,
            re.sub(r"[ ](?:an?|the|estimated|just|only|its|their|his)$", "", phrase),
        ):
            if form in before and not (kind == "duration" and form in _DURING):
                best, at = before[form], max(0, start - 44) + begin
        while begin and left[begin - 1] == " ":
            begin -= 1
    if best == "exact":
        for place in (end, noun_end):
            if place is None:
                continue
            match = _after().match(text, place)
            if match:
                return after[match.group(1)], at
    return best, at
