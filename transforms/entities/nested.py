"""The place in an organisation's name."""

from __future__ import annotations

import re
from collections.abc import Collection

from transforms.entities.places import fold_name
from transforms.entities.readings import find_readings

_WORD = re.compile(r"[\w.'\u2019-]+")
_CIVIC = frozenset(
    {"police", "council", "county", "university", "city", "department", "school", "schools",
     "hospital", "court", "sheriff", "fire", "board", "commission", "government", "ministry",
     "assembly", "legislature", "parliament", "college", "airport", "jail", "district", "library",
     "museum", "chamber", "authority", "society", "association", "church", "center", "centre",
     "institute", "office", "bank", "stock", "exchange", "embassy", "army", "national", "state",
     "bureau", "agency", "patrol", "corrections",
     "times", "post", "news", "herald", "journal", "tribune", "gazette", "club", "fc", "united"}
)  # fmt: skip
"""Words of bodies that are of the place they are named after."""
_NOT_PLACES = frozenset(
    {"national", "union", "central", "university", "general", "american", "first",
     "republic", "united", "north", "south", "east", "west", "northern", "southern", "eastern",
     "western", "independent", "liberal", "democratic", "democrat", "defense", "christian",
     "lion", "lions", "port", "fire", "police", "state", "board", "high", "middle", "school",
     "college", "bank", "church", "hospital", "center", "green", "golden", "royal", "grand",
     "liberty", "the"}
)  # fmt: skip
_LONGEST = 3
_LARGE = 3.3
"""Powers of ten of inhabitants from which a place is known by its name."""


def find_nested(surface: str, places: Collection[str]) -> tuple[int, int] | None:
    """Offsets in an organisation's name of the place it is named after; null without one.

    The place opens the name or follows "of" or "in", and the rest says that it is a body of it:
    "Salem Police Department", "University of Leeds". A small place counts where the document
    says it on its own too.

    Args:
        surface: the organisation's name.
        places: folded names of the document's places.
    """
    words = list(_WORD.finditer(surface))
    folded = [w[0].casefold().strip(".") for w in words]
    if len(words) < 2 or not _CIVIC.intersection(folded):
        return None
    firsts = [0] + [i + 1 for i, w in enumerate(folded[:-1]) if w in ("of", "in", "at")]
    for first in sorted(firsts, reverse=True):
        for last in range(min(len(words), first + _LONGEST), first, -1):
            start, end = words[first].start(), words[last - 1].end()
            whole = first == 0 and last == len(words)
            key = fold_name(surface[start:end])
            if not whole and key not in _NOT_PLACES and (key in places or _is_large(key)):
                return start, end
    return None


def _is_large(name: str) -> bool:
    return any(r.prior >= _LARGE for r in find_readings(name))
