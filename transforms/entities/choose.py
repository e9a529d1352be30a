"""The place of each name of a document, chosen for all names together.

Every reading of every name has a score: what it is worth alone, and how well the readings of the
other names support it by lying in the same country or division or near, each weighted by how
likely it is itself. Likelihoods and scores are computed in turn until they agree (a mean field).
All is plain arithmetic on the names of one document: the same names give the same places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from transforms.entities.distance import Floats, distances
from transforms.entities.readings import Reading

ROUNDS = 12
HEAT = 0.6
"""How undecided the first round is in local news."""
_LITTLE = 0.2
"""Fame up to which a place is one of many of its name."""
_COMMON = 4.0
"""How much less a famous place says of what is near it."""


class Weights(NamedTuple):
    """What each piece of evidence is worth, in powers of ten of inhabitants."""

    population: float = 1.0
    country: float = 3.0
    admin1: float = 3.0
    near: float = 10.0
    near_km: float = 75.0
    within: float = 20.0
    described: float = 6.0
    people: float = 2.0
    home: float = 3.0
    setting: float = 5.0
    sharp: float = 0.9
    fame: float = 1.2
    most: float = 1.4


WEIGHTS = Weights()
NOWHERE: Mapping[str, float] = MappingProxyType({})


class Said(NamedTuple):
    """A name of a document.

    Attributes:
        readings: what it can stand for.
        weight: how much it counts for the others.
        within: indices of the names after its commas ("Paris, Texas").
        described: kinds of place that words beside it say it is; empty where none do.
    """

    readings: tuple[Reading, ...]
    weight: float
    within: tuple[int, ...]
    described: frozenset[str]


class Choice(NamedTuple):
    """The readings of a name with their probability and the shares of their score, best first."""

    readings: tuple[tuple[Reading, float, dict[str, float]], ...]


def choose_places(
    said: Sequence[Said],
    countries: Mapping[str, float],
    home: Mapping[str, float],
    setting: Mapping[str, float] = NOWHERE,
    weights: Weights = WEIGHTS,
) -> list[Choice]:
    """The readings of each name, ranked.

    Args:
        said: the different names of one document, each with at least one reading.
        countries: how often peoples of each country are named.
        home: how likely the publisher is of each country.
        setting: how likely the text is local news of each country.
        weights: what evidence is worth.
    """
    readings = [r for name in said for r in name.readings]
    firsts = np.cumsum([0, *(len(name.readings) for name in said)])
    owner = np.repeat(np.arange(len(said)), np.diff(firsts))
    shares = _alone(said, readings, owner, countries, home, setting, weights)
    bonds = _bonds(readings, owner, weights)
    fixed = np.sum(list(shares.values()), axis=0) + _within(said, readings, firsts, bonds, weights)
    shares["within"] = fixed - np.sum(list(shares.values()), axis=0)
    counts = np.array([name.weight for name in said])[owner]
    scores, support = fixed, dict[str, Floats]()
    # local news is undecided at first, so that no famous reading wins before the others are heard
    heat = HEAT * max(setting.values(), default=0.0)
    for turn in range(ROUNDS):
        sharp = weights.sharp * (1.0 - heat * (1.0 - turn / (ROUNDS - 1)))
        likely = _softmax(scores * sharp, firsts, owner) * counts
        support = {
            kind: getattr(weights, kind) * np.minimum(np.log1p(bond @ likely), weights.most)
            for kind, bond in bonds.items()
        }
        scores = fixed + np.sum(list(support.values()), axis=0)
    likely = _softmax(scores * weights.sharp, firsts, owner)
    shares |= support
    return [
        _choice(readings, likely, scores, shares, firsts[i], firsts[i + 1])
        for i in range(len(said))
    ]


def is_elsewhere(choice: Choice, holder: Choice) -> bool:
    """Whether a name is said to be in a state or country in which none of its readings lies.

    "Orwell, Vermont" is then no Orwell that the gazetteer has. A famous place stays: in "London,
    Singapore and Tokyo" the comma says nothing.
    """
    best, wide = choice.readings[0][0], holder.readings[0][0].place
    if best.place.kind not in ("city", "admin2") or _fame(best) > _LITTLE:
        return False
    if wide.kind not in ("admin1", "country") or wide.country_code is None:
        return False
    return not any(
        reading.place.country_code == wide.country_code
        and (wide.kind == "country" or reading.place.admin1_code == wide.admin1_code)
        for reading, _, _ in choice.readings
    )


def _alone(
    said: Sequence[Said],
    readings: Sequence[Reading],
    owner: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    countries: Mapping[str, float],
    home: Mapping[str, float],
    setting: Mapping[str, float],
    weights: Weights,
) -> dict[str, Floats]:
    """Shares of the score that other names have no part in."""
    peoples = [countries.get(r.place.country_code or "", 0.0) for r in readings]
    homes = [home.get(r.place.country_code or "", 0.0) for r in readings]
    settings = [setting.get(r.place.country_code or "", 0.0) for r in readings]
    described = [
        bool(said[name].described) and r.place.kind in said[name].described
        for r, name in zip(readings, owner.tolist(), strict=True)
    ]
    return {
        "population": weights.population * np.array([r.population for r in readings]),
        "fame": weights.fame * np.array([_fame(r) for r in readings]),
        "kind": np.array([r.kind for r in readings]),
        "name": np.array([r.name for r in readings]),
        "described": weights.described * np.array(described, dtype=np.float64),
        "people": weights.people * np.log1p(np.array(peoples)),
        "home": weights.home * np.array(homes),
        "setting": weights.setting * np.array(settings),
    }


def _fame(reading: Reading) -> float:
    """How much a name is known for this place all over the world."""
    place = reading.place
    if place.is_alternate:
        return 0.0
    if place.kind in ("country", "region"):
        return 2.0
    return max(0.0, reading.population - 5.0) + place.is_capital


def _bonds(
    readings: Sequence[Reading],
    owner: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    weights: Weights,
) -> dict[str, Floats]:
    """How much each reading speaks for each other one, by kind of evidence; 0 to 1."""
    places = [r.place for r in readings]
    country = np.array([p.country_code or "" for p in places])
    admin1 = np.array(
        [f"{p.country_code}.{p.admin1_code}" if p.admin1_code else "" for p in places]
    )
    other = owner[:, None] != owner
    local = np.array([p.kind in ("city", "admin2") for p in places])
    near = np.exp(-distances([r.place for r in readings]) / weights.near_km) * (
        local[:, None] & local
    )
    return {
        "country": ((country[:, None] == country) & (country != "") & other).astype(np.float64),
        "admin1": ((admin1[:, None] == admin1) & (admin1 != "") & other).astype(np.float64),
        # everybody names the great cities: being near one tells little
        "near": near * other / (1.0 + _COMMON * np.array([_fame(r) for r in readings])),
    }


def _within(
    said: Sequence[Said],
    readings: Sequence[Reading],
    firsts: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    bonds: Mapping[str, Floats],
    weights: Weights,
) -> Floats:
    """For "City, State": the readings inside what follows the comma, and what holds them."""
    score = np.zeros(len(readings))
    ranks = {"country": 0, "region": 0, "admin1": 1, "admin2": 2}
    kinds = np.array([ranks.get(r.place.kind, 3) for r in readings])
    for index, name in enumerate(said):
        mine = slice(firsts[index], firsts[index + 1])
        for other in name.within:
            theirs = slice(firsts[other], firsts[other + 1])
            held = np.where(
                kinds[theirs] == 0, bonds["country"][mine, theirs], bonds["admin1"][mine, theirs]
            )
            inside = (kinds[theirs] < kinds[mine, None]) & (held > 0)
            score[mine] += weights.within * inside.any(axis=1)
            score[theirs] += weights.within / 2 * inside.any(axis=0)
    return score


def _softmax(
    scores: Floats,
    firsts: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    owner: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> Floats:
    """Probabilities within each name."""
    raised = np.exp(scores - np.maximum.reduceat(scores, firsts[:-1])[owner])
    return np.asarray(raised / np.add.reduceat(raised, firsts[:-1])[owner])


def _choice(
    readings: Sequence[Reading],
    likely: Floats,
    scores: Floats,
    shares: Mapping[str, Floats],
    first: int,
    last: int,
) -> Choice:
    order = sorted(range(first, last), key=lambda i: (-scores[i], i))
    return Choice(
        tuple(
            (
                readings[i],
                float(likely[i]),
                {kind: round(float(s[i]), 2) for kind, s in shares.items() if abs(s[i]) >= 0.005},
            )
            for i in order
        )
    )
