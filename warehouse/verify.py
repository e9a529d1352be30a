"""What must hold of a warehouse's rows: keys, hashes, offsets and references, asked in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.lake import Warehouse
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, FACTS, FETCHES, TABLES, Table

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule, how many rows were looked at, how many broke it, and some of their keys."""

    table: str
    rule: str
    rows: int
    broken: int
    examples: str | None = None


def verify(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, since: datetime | None
) -> Iterator[Finding]:
    """A finding for each rule and table; of rows recorded since `since`, or of all.

    Keys and references are checked over all rows, whatever `since` says.
    """
    for table in TABLES:
        yield _unique(connection, table)
    yield from _texts(connection, since)
    for table in FACTS:
        yield _surfaces(connection, table, since)
    yield _current(connection)
    yield _archived(connection, warehouse)


def _unique(connection: duckdb.DuckDBPyConnection, table: Table) -> Finding:
    keys = ", ".join(f'"{k}"' for k in table.key)
    current = " WHERE superseded_at IS NULL" if table.recorded else ""
    return _ask(
        connection, table, "there is one current row a key",
        f"SELECT concat_ws(' ', {keys}) AS key, count(*) > 1 AS broken"
        f" FROM lake.{table.name}{current} GROUP BY {keys}",
    )  # fmt: skip


def _texts(connection: duckdb.DuckDBPyConnection, since: datetime | None) -> Iterator[Finding]:
    versions = f"FROM lake.{ARTICLE_VERSIONS.name} v{_recorded('v', since)}"
    yield _ask(
        connection, ARTICLE_VERSIONS, "text_sha256 is the hash of the text",
        f"SELECT version AS key, sha256(text) <> text_sha256 AS broken {versions}",
    )  # fmt: skip
    yield _ask(
        connection, ARTICLE_VERSIONS, "version is the key of headline and text",
        "SELECT version AS key, left(sha256(coalesce(headline, '') || chr(31) || text), 16)"
        f" <> version AS broken {versions}",
    )  # fmt: skip


def _surfaces(
    connection: duckdb.DuckDBPyConnection, table: Table, since: datetime | None
) -> Finding:
    (key,) = table.key
    # the text of a version is the same whenever it was recorded: any of its rows will do
    return _ask(
        connection, table, f"{table.spans}[start:end] of its version is the surface",
        f'SELECT f.{key} AS key, v.text IS NULL OR substr(v.text, f.start + 1, f."end" - f.start)'
        f" <> f.surface AS broken FROM lake.{table.name} f LEFT JOIN"
        f" (SELECT article_id, version, any_value({table.spans}) AS text"
        f" FROM lake.{ARTICLE_VERSIONS.name} GROUP BY ALL) v USING (article_id, version)"
        f"{_recorded('f', since)}",
    )  # fmt: skip


def _current(connection: duckdb.DuckDBPyConnection) -> Finding:
    return _ask(
        connection, ARTICLES, "current_version is the one version that is not superseded",
        "SELECT a.article_id AS key, v.article_id IS NULL AS broken FROM lake.articles a"
        " LEFT JOIN lake.article_versions v ON v.article_id = a.article_id"
        " AND v.version = a.current_version AND v.superseded_at IS NULL",
    )  # fmt: skip


def _archived(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> Finding:
    """Positions that lead beyond the end of their file; needs no look into the files."""
    sizes = [
        (str(path.relative_to(warehouse.archive)), path.stat().st_size)
        for path in sorted(warehouse.archive.rglob("*.warc.gz"))
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE archived (file VARCHAR, size BIGINT)")
    if sizes:
        connection.executemany("INSERT INTO archived VALUES (?, ?)", sizes)
    return _ask(
        connection, FETCHES, "archive_file holds archive_offset and archive_length",
        "SELECT f.fetch_id AS key, a.size IS NULL OR f.archive_offset + f.archive_length > a.size"
        " AS broken FROM lake.fetches f LEFT JOIN archived a ON a.file = f.archive_file"
        " WHERE f.archive_file IS NOT NULL",
    )  # fmt: skip


def _recorded(alias: str, since: datetime | None) -> str:
    if since is None:
        return ""
    return f" WHERE {alias}.recorded_at >= '{since.isoformat()}'::TIMESTAMPTZ"


def _ask(connection: duckdb.DuckDBPyConnection, table: Table, rule: str, query: str) -> Finding:
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (broken),"
        f" list_slice(list(key) FILTER (broken), 1, {_EXAMPLES}) FROM ({query})"
    ).fetchone()
    assert row is not None  # an aggregate without groups has one row
    rows, broken, examples = row
    return Finding(table.name, rule, rows, broken, ", ".join(examples or []) or None)
