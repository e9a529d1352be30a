"""Places whose names have several words, which are hardly ever anything else."""

from __future__ import annotations

from functools import lru_cache

from transforms.entities.cues import load_cues
from transforms.entities.found import Found
from transforms.entities.places import fold_name, load_gazetteer
from transforms.entities.readings import find_readings
from transforms.language.document import Document

_LONGEST = 5
"""Tokens of the longest name; a hyphen is one."""
_LARGE = 100_000
"""Inhabitants from which a city is known by its name."""
_WIDE = frozenset({"country", "admin1", "region"})
_JOINTS = frozenset({" ", "-", "\u2013"})


def find_wide(document: Document, taken: bytearray) -> list[Found]:
    """Countries, divisions, regions and great cities of two words and more that nothing took.

    "Port-au-Prince", "Tamil Nadu", also before a title: "New Zealand Prime Minister". A name that
    other capitalised words surround is a part of a longer one.
    """
    found, after = [], 0
    for at, word in enumerate(document.words):
        if at < after or not word[0].isupper() or taken[document.starts[at]]:
            continue
        last = _last(document, at, taken)
        if last and not _joins(document, at - 1) and not _joins(document, last):
            found.append(Found(document.starts[at], document.ends[last - 1], "PLACE", "wide"))
            after = last
    return found


def _last(document: Document, first: int, taken: bytearray) -> int:
    """One past the last token of the longest place that begins at a token; 0 without one."""
    text, start = document.text, document.starts[first]
    for last in range(min(len(document), first + _LONGEST), first + 1, -1):
        end = document.ends[last - 1]
        if not document.words[last - 1][0].isupper() or any(taken[start:end]):
            continue
        if _is_one(text[start:end]) and _is_known(text[start:end]):
            return last
    return 0


def _is_one(name: str) -> bool:
    """Whether nothing but spaces and hyphens parts the words of a name."""
    return _JOINTS.issuperset(c for c in name if not c.isalpha() and c not in ".'\u2019")


@lru_cache(maxsize=4_000)
def _is_known(name: str) -> bool:
    """Whether a name of several words is a place that all the world knows."""
    key = fold_name(name)
    if " " not in key or key not in load_gazetteer():
        return False
    return any(
        (r.place.is_usual or not r.place.is_alternate)
        and (r.place.kind in _WIDE or (r.place.kind == "city" and r.place.population >= _LARGE))
        for r in find_readings(name)
    )


def _joins(document: Document, at: int) -> bool:
    """Whether the token at an index can be a word of the same name: capitalised and no title."""
    if not 0 <= at < len(document) or not document.words[at][0].isupper():
        return False
    is_proper = document.tags[at] in ("NNP", "NNPS")
    return is_proper and document.lowers[at].strip(".") not in load_cues()["title"] | {"prime"}
