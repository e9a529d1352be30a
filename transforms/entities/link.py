"""Mentions with the place, and the entity, each stands for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from transforms.entities.places import Place, fold_name, load_demonyms, load_gazetteer
from transforms.text import key_of

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

PLACED = (
    "geonames_id", "country_code", "admin1_code", "latitude", "longitude", "precision",
)  # fmt: skip
_PRECISIONS = {"city": "city", "admin1": "admin1", "country": "country"}

# What a reading is worth before its document is seen, in powers of ten of inhabitants.
_KIND = {"country": 3.0, "region": 9.0, "admin1": 2.0, "admin2": -1.0, "city": 0.0}
_ALTERNATE = -2.5
_PROVINCE = 0.5
_FEDERAL = frozenset({"US", "CA", "AU", "GB", "IN", "DE", "BR", "MX", "PS", "RU"})
"""Countries whose divisions the news names as such."""
_SEAT = -4.0
_STATES = frozenset({"US"})
"""Where a division is better known than a city of its name."""
# What the document adds.
_NATIONS = frozenset({"england", "scotland", "wales", "northern ireland"})
_WITHIN = 6.0
"""For "City, State": the reading inside what follows the comma."""
_NEAR, _NEAR_KM = 4.0, 120.0
_SAME_ADMIN1, _SAME_COUNTRY = 3.0, 0.5
_DATELINE = 2.0
"""How many other names the place that opens a text counts for."""
_MOST = 24
"""Readings of one name that are compared; more are hamlets."""
_DATELINE_ENDS = 60

_DIRECTION = re.compile(
    r"(?:north|south|east|west|north ?east|north ?west|south ?east|south ?west|northern|southern"
    r"|eastern|western|(?:north|south)(?:eastern|western)|central|downtown|upper|lower|greater"
    r"|mainland|rural|city of|town of|village of|state of|province of|republic of) (?=\w)"
)


class Said(NamedTuple):
    """A name of a document: its readings, where it is said, and the names right after commas."""

    readings: tuple[tuple[float, Place], ...]
    opens: bool
    within: list[int]


def link_places(frame: pd.DataFrame) -> pd.DataFrame:
    """The mentions with their places and `entity_id`.

    Names of places get the reading that fits their document best; names of peoples and languages
    get their country. Every document is read alone, so a batch does not matter. `entity_id` is
    the GeoNames id of a placed name, else a key of type and name.

    Args:
        frame: mentions, with article_id, start, end, type and canonical_name.
    """
    names = frame["canonical_name"].tolist()
    types = frame["type"].tolist()
    starts, ends = frame["start"].tolist(), frame["end"].tolist()
    documents: dict[object, list[int]] = {}
    for row, article in enumerate(frame["article_id"].tolist()):
        documents.setdefault(article, []).append(row)
    columns: dict[str, list[object]] = {name: [None] * len(names) for name in PLACED}
    demonyms = load_demonyms()
    for rows in documents.values():
        peoples = [fold_name(names[r]) for r in rows if types[r] == "GROUP"]
        countries = {code for people in peoples if (code := _country_of(people, demonyms))}
        places = [r for r in rows if types[r] == "PLACE"]
        for row, place in zip(
            places,
            _choose([(starts[r], ends[r], names[r]) for r in places], countries),
            strict=True,
        ):
            if place is not None:
                columns["geonames_id"][row] = place.geonames_id
                columns["country_code"][row] = place.country_code
                columns["admin1_code"][row] = place.admin1_code
                columns["latitude"][row] = place.latitude
                columns["longitude"][row] = place.longitude
                columns["precision"][row] = _PRECISIONS.get(place.kind, "region")
        for row in rows:
            if types[row] == "GROUP":
                columns["country_code"][row] = _country_of(fold_name(names[row]), demonyms)
    keys = [
        f"geonames:{place}" if place is not None else key_of(kind, name.casefold())
        for kind, name, place in zip(types, names, columns["geonames_id"], strict=True)
    ]
    return frame.assign(
        entity_id=pd.Series(keys, index=frame.index, dtype=frame["entity_id"].dtype),
        **{
            name: pd.Series(values, index=frame.index, dtype=frame[name].dtype)
            for name, values in columns.items()
        },
    )


@lru_cache(maxsize=20_000)
def find_readings(name: str) -> tuple[tuple[float, Place], ...]:
    """The places a name can stand for, the likeliest first, each with its score.

    A direction or the like before a name is cut where the whole name is no place.
    """
    gazetteer = load_gazetteer()
    key = fold_name(name)
    found = gazetteer.places_of(key)
    while not found and (head := _DIRECTION.match(key)) is not None:
        key = key[head.end() :]
        found = gazetteer.places_of(key)
    cities = {(p.country_code, p.admin1_code) for p in found if p.kind == "city"}
    scored = [(_prior(p) + _seat(p, cities), p) for p in found]
    scored.sort(key=lambda pair: -pair[0])
    return tuple(scored[:_MOST])


def is_country(name: str) -> bool:
    """Whether a country has the name, or one of the parts of the United Kingdom."""
    folded = fold_name(name)
    return folded in _NATIONS or any(p.kind == "country" for _, p in find_readings(name))


def _seat(place: Place, cities: set[tuple[str | None, str | None]]) -> float:
    """A division named after a city in it: the city is meant, unless the text says otherwise."""
    named = place.kind in ("admin1", "admin2") and (place.country_code, place.admin1_code) in cities
    return _SEAT if named and place.country_code not in _STATES else 0.0


def _prior(place: Place) -> float:
    alternate = _ALTERNATE if place.is_alternate else 0.0
    kind = _KIND[place.kind]
    if place.kind == "admin1" and place.country_code not in _FEDERAL:
        kind = _PROVINCE
    return kind + math.log10(place.population + 1) + alternate


def _country_of(people: str, demonyms: dict[str, str]) -> str | None:
    """The country of a people, also with something before it: "intra-Afghan"."""
    last = people.rpartition(" ")[2]
    for form in (people, people.removesuffix("s"), last, last.removesuffix("s")):
        if (code := demonyms.get(form)) is not None:
            return code
    return None


def _choose(mentions: Sequence[tuple[int, int, str]], countries: set[str]) -> list[Place | None]:
    """The place of each mention (start, end, name) of one document."""
    order: dict[str, int] = {}
    said: list[Said] = []
    owners: list[int | None] = []
    for start, _, name in mentions:
        if name not in order and (readings := find_readings(name)):
            order[name] = len(said)
            said.append(Said(readings, start < _DATELINE_ENDS and not said, []))
        owners.append(order.get(name))
    if not said:
        return [None] * len(mentions)
    for at in range(len(mentions) - 1):
        one, other = owners[at], owners[at + 1]
        apart = mentions[at + 1][0] - mentions[at][1]
        # a comma and a space: "Paris, Texas"
        if one is not None and other is not None and one != other and apart == 2:
            said[one].within.append(other)
    best = _best(said, countries)
    return [None if owner is None else best[owner] for owner in owners]


def _best(said: Sequence[Said], countries: set[str]) -> list[Place]:
    """The reading of each name that the readings of the others support most."""
    places = [p for name in said for _, p in name.readings]
    firsts = np.cumsum([0, *(len(name.readings) for name in said)])
    owner = np.repeat(np.arange(len(said)), np.diff(firsts))
    prior = np.array([score for name in said for score, _ in name.readings])
    country = np.array([p.country_code or "" for p in places])
    admin1 = np.array(
        [f"{p.country_code}.{p.admin1_code}" if p.admin1_code else "" for p in places]
    )
    prior += 1.5 * np.isin(country, list(countries)) if countries else 0.0
    same_country = (country[:, None] == country) & (country != "")
    same_admin1 = (admin1[:, None] == admin1) & (admin1 != "")
    local = np.array([p.kind in ("city", "admin2") for p in places])
    bond = _SAME_COUNTRY * same_country + _SAME_ADMIN1 * same_admin1
    bond += _NEAR * np.exp(-_distances(places) / _NEAR_KM) * (local[:, None] & local)
    # how sure a name alone makes each of its readings
    sure = np.exp(prior - np.maximum.reduceat(prior, firsts[:-1])[owner])
    support = np.maximum.reduceat(bond * sure, firsts[:-1], axis=1)
    support[np.arange(len(places)), owner] = 0.0
    score = prior + support @ np.array([_DATELINE if name.opens else 1.0 for name in said])
    kinds = np.array([{"country": 0, "admin1": 1, "admin2": 2}.get(p.kind, 3) for p in places])
    for index, name in enumerate(said):
        mine = slice(firsts[index], firsts[index + 1])
        for other in name.within:
            theirs = slice(firsts[other], firsts[other + 1])
            wider = kinds[theirs] < kinds[mine, None]
            inside = wider & np.where(
                kinds[theirs] == 0, same_country[mine, theirs], same_admin1[mine, theirs]
            )
            score[mine] += _WITHIN * inside.any(axis=1)
            score[theirs] += _WITHIN / 2 * inside.any(axis=0)
    return [
        places[firsts[i] + int(np.argmax(score[firsts[i] : firsts[i + 1]]))]
        for i in range(len(said))
    ]


def _distances(places: Sequence[Place]) -> Floats:
    """Kilometres between all pairs."""
    at = np.radians([(p.latitude, p.longitude) for p in places])
    flat = np.cos(at[:, 0])
    xyz = np.stack([flat * np.cos(at[:, 1]), flat * np.sin(at[:, 1]), np.sin(at[:, 0])], axis=1)
    return np.asarray(6371.0 * np.arccos(np.clip(xyz @ xyz.T, -1.0, 1.0)))
