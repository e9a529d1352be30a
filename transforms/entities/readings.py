"""The places a name can stand for, and what each is worth before its document is seen."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from transforms.entities.places import Place, fold_name, load_gazetteer

_DIRECTION = re.compile(
    r"(?:[nsew]|n[ew]|s[ew]|north|south|east|west|north ?east|north ?west|south ?east"
    r"|south ?west|northern|southern"
    r"|eastern|western|(?:north|south)(?:eastern|western)|central|downtown|upper|lower|greater"
    r"|mainland|rural|city of|town of|village of|state of|province of|republic of) (?=\w)"
)
_SIDES = {"n": "north", "s": "south", "e": "east", "w": "west"}
_FACILITY = frozenset(
    {"airport", "stadium", "university", "jail", "courthouse", "fairgrounds", "zoo", "hospital",
     "mall", "prison", "college", "cemetery", "museum", "library", "cathedral", "castle", "mosque",
     "harbour", "harbor", "station", "township", "twp", "racecourse", "arena", "area", "region",
     "metropolitan"}
)  # fmt: skip
"""Last words of things that stand in the place they are named after."""
_DIVISION = frozenset(
    {"state", "province", "oblast", "governorate", "prefecture", "krai", "canton", "voivodeship",
     "region", "emirate"}
)  # fmt: skip
"""Last words that say that a division has the name without them: "Idlib Province"."""
_COUNTY = re.compile(r"(?:\w+ ){1,3}(?:county|parish)(?= )")
_NATIONS = frozenset({"england", "scotland", "wales", "northern ireland"})
_FEDERAL = frozenset({"US", "CA", "AU", "GB", "IN", "DE", "BR", "MX", "RU"})
"""Countries whose divisions the news names as such."""
_KIND = {"country": 3.0, "region": 9.0, "admin1": 0.5, "admin2": -1.0, "city": 0.0}
"""What a kind of place is worth, in powers of ten of inhabitants."""
_FEDERAL_STATE = 1.5
_ALTERNATE, _SEAT, _CAPITAL = -2.5, -4.0, 2.0
_USUAL = 2.0
"""For whom newsrooms use the name."""
_MOST = 24
"""Readings of one name that are compared; more are hamlets."""


class Reading(NamedTuple):
    """A place, and the parts of what it is worth before the document is seen."""

    place: Place
    population: float
    kind: float
    name: float

    @property
    def prior(self) -> float:
        """What the place is worth, in powers of ten of inhabitants."""
        return self.population + self.kind + self.name


@lru_cache(maxsize=2_000)
def find_readings(name: str) -> tuple[Reading, ...]:
    """The readings of a name, the likeliest first.

    A direction or the like before a name is cut where the whole name is no place, and so is what
    stands in a place and has its name ("Leeds Airport").
    """
    gazetteer, key = load_gazetteer(), fold_name(name)
    found = gazetteer.places_of(key)
    if not found and key[1:2] == " " and key[0] in _SIDES:
        found = gazetteer.places_of(f"{_SIDES[key[0]]}{key[1:]}")
    if not found and (parts := key.rpartition(" "))[2] in _DIVISION:
        found = _divisions(parts[0])
    while not found and (head := _DIRECTION.match(key)) is not None:
        key = key[head.end() :]
        found = gazetteer.places_of(key)
    words = key.split()
    if not found and len(words) > 1 and words[-1] in _FACILITY:
        while not found and len(words) > 1:
            words.pop()
            found = gazetteer.places_of(" ".join(words))
    if not found and (county := _COUNTY.match(key)) is not None:
        found = gazetteer.places_of(county[0])
    cities = {(p.country_code, p.admin1_code) for p in found if p.kind == "city"}
    return tuple(sorted((_reading(p, cities) for p in found), key=lambda r: -r.prior)[:_MOST])


def _divisions(key: str) -> tuple[Place, ...]:
    """The first-order divisions of a name; "Ohio State" is a university's, or its team's."""
    found = [p for p in load_gazetteer().places_of(key) if p.kind == "admin1"]
    return () if any(p.country_code == "US" for p in found) else tuple(found)


def _reading(place: Place, cities: set[tuple[str | None, str | None]]) -> Reading:
    kind = _KIND[place.kind] + (_CAPITAL if place.is_capital else 0.0)
    if place.kind == "admin1" and place.country_code in _FEDERAL:
        kind += _FEDERAL_STATE
    # a division named after a city in it: the city is meant, unless the text says otherwise
    if place.kind in ("admin1", "admin2") and (place.country_code, place.admin1_code) in cities:
        kind += _SEAT
    name = _USUAL if place.is_usual else _ALTERNATE if place.is_alternate else 0.0
    return Reading(place, math.log10(place.population + 1), kind, name)


def is_country(name: str) -> bool:
    """Whether a country has the name, or one of the parts of the United Kingdom."""
    if fold_name(name) in _NATIONS:
        return True
    return any(r.place.kind == "country" for r in find_readings(name))
