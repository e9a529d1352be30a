"""The views over claims, on rows made for them: who says otherwise about the same happening."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, CLAIMS, MENTIONS, arrow_schema

SQL = Path(__file__).parents[2] / "warehouse" / "sql" / "claims.sql"
DAY = datetime(2026, 5, 4, tzinfo=UTC)
BLANTYRE, SOUTHERN, MALAWI, LILONGWE = 931755, 923817, 927384, 927967

PLACES: dict[int, dict[str, Any]] = {
    BLANTYRE: {"precision": "city", "admin1_code": "S"},
    SOUTHERN: {"precision": "admin1", "admin1_code": "S"},
    LILONGWE: {"precision": "city", "admin1_code": "C"},
    MALAWI: {"precision": "country", "admin1_code": None},
}
"""Precision and division of each place."""


def _claim(number: int, article: str, party: str, count: float, **changes: Any) -> dict[str, Any]:
    return {
        "claim_id": f"{number:016x}",
        "article_id": article,
        "start": number,
        "happening": "killed",
        "asserter_type": "organisation",
        "asserter_name": party,
        "asserter_surface": party,
        "stance": "assert",
        "planned": False,
        "value": count,
        "modifier": "exact",
        "counted_class": "person",
        "geonames_id": BLANTYRE,
        "country_code": "MW",
        "happened_from": DAY,
        "happened_to": DAY + timedelta(days=1),
        "time_from": "clause",
        "sentence_start": 0,
        "sentence_end": 4,
    } | changes


def _conflicts(claims: list[dict[str, Any]]) -> list[tuple[float, float, list[str], int]]:
    """Low, high, parties and stories of each conflict; each article is a story of its own."""
    for claim in claims:
        claim["place_mention_id"] = f"{claim['geonames_id']:016x}" if claim["geonames_id"] else None
    articles = sorted({claim["article_id"] for claim in claims})
    rows: dict[Any, list[dict[str, Any]]] = {
        CLAIMS: claims,
        MENTIONS: [
            {"mention_id": f"{place:016x}", "country_code": "MW"} | known
            for place, known in PLACES.items()
        ],
        ARTICLES: [{"article_id": a, "source_id": "s"} for a in articles],
        ARTICLE_VERSIONS: [{"article_id": a, "text": "Text"} for a in articles],
    }
    # only the views of claims; those of quotes need their tables
    views = SQL.read_text(encoding="utf-8").split("-- Killed, wounded and missing people")[0]
    with duckdb.connect() as connection:
        for table, records in rows.items():
            schema = pa.schema([f.with_nullable(True) for f in arrow_schema(table.columns)])
            data = pa.Table.from_pylist(records, schema=schema)
            connection.register("data", data)
            connection.execute(f"CREATE TABLE {table.name} AS FROM data")
        connection.execute(views)
        found = connection.execute(
            "SELECT low, high, parties, stories FROM conflicting_claims ORDER BY low"
        )
        return found.fetchall()


def test_parties_of_two_stories_are_brought_together() -> None:
    claims = [_claim(1, "a", "Police", 12), _claim(2, "b", "Red Cross", 20)]
    assert _conflicts(claims) == [(12, 20, ["Police", "Red Cross"], 2)]


def test_a_division_holds_its_places_and_a_third_story_joins() -> None:
    claims = [
        _claim(1, "a", "Police", 12),
        _claim(2, "b", "Red Cross", 20, geonames_id=SOUTHERN),
        _claim(3, "c", "Army", 31),
    ]
    assert _conflicts(claims) == [(12, 31, ["Army", "Police", "Red Cross"], 3)]


@pytest.mark.parametrize(
    "changes",
    [
        {"geonames_id": LILONGWE},
        {"geonames_id": MALAWI},
        {"geonames_id": None},
        {"happening": "wounded"},
        {"counted_class": "soldier"},
        {"counted_class": None},
        {"happened_from": DAY + timedelta(days=1), "happened_to": DAY + timedelta(days=2)},
        {"happened_from": DAY - timedelta(days=100), "happened_to": DAY + timedelta(days=100)},
        {"actor_surface": "a cyclone"},
        {"value": 12.0},
        {"asserter_name": "Police"},
        {"modifier": "at_least", "value": 13.0},
        {"planned": True},
    ],
    ids=str,
)
def test_two_stories_are_not_brought_together_where_anything_speaks_against_it(
    changes: dict[str, Any],
) -> None:
    first = _claim(1, "a", "Police", 12, actor_surface="a gunman")
    assert _conflicts([first, _claim(2, "b", "Red Cross", 20, **changes)]) == []


def test_in_one_story_nothing_need_speak_for_it() -> None:
    claims = [
        _claim(1, "a", "Police", 12, geonames_id=None, country_code=None),
        _claim(2, "a", "Red Cross", 20),
    ]
    assert _conflicts(claims) == [(12, 20, ["Police", "Red Cross"], 1)]


def test_who_denies_a_claim_is_named_beside_it() -> None:
    claims = [
        _claim(1, "a", "Police", 12),
        _claim(2, "b", "Mayor", 12, stance="deny", value=None, answers_id=f"{1:016x}"),
    ]
    assert _conflicts(claims) == [(12, 12, ["Mayor", "Police"], 2)]
