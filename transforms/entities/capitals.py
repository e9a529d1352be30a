"""Places in datelines and headlines that are all capitals."""

from __future__ import annotations

import re

from transforms.entities.cues import load_cues
from transforms.entities.found import Found
from transforms.entities.places import Place
from transforms.entities.readings import find_readings

_DATELINE = re.compile(
    r"(?:^[ \t]*|(?<=[.!?\u201d\"] ))([A-Z][A-Z.' -]{1,28}[A-Z])"
    r"(?=(?:,[^\n]{1,30}?)?\s*(?:\([^()\n]{1,30}\)\s*)?(?:[\u2013\u2014]|--|- )"
    r"|,? (?:\d{4}-\d|[A-Z][a-z]{2,8}\.? \d|\d{1,2} [A-Z][a-z]{2}))",
    re.MULTILINE,
)
_STATED = re.compile(
    r"^[ \t]*([A-Z][A-Z.' -]{2,28}[A-Z]), [A-Z][\w. ]{2,20} \d{4}-\d", re.MULTILINE
)
_CAPITALS = re.compile(r"\b[A-Z]{4,}(?: [A-Z]{4,})?\b")
_LOUD = re.compile(r"^[^a-z\n]*[A-Z]{2}[^a-z\n]*$", re.MULTILINE)
_ZONES = frozenset({"EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "GMT", "BST", "CET"})
_WORD = re.compile(r"[^\W_]+")
_WELL_KNOWN = 400_000
"""Inhabitants from which a city in capitals is taken for itself and not for another word."""


def find_datelines(text: str) -> list[Found]:
    """Places in capitals that open a line: "BEIRUT, Lebanon (AP) - "."""
    return [
        Found(at.start(1), at.end(1), "PLACE", "dateline")
        for at in _DATELINE.finditer(text)
        if at[1].casefold() not in load_cues()["sport"]
        and at[1] not in _ZONES
        and any(not r.place.is_alternate for r in find_readings(at[1]))
    ] + [Found(at.start(1), at.end(1), "PLACE", "dateline") for at in _STATED.finditer(text)]


def find_capitals(text: str) -> list[Found]:
    """Countries and great cities in headlines that are all capitals."""
    found = []
    for run in _CAPITALS.finditer(text):
        words = list(_WORD.finditer(text, run.start(), run.end()))
        spans = [(run.start(), run.end())]
        spans += [w.span() for w in words] if len(words) > 1 else []
        for start, end in spans:
            if any(_is_well_known(r.place) for r in find_readings(text[start:end])):
                found.append(Found(start, end, "PLACE", "capitals"))
    return found


def find_loud_lines(text: str) -> list[tuple[int, int]]:
    """Lines without small letters, in which case says nothing: offsets of each."""
    return [m.span() for m in _LOUD.finditer(text) if len(_WORD.findall(m[0])) >= 4]


def _is_well_known(place: Place) -> bool:
    size = place.kind == "country" or place.population >= _WELL_KNOWN
    return size and place.kind in ("country", "city") and not place.is_alternate
