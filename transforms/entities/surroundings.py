"""Where a place is that the gazetteer does not have: what it is in, or what its text is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from transforms.entities.places import Place

_INSIDE = re.compile(
    r", |,? (?:in|near|outside|at|off|east of|west of|north of|south of) (?:the )?"
)
_OWNED = re.compile(r"['\u2019]s? ")
_LEAST = 2
"""How often a town is named in a text that is about it."""
_LOCAL = frozenset({"city", "admin2"})

Spot = tuple[int, int, Place]
"""Start and end of a name, and the place it stands for."""


def find_around(text: str, start: int, end: int, spots: Sequence[Spot]) -> Place | None:
    """The place that the words right beside a name say it is in or near: "the Old Port of Leeds".

    Args:
        text: the text.
        start: where the name begins.
        end: where it ends.
        spots: the names whose place is known, in order of position.
    """
    for first, last, place in spots:
        if first > end and _INSIDE.fullmatch(text, end, first):
            return place
        if last < start and _OWNED.fullmatch(text, last, start):
            return place
    return None


def find_town(spots: Sequence[Spot]) -> Place | None:
    """The town or county that a text is about: the one it names most, twice at least; else null."""
    counts = Counter(place for _, _, place in spots if place.kind in _LOCAL)
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < _LEAST:
        return None
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None
    return ranked[0][0]
