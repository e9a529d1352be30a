"""From an item of a Wikidata dump to a thing that news may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from transforms.registry.knowledge import Thing
from transforms.registry.tables import load_classes

LANGUAGES = ("en", "mul")
_IS_A, _CODE, _COUNTRIES = "P31", "P297", ("P17", "P27")
_EARTH = "/Q2"
_GEONAMES, _WHERE = "P1566", "P625"


def find_country_code(item: Mapping[str, Any]) -> str | None:
    """The ISO 3166-1 alpha-2 of an item that is a country, else null."""
    return next((v for v in _values(item, _CODE) if isinstance(v, str)), None)


def to_thing_of_wikidata(item: Mapping[str, Any]) -> tuple[Thing, str | None] | None:
    """The thing of an item, without its country, and the item of that; null where it is of a class
    that news does not name, or has no English name.

    What is of no such class and has a GeoNames id is a place: such classes are thousands.
    Its weight is one more than the number of its pages in Wikipedias and sister projects.
    """
    kind = next((k for c in _items(item, _IS_A) for k in [load_classes().get(c)] if k), None)
    geonames = next((int(v) for v in _values(item, _GEONAMES) if str(v).isdigit()), None)
    if kind is None and geonames is not None:
        kind = "PLACE"
    names = list(dict.fromkeys(_names(item)))
    if kind is None or not names:
        return None
    country = next((c for p in _COUNTRIES for c in _items(item, p)), None)
    weight = 1.0 + len(item.get("sitelinks") or ())
    key = str(item["id"])
    if kind != "PLACE":
        return Thing(key, tuple(names), kind, None, key, weight), country
    country = key if find_country_code(item) else country
    return Thing(key, tuple(names), kind, None, key, weight, geonames, _point(item)), country


def _point(item: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where an item is, on Earth."""
    for value in _values(item, _WHERE):
        if isinstance(value, Mapping) and str(value.get("globe", _EARTH)).endswith(_EARTH):
            return float(value["latitude"]), float(value["longitude"])
    return None


def _names(item: Mapping[str, Any]) -> Iterator[str]:
    labels, aliases = item.get("labels") or {}, item.get("aliases") or {}
    for language in LANGUAGES:
        if language in labels:
            yield labels[language]["value"]
    for language in LANGUAGES:
        yield from (alias["value"] for alias in aliases.get(language, ()))


def _items(item: Mapping[str, Any], prop: str) -> Iterator[str]:
    for value in _values(item, prop):
        if isinstance(value, Mapping) and "id" in value:
            yield str(value["id"])


def _values(item: Mapping[str, Any], prop: str) -> Iterator[Any]:
    """The values of a property: the preferred before the others, without the deprecated."""
    claims = item.get("claims") or {}
    statements = claims.get(prop, ()) if isinstance(claims, Mapping) else ()
    for rank in ("preferred", "normal"):
        for statement in statements:
            snak = statement.get("mainsnak") or {}
            if statement.get("rank", "normal") == rank and snak.get("snaktype") == "value":
                yield snak["datavalue"]["value"]
