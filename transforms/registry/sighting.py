"""One name in one article: what tells who bears it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from transforms.entities.cluster import plain_words
from transforms.entities.cues import load_cues
from transforms.entities.keys import entity_key
from transforms.registry.tables import load_fields

NAMES = 40
"""Other names of an article that are kept as context, the most mentioned first."""
COUNTRIES = 3
_NAMED = ("PERSON", "ORG", "GROUP", "EVENT")


@dataclass(frozen=True, slots=True)
class Sighting:
    """The mentions of one `entity_id` in one article.

    Attributes:
        name: its fullest form there.
        forms: the `entity_id` that each shorter form has where it stands alone.
        features: what it was seen with: n: other names, t: words of its office, f: the field of
            that, s: whom it serves, c: the countries the article is about.
        point: latitude and longitude of a place.
    """

    article_id: str
    entity_id: str
    kind: str
    name: str
    forms: frozenset[str]
    features: frozenset[str]
    country_code: str | None = None
    point: tuple[float, float] | None = None

    @property
    def is_linked(self) -> bool:
        """Whether the gazetteer has told what it is."""
        return self.entity_id.startswith("geonames:")


def find_sightings(mentions: Iterable[Mapping[str, Any]]) -> list[Sighting]:
    """The sightings in rows of mentions of any articles, by article and entity_id."""
    articles: dict[str, list[Mapping[str, Any]]] = {}
    for row in mentions:
        if row["entity_id"] is not None:
            articles.setdefault(row["article_id"], []).append(row)
    return [s for article in sorted(articles) for s in _of_article(article, articles[article])]


def _of_article(article_id: str, rows: Sequence[Mapping[str, Any]]) -> list[Sighting]:
    by_entity: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda r: (r["start"], r["end"], r["rule"])):
        by_entity.setdefault(row["entity_id"], []).append(row)
    kinds = {e: _kind(own) for e, own in by_entity.items()}
    others = sorted(
        (e for e in by_entity if kinds[e] in _NAMED and not e.startswith("geonames:")),
        key=lambda e: (-len(by_entity[e]), e),
    )[:NAMES]
    around = {f"n:{e}" for e in others}
    seen = Counter(r["country_code"] for r in rows if r["country_code"])
    places = {f"c:{c}" for c, _ in sorted(seen.items(), key=lambda x: (-x[1], x[0]))[:COUNTRIES]}
    return [
        Sighting(
            article_id=article_id,
            entity_id=entity,
            kind=kinds[entity],
            name=_name(own),
            forms=_forms(entity, own),
            features=frozenset((around | places | _office(own)) - {f"n:{entity}"}),
            country_code=own[0]["country_code"] if entity.startswith("geonames:") else None,
            point=_point(own[0]) if kinds[entity] == "PLACE" else None,
        )
        for entity, own in sorted(by_entity.items())
    ]


def _point(row: Mapping[str, Any]) -> tuple[float, float] | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return row["latitude"], row["longitude"]


def _kind(rows: Sequence[Mapping[str, Any]]) -> str:
    """The type; a people and its land have one entity, which is the place."""
    kinds = Counter(row["type"] for row in rows)
    if rows[0]["entity_id"].startswith("geonames:"):
        return "PLACE"
    return str(min(kinds, key=lambda kind: (-kinds[kind], kind)))


def _name(rows: Sequence[Mapping[str, Any]]) -> str:
    # a people shares the entity of its land, which has the land's name
    of_places = [row for row in rows if row["type"] == "PLACE"]
    names = Counter(row["canonical_name"] for row in of_places or rows)
    return str(min(names, key=lambda name: (name.isupper(), -names[name], -len(name), name)))


def _forms(entity: str, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    if entity.startswith("geonames:"):
        return frozenset()
    kinds = {row["type"] for row in rows}
    surfaces = {" ".join(row["surface"].split()) for row in rows}
    keys = {entity_key(k, s.removesuffix("'s").removesuffix("\u2019s")) for k in kinds
            for s in surfaces}  # fmt: skip
    return frozenset(keys - {entity})


def _office(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    found = set()
    for row in rows:
        for word in _offices(row["title"] or ""):
            found.add(f"t:{word}")
            found |= {f"f:{field}" for field in load_fields().get(word, ())}
        if row["title_of"]:
            found.add(f"s:{' '.join(plain_words(row['title_of']))}")
    return found


@cache
def _offices(title: str) -> tuple[str, ...]:
    cues = load_cues()
    words = [word.strip(".,").casefold() for word in title.split()]
    return tuple(w for w in words if w in cues["role"] or w in cues["title"] or w in load_fields())
