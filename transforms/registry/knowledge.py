"""Things that others know, by outside ids: rows of a knowledge file, and which one a name is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.entities.keys import entity_key
from transforms.registry.entity import Entity
from transforms.registry.name import is_short
from transforms.registry.score import MERGE, Evidence, probability
from warehouse.tables import MENTION_TYPES

SCHEMATA = {
    "Person": "PERSON", "Organization": "ORG", "Company": "ORG", "PublicBody": "ORG",
    "LegalEntity": "ORG", "Event": "EVENT",
}  # fmt: skip
"""FollowTheMoney schemata that are read, and the type of mention each is."""
_SEPARATORS = ";|"


class KnowledgeError(Exception):
    """A knowledge file, or a row of it, cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a knowledge file.

    Attributes:
        names: the usual one first.
        kind: a type of mention.
        country: ISO 3166-1 alpha-2.
        weight: how well known it is, such as the number of its Wikipedia pages; at least 1.
        geonames_id: of a place.
        point: latitude and longitude of a place, WGS 84.
    """

    id: str
    names: tuple[str, ...]
    kind: str
    country: str | None = None
    wikidata_id: str | None = None
    weight: float = 1.0
    geonames_id: int | None = None
    point: tuple[float, float] | None = None

    def keys(self) -> frozenset[str]:
        """The entity_id of mentions under each of its names, and of those linked to it."""
        if self.kind == "PLACE":
            linked = {f"geonames:{self.geonames_id}"} if self.geonames_id else set()
            return frozenset(linked | {entity_key(self.kind, name) for name in self.names})
        full = [n for n in self.names if n == self.names[0] or not is_short(self.kind, n)]
        return frozenset(entity_key(self.kind, name) for name in full)


def to_thing(row: Mapping[str, Any]) -> Thing:
    """The thing in a row with the columns id, names (or name and aliases), type, and if they are
    known country, wikidata_id and weight, and of places geonames_id, latitude and longitude.

    Raises:
        KnowledgeError: it has no id or name, or a type that no mention has, or a number is none.
    """
    names = [*_list(row.get("name")), *_list(row.get("names")), *_list(row.get("aliases"))]
    kind = str(row.get("type") or "").upper()
    if not row.get("id") or not names:
        raise KnowledgeError("a row has no id or no name")
    if kind not in MENTION_TYPES:
        raise KnowledgeError(
            f"{row['id']}: the type {kind!r} is none of {', '.join(MENTION_TYPES)}"
        )
    item = row.get("wikidata_id") or (row["id"] if _is_item(str(row["id"])) else None)
    country = str(row.get("country") or "").upper()
    return Thing(
        id=str(row["id"]),
        names=tuple(dict.fromkeys(names)),
        kind=kind,
        country=country if len(country) == 2 and country.isalpha() else None,
        wikidata_id=str(item) if item and _is_item(str(item)) else None,
        weight=max(1.0, float(row.get("weight") or 1.0)),
        geonames_id=int(row["geonames_id"]) if row.get("geonames_id") else None,
        point=_point(row),
    )


def to_thing_of_ftm(row: Mapping[str, Any]) -> Thing | None:
    """The thing in a FollowTheMoney entity; null where its schema is of no use here.

    Raises:
        KnowledgeError: it has no id.
    """
    kind = SCHEMATA.get(str(row.get("schema")))
    properties = row.get("properties") or {}
    names = [*properties.get("name", ()), *properties.get("alias", ())]
    if kind is None or not names:
        return None
    countries = [*properties.get("country", ()), *properties.get("nationality", ())]
    return to_thing(
        {
            "id": row.get("id"),
            "names": names,
            "type": kind,
            "country": countries[0] if countries else None,
            "wikidata_id": next(iter(properties.get("wikidataId", ())), None),
        }
    )


def choose_thing(entity: Entity, things: Sequence[Thing]) -> tuple[Thing, float] | None:
    """The thing that an entity is, of those with its name, and how sure that is; null where it is
    not sure enough."""
    scored = [
        (probability(weigh_thing(entity, thing, things)), thing.weight, thing) for thing in things
    ]
    score, _, best = max(scored, key=lambda s: (s[0], s[1], s[2].id), default=(0.0, 0.0, None))
    return (best, score) if best is not None and score >= MERGE else None


def weigh_thing(entity: Entity, thing: Thing, things: Sequence[Thing]) -> Evidence:
    """Evidence that an entity is a thing: the countries it is seen with, and how well known the
    thing is beside all others of the name."""
    evidence = {"country": _country(entity, thing)}
    others = sum(o.weight * math.exp(_country(entity, o)) for o in things if o.id != thing.id)
    if others:
        own = thing.weight * math.exp(evidence["country"])
        evidence["rivals"] = max(-3.0, min(3.0, math.log(own / others)))
    else:
        evidence["alone"] = 2.0
    if entity.kind == "PERSON" and is_short(entity.kind, entity.name):
        evidence["short"] = -2.0
    return evidence


def _country(entity: Entity, thing: Thing) -> float:
    countries = entity.profile.of("c:")
    if not thing.country or not countries:
        return 0.0
    return 1.0 if f"c:{thing.country}" in countries else -1.0


def _point(row: Mapping[str, Any]) -> tuple[float, float] | None:
    both = [row.get(name) for name in ("latitude", "longitude")]
    if any(value is None or value == "" for value in both):
        return None
    latitude, longitude = (float(value) for value in both if value is not None)
    return latitude, longitude


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        for separator in _SEPARATORS:
            value = value.replace(separator, "\n")
        value = value.split("\n")
    return [str(name).strip() for name in value if name and str(name).strip()]


def _is_item(text: str) -> bool:
    return text[:1] == "Q" and text[1:].isdigit()
