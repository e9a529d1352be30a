"""How far places are from each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.entities.places import Place

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def distances(places: Sequence[Place]) -> Floats:
    """Kilometres between all pairs."""
    xyz = positions(places)
    return np.asarray(6371.0 * np.arccos(np.clip(xyz @ xyz.T, -1.0, 1.0)))


def positions(places: Sequence[Place]) -> Floats:
    """The unit vector of each place, one a row."""
    at = np.radians([(p.latitude, p.longitude) for p in places]).reshape(-1, 2)
    flat = np.cos(at[:, 0])
    return np.stack([flat * np.cos(at[:, 1]), flat * np.sin(at[:, 1]), np.sin(at[:, 0])], axis=1)
