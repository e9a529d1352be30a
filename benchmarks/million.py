# ruff: noqa: E501 - SQL
"""A generated warehouse of a million articles: made by DuckDB alone, with words that mean nothing.

`python -m benchmarks.million make FOLDER [ARTICLES]` makes it; `benchmarks.questions` asks it.

Sizes follow what the pipeline writes of a night of wire articles: 380 words and 30 facts each.
Names, concepts and words are drawn with a few common and many rare ones. Nights are published one
by one, as `dateline ingest` does, so that files lie as they would.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.lake import Warehouse, connect, create
from warehouse.tables import BY_NAME, TABLES, Table

ARTICLES = 1_000_000
NIGHT = 5_000
"""Articles a night."""
WORDS = 380
"""Words in a text."""
ENTITIES = 200_000
FIRST_NIGHT = "TIMESTAMPTZ '2025-01-01 02:00:00+00'"

_RANDOM = """
CREATE MACRO u(i, k) AS (hash(i, k) % 1000003) / 1000003.0;
CREATE MACRO pick(i, k, n) AS CAST(floor(n * u(i, k)) AS BIGINT);
CREATE MACRO common(i, k, n) AS CAST(floor(n * u(i, k) ** 3) AS BIGINT);
CREATE MACRO key(i, k) AS format('{:016x}', hash(i, k));
CREATE MACRO of(items, i, k) AS items[1 + pick(i, k, len(items))];
CREATE MACRO word_of(n) AS (
    ['ba','de','fi','go','lu','ma','ne','po','ri','su','ta','vo','ka','le','mi','no'][1 + n % 16]
    || ['n','r','l','s','t','','m','k'][1 + (n // 16) % 8]
    || ['ba','de','fi','go','lu','ma','ne','po','ri','su','ta','vo','ka','le','mi',''][1 + (n // 128) % 16]
    || ['ter','ing','ed','s','al','ous','','er'][1 + (n // 2048) % 8]);
CREATE MACRO name_of(e) AS (
    upper(left(word_of(e * 7 % 16384), 1)) || substr(word_of(e * 7 % 16384), 2) || ' '
    || upper(left(word_of(e // 3), 1)) || substr(word_of(e // 3), 2) || (e // 49152)::VARCHAR);
CREATE MACRO type_of(e) AS ['PERSON','PERSON','ORG','PLACE','PLACE','GROUP','ORG','EVENT'][1 + e % 8];
"""

_STAMP = """, key(i, 'version') AS version, {noun} AS "start", {noun} + 12 AS "end",
 {noun} // 140 AS sentence, ({noun} // 140) * 140 AS sentence_start,
 ({noun} // 140) * 140 + 140 AS sentence_end"""


def make(warehouse: Warehouse, articles: int = ARTICLES, entities: int = ENTITIES) -> None:
    """Fill an empty warehouse with so many articles, night by night."""
    create(warehouse)
    with connect(warehouse, read_only=False) as connection:
        connection.execute("SET search_path = 'session.main'")
        prepare(connection, entities)
        _once(connection, entities)
        for night in range(0, articles, NIGHT):
            _night(connection, night, min(NIGHT, articles - night))


def prepare(connection: duckdb.DuckDBPyConnection, entities: int = ENTITIES) -> None:
    """Make the macros and the vocabulary that the queries of `selects` need."""
    connection.execute(_RANDOM)
    connection.execute(f"CREATE MACRO bearers() AS {entities}")
    connection.execute(
        "CREATE TABLE vocabulary AS SELECT list(word_of(n) ORDER BY n) AS words FROM range(16384) t(n)"
    )


def _once(connection: duckdb.DuckDBPyConnection, entities: int) -> None:
    stamp = f"'1' AS extractor_version, 'run0' AS run_id, {FIRST_NIGHT} AS recorded_at"
    _insert(
        connection, BY_NAME["entities"],
        f"SELECT key(e, 'entity') AS entity, key(e, 'entity') AS current, type_of(e) AS type,"
        f" name_of(e) AS name, {FIRST_NIGHT} AS born_at, {stamp} FROM range({entities}) t(e)",
    )  # fmt: skip
    _insert(
        connection, BY_NAME["entity_aliases"],
        f"SELECT key(e, 'alias') AS alias_id, key(e, 'entity') AS entity_id,"
        f" key(e, 'entity') AS entity, type_of(e) AS type, name_of(e) AS name, {stamp}"
        f" FROM range({entities}) t(e)",
    )  # fmt: skip
    _insert(
        connection, BY_NAME["sources"],
        "SELECT 'source-' || s AS source_id, 'feed' AS kind, 'https://' || s || '.example/feed'"
        f" AS location, 0 AS failures, {FIRST_NIGHT} AS updated_at FROM range(60) t(s)",
    )  # fmt: skip


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, select: str) -> None:
    order = ", ".join(f'"{name}"' for name in table.order)
    connection.execute(f"INSERT INTO lake.{table.name} BY NAME {select} ORDER BY {order}")


def _night(connection: duckdb.DuckDBPyConnection, first: int, count: int) -> None:
    choose_night(connection, first, count)
    connection.execute("BEGIN TRANSACTION")
    for name, select in selects():
        _insert(connection, BY_NAME[name], select)
    connection.execute("COMMIT")


def choose_night(connection: duckdb.DuckDBPyConnection, first: int, count: int) -> None:
    """Make the table `night` of so many articles, numbered from `first`."""
    night = first // NIGHT
    at = f"({FIRST_NIGHT} + INTERVAL {night} DAY)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE night AS SELECT i, key(i, 'article') AS article_id,"
        f" 'source-' || common(i, 'source', 60) AS source_id, {at} - to_minutes(pick(i, 'at', 1440))"
        f" AS published_at, 'run{night}' AS run_id, {at} AS recorded_at"
        f" FROM range({first}, {first + count}) t(i)"
    )


def _facts(noun: str, each: int, columns: str, extractor: str) -> str:
    """Facts of the night: `each` an article, spread over its text, with an id of their own."""
    span = f"CAST({WORDS * 6} * (n + u(i * 64 + n, '{noun}')) / {each} AS BIGINT)"
    return (
        f"SELECT key(f, '{noun}') AS {noun}_id, * EXCLUDE (i, f, spot) FROM (SELECT i, f, spot,"
        f" article_id, run_id, recorded_at, {columns}, '{extractor}' AS extractor,"
        f" '1' AS extractor_version {_STAMP.format(noun='spot')}"
        f" FROM (SELECT *, i * 64 + n AS f, {span} AS spot FROM night, range({each}) r(n)))"
    )


def selects() -> Iterator[tuple[str, str]]:
    """The rows of the night: a query for each table."""
    recorded = "run_id, recorded_at"
    yield (
        "articles",
        (
            "SELECT article_id, 'https://' || source_id || '.example/' || article_id AS canonical_url,"
            " source_id, recorded_at AS first_seen_at, key(i, 'version') AS current_version,"
            " CASE WHEN u(i, 'copy') < 0.2 THEN key(i - i % 7, 'article') ELSE article_id END"
            " AS duplicate_cluster FROM night"
        ),
    )
    text = (
        f"list_aggregate(list_transform(range({WORDS}), lambda j: words[1 + common(i, j, 16384)]"
        " || CASE WHEN j % 17 = 16 THEN '.' ELSE '' END), 'string_agg', ' ')"
    )
    yield (
        "article_versions",
        (
            "SELECT article_id, key(i, 'version') AS version, 'https://' || source_id || '.example/'"
            " || article_id AS url, list_aggregate(list_transform(range(8), lambda j:"
            " words[1 + common(i, 1000 + j, 16384)]), 'string_agg', ' ') AS headline,"
            " [name_of(common(i, 'author', 3000))] AS authors, []::VARCHAR[] AS credits,"
            " []::VARCHAR[] AS credit_lines, []::VARCHAR[] AS reservations, 'en' AS language,"
            f" published_at, 'json-ld' AS published_method, {text} AS text,"
            " key(i, 'a') || key(i, 'b') || key(i, 'c') || key(i, 'd') AS text_sha256,"
            f" '1' AS extractor_version, {recorded} FROM night, vocabulary"
        ),
    )
    yield (
        "duplicates",
        (
            "SELECT article_id, key(i, 'version') AS version, CASE WHEN u(i, 'copy') < 0.2"
            " THEN key(i - i % 7, 'article') ELSE article_id END AS cluster_id,"
            " CASE WHEN u(i, 'copy') < 0.2 THEN 'near' ELSE 'first' END AS relation,"
            " CASE WHEN u(i, 'copy') < 0.2 THEN key(i - i % 7, 'article') END AS matched_article_id,"
            " CASE WHEN u(i, 'copy') < 0.2 THEN 0.9 END AS similarity,"
            f" '1' AS extractor_version, {recorded} FROM night"
        ),
    )
    e = "common(f, 'entity', bearers())"
    yield "mentions", _facts(
        "mention", 15,
        f"name_of({e}) AS surface, type_of({e}) AS type, name_of({e}) AS canonical_name,"
        f" key({e}, 'entity') AS entity_id,"
        f" CASE WHEN type_of({e}) = 'PLACE' THEN 1 + {e} END AS geonames_id,"
        f" CASE WHEN type_of({e}) = 'PLACE' THEN of(['NE','US','GB','FR','UA','IN','BR','KE','JP','ZA'],"
        f" {e}, 'country') END AS country_code,"
        f" CASE WHEN type_of({e}) = 'PLACE' THEN 180 * u({e}, 'lat') - 90 END AS latitude,"
        f" CASE WHEN type_of({e}) = 'PLACE' THEN 360 * u({e}, 'lon') - 180 END AS longitude,"
        f" CASE WHEN type_of({e}) = 'PLACE' THEN '[{{\"geonames_id\":' || {e} || ',\"score\":0.9}}]' END"
        f" AS candidates, 'model' AS rule", "mentions",
    )  # fmt: skip
    yield "quantities", _facts(
        "quantity", 7,
        "pick(f, 'value', 500)::VARCHAR AS surface,"
        " of(['count','count','percent','money','age','duration','measure'], f, 'kind') AS kind,"
        " pick(f, 'value', 500)::DOUBLE AS value,"
        " of(['exact','exact','exact','approx','at_least'], f, 'modifier') AS modifier,"
        " 'none' AS change, false AS negated, of([NULL,'percent','US dollar','year'], f, 'unit')"
        " AS unit, word_of(common(f, 'concept', 16384)) AS concept, 'count.digits' AS rule",
        "quantities",
    )  # fmt: skip
    day = "(recorded_at - to_days(pick(f, 'day', 400)))::DATE"
    yield "times", _facts(
        "time", 5,
        f"'on Monday' AS surface, 'DATE' AS timex_type, {day}::VARCHAR AS timex_value,"
        f" {day}::TIMESTAMPTZ AS start_at, {day}::TIMESTAMPTZ + INTERVAL 1 DAY AS end_at,"
        " 'day' AS grain, 'publication' AS anchor, 'date.weekday' AS rule", "times",
    )  # fmt: skip
    s = "common(f, 'speaker', bearers())"
    words = (
        "list_aggregate(list_transform(range(18), lambda j: word_of(common(f, j, 16384))),"
        " 'string_agg', ' ')"
    )
    yield "quotes", _facts(
        "quote", 3,
        f"{words} AS surface, of(['direct','indirect','mixed'], f, 'kind') AS quote_type,"
        f" 'said' AS cue, 'say' AS cue_class, name_of({s}) AS speaker_surface,"
        f" name_of({s}) AS speaker_name, key({s}, 'entity') AS speaker_entity_id,"
        " 'person' AS speaker_type, 'verb-c' AS rule", "quotes",
    )  # fmt: skip
    told = (
        " of(['killed','wounded','paid','detained','pledged','displaced'], f, 'happening')"
        " AS happening, 10 AS trigger_start, 16 AS trigger_end,"
        f" name_of({s}) AS actor_name, key({s}, 'entity') AS actor_entity_id,"
        " name_of(3 + 8 * common(f, 'place', bearers() // 10)) AS place_name,"
        " of(['NE','US','GB','FR','UA','IN','BR','KE','JP','ZA'], f, 'country') AS country_code,"
        f" {day}::TIMESTAMPTZ AS happened_from, {day}::TIMESTAMPTZ + INTERVAL 1 DAY AS happened_to,"
        " 'clause' AS time_from, 'person' AS asserter_type,"
        f" name_of({s}) AS asserter_name, key({s}, 'entity') AS asserter_entity_id,"
        " 'assert' AS stance, false AS planned, 'killed.dobj' AS rule"
    )
    yield "claims", _facts(
        "claim", 1,
        "'12 were killed' AS surface, pick(f, 'value', 100)::DOUBLE AS value,"
        " 'exact' AS modifier, 'people' AS counted, 'person' AS counted_class," + told, "claims",
    )  # fmt: skip
    yield "events", _facts("event", 1, "'attacked' AS surface," + told, "events")


def measure(warehouse: Warehouse) -> Iterator[tuple[str, int, float]]:
    """Each table with its rows and bytes."""
    with connect(warehouse) as connection:
        for table in TABLES:
            row = connection.execute(
                "SELECT sum(file_size_bytes), sum(file_count) FROM ducklake_table_info('lake')"
                " WHERE table_name = ?", [table.name],
            ).fetchone()  # fmt: skip
            count = connection.execute(f"SELECT count(*) FROM lake.{table.name}").fetchone()
            assert row is not None
            assert count is not None
            yield table.name, int(count[0]), float(row[0] or 0)


if __name__ == "__main__":
    start = time.perf_counter()
    lake = Warehouse(Path(sys.argv[2]).absolute())
    make(lake, int(sys.argv[3]) if len(sys.argv) > 3 else ARTICLES)
    print(f"made in {time.perf_counter() - start:.0f} s")
    for name, rows, size in measure(lake):
        print(f"{name:20}{rows:12,}{size / 1e6:10.1f} MB")
