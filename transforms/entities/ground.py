"""Where a document is set, which tells a small town from a person or a company of its name."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from transforms.entities.choose import Said, choose_places
from transforms.entities.cues import load_cues
from transforms.entities.distance import Floats, positions
from transforms.entities.places import Place, fold_name, load_gazetteer
from transforms.entities.readings import find_readings

_NEAR = math.cos(60.0 / 6371.0)
"""Cosine of the angle between two places 60 km apart."""
_SURE = 0.5
"""Probability from which a reading is taken for where a name is."""
_LOCAL = frozenset({"city", "admin2"})
_LEAST = 3
"""Letters of the shortest name that nearness is asked for."""

_WORDS = ("org_word", "org_suffix", "place_suffix", "event_suffix")
"""Words that name nothing by themselves: "the Union"."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The towns and counties that a document surely names.

    Attributes:
        names: their folded names.
        points: the unit vector of each, one a row.
    """

    names: tuple[str, ...]
    points: Floats

    def is_near(self, surface: str) -> bool:
        """Whether a place of the name lies near another one that the document names."""
        key = fold_name(surface)
        others = [name != key for name in self.names]
        is_word = any(key in load_cues()[kind] for kind in _WORDS)
        if is_word or len(key) < _LEAST or not any(others) or key not in load_gazetteer():
            return False
        places = [r.place for r in find_readings(surface) if _is_local(r.place)]
        if not places:
            return False
        nearest = float((self.points[others] @ positions(places).T).max())
        return nearest > _NEAR


def _is_local(place: Place) -> bool:
    return place.kind in _LOCAL and (place.is_usual or not place.is_alternate)


def read_ground(surfaces: Iterable[str]) -> Ground:
    """The ground of a document.

    Args:
        surfaces: the names in it that are taken for places.
    """
    names = [s for s in dict.fromkeys(surfaces) if find_readings(s)]
    if not names:
        return Ground((), np.zeros((0, 3)))
    choices = choose_places([Said(find_readings(s), 1.0, (), frozenset()) for s in names], {}, {})
    sure = [
        (fold_name(name), choice.readings[0][0].place)
        for name, choice in zip(names, choices, strict=True)
        if choice.readings[0][1] >= _SURE and choice.readings[0][0].place.kind in _LOCAL
    ]
    return Ground(tuple(name for name, _ in sure), positions([place for _, place in sure]))
