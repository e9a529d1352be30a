"""Articles of the warehouse as IPTC ninjs 2.1: text, and the people, bodies, places and events.

Names of the parts are those of the schema of ninjs 2.1 (IPTC, CC BY 4.0); `dateline ingest` reads
what is written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb

_KEYS = """
    SELECT article_id FROM articles
    WHERE len($wanted) = 0 OR article_id IN (SELECT unnest($wanted))
        OR canonical_url IN (SELECT unnest($wanted))
    ORDER BY article_id
"""
_ARTICLE = """
    SELECT a.canonical_url, v.* FROM articles a JOIN article_versions v USING (article_id)
    WHERE a.article_id = ?
"""
_NAMES = """
    SELECT type, canonical_name, any_value(entity_id) AS entity_id,
           any_value(geonames_id) AS geonames_id, any_value(latitude) AS latitude,
           any_value(longitude) AS longitude, min(start) AS first
    FROM mentions WHERE article_id = ? AND version = ? GROUP BY ALL ORDER BY first
"""
_PARTS = {"PERSON": "people", "ORG": "organisations", "PLACE": "places", "EVENT": "events"}


def find_documents(
    connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Key and ninjs of the current versions of articles, by key or URL; of all without any."""
    keys = connection.execute(_KEYS, {"wanted": list(wanted)}).fetchall()
    for (key,) in keys:
        result = connection.execute(_ARTICLE, [key])
        columns = [column[0] for column in result.description or ()]
        for row in result.fetchall():
            article = dict(zip(columns, row, strict=True))
            names = connection.execute(_NAMES, [key, article["version"]]).fetchall()
            yield key, to_ninjs(article, names)


def to_ninjs(article: Mapping[str, Any], names: Sequence[tuple[Any, ...]]) -> str:
    """The ninjs document of an article version with the names in it, one line of JSON."""
    item: dict[str, Any] = {
        "standard": {
            "name": "ninjs", "version": "2.1",
            "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_2.1.json",
        },
        "uri": article["canonical_url"] or f"urn:dateline:{article['article_id']}",
        "type": "text",
        "version": article["version"],
        "language": article["language"],
        "firstcreated": _time(article["published_at"]),
        "versioncreated": _time(article["modified_at"] or article["published_at"]),
        "headlines": [{"value": article["headline"]}] if article["headline"] else None,
        "by": article["byline"] or ", ".join(article["authors"] or ()) or None,
        "located": article["dateline"],
        "infosources": [{"name": name} for name in article["credits"] or ()] or None,
        "bodies": [{"value": article["text"], "contenttype": "text/plain"}],
    }  # fmt: skip
    for kind, name, entity, geonames, latitude, longitude, _ in names:
        if part := _PARTS.get(kind):
            item.setdefault(part, []).append(_named(name, entity, geonames, latitude, longitude))
    return json.dumps({k: v for k, v in item.items() if v is not None}, ensure_ascii=False) + "\n"


def _named(
    name: str,
    entity: str | None,
    geonames: int | None,
    latitude: float | None,
    longitude: float | None,
) -> dict[str, Any]:
    one: dict[str, Any] = {"name": name}
    if geonames is not None and entity == f"geonames:{geonames}":
        one["uri"] = f"https://sws.geonames.org/{geonames}/"
    elif entity is not None:
        one["uri"] = f"urn:dateline:entity:{entity}"
    if latitude is not None and longitude is not None and entity == f"geonames:{geonames}":
        one["geojson"] = {"type": "Point", "coordinates": [longitude, latitude]}
    return one


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
