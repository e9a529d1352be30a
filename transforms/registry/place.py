"""Which place of a knowledge file a place of the news is: by its id, else by name and where."""

from __future__ import annotations

import math
from collections.abc import Sequence

from transforms.registry.entity import Entity
from transforms.registry.knowledge import Thing
from transforms.registry.score import MERGE, Evidence, probability

Point = tuple[float, float]
"""Latitude and longitude, WGS 84."""
_EARTH = 6371.0
_NEAR, _FAR = 30.0, 300.0
"""Kilometres within which two points of one name are one town, and from which on they are two
places: the points that two gazetteers give a country or a region lie far apart too."""


def choose_place(
    entity: Entity, point: Point | None, things: Sequence[Thing]
) -> tuple[Thing, float] | None:
    """The place that an entity is, of those with its id or name, and how sure that is; null where
    it is not sure enough."""
    scored = [
        (probability(weigh_place(entity, point, thing, things)), thing.weight, thing)
        for thing in things
    ]
    score, _, best = max(scored, key=lambda s: (s[0], s[1], s[2].id), default=(0.0, 0.0, None))
    return (best, score) if best is not None and score >= MERGE else None


def weigh_place(
    entity: Entity, point: Point | None, thing: Thing, things: Sequence[Thing]
) -> Evidence:
    """Evidence that an entity is a place of the file, beside all others of its name."""
    evidence = _fit(entity, point, thing)
    if "geonames" in evidence:
        return evidence
    others = sum(
        o.weight * math.exp(sum(_fit(entity, point, o).values()))
        for o in things
        if o.id != thing.id
    )
    if others:
        own = thing.weight * math.exp(sum(evidence.values()))
        evidence["rivals"] = max(-3.0, min(3.0, math.log(own / others)))
    else:
        evidence["alone"] = 0.8
    return evidence


def _fit(entity: Entity, point: Point | None, thing: Thing) -> Evidence:
    key = entity.entity_id
    if thing.geonames_id is not None and key.startswith("geonames:"):
        # an id is an answer by itself, also where it says no
        return {"geonames": 6.0 if key == f"geonames:{thing.geonames_id}" else -6.0}
    evidence: Evidence = {}
    if thing.country and entity.country_code:
        evidence["country"] = 1.0 if thing.country == entity.country_code else -4.0
    if point is not None and thing.point is not None:
        far = kilometres(point, thing.point)
        evidence["distance"] = 2.0 if far <= _NEAR else 0.0 if far <= _FAR else -4.0
    return evidence


def kilometres(one: Point, other: Point) -> float:
    """The great-circle distance between two points (haversine)."""
    (a, b), (c, d) = ((math.radians(x) for x in point) for point in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, half)))
