"""Facts read anew from texts that are in the lake: how they differ, and putting them in its place.

A candidate is a folder of staged facts, with ``readings.parquet`` naming each article version that
was read, also those that gave no fact, and ``texts.parquet`` the versions they were chosen as. It
counts for what is still current when it is looked at. Texts that their pages give otherwise now are
new versions, which `publish` puts in place; all else is done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.lake import literal
from warehouse.tables import ARTICLE_VERSIONS, FACTS, READINGS, Table

CHANGES = ("added", "removed", "changed")
_VERSION = "extractor_version"
"""The one column that may differ in a row that says the same: `readings` has the whole stamp."""


@dataclass(frozen=True, slots=True)
class Revised:
    """What a revision did: texts it held for, and rows inserted and superseded, by table."""

    texts: int
    rows: dict[str, int]
    superseded: dict[str, int]


def candidate_files(folder: Path, table: Table) -> list[str]:
    """The files of a table in a candidate, of texts that are the ones stored."""
    return sorted(
        str(path)
        for kind in ("stored", "same")
        for path in folder.glob(f"batch-*/part-*/{kind}/{table.name}.parquet")
    )


def other_files(folder: Path, table: Table) -> list[str]:
    """The files of a table in a candidate, of texts that came out otherwise."""
    return sorted(map(str, folder.glob(f"batch-*/part-*/other/{table.name}.parquet")))


def find_live(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Make the temporary table `live`: texts the candidate has read that are current; how many.

    Texts that a night has replaced since the candidate was made are left out.
    """
    files = candidate_files(folder, READINGS)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE live AS SELECT r.article_id, r.version, r.stamp, r.extractor"
        f" FROM (SELECT article_id, version, stamp, extractor FROM {_rows(files, READINGS)}) r"
        " JOIN lake.article_versions v USING (article_id, version) WHERE v.superseded_at IS NULL"
    )
    return _count(connection, "SELECT count(*) FROM live", [])


def find_others(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Make the temporary table `others`: texts that came out otherwise; how many.

    Its columns are article_id, the version it takes the place of as `was`, and the new version.
    Texts that a night has replaced since the candidate was made are left out.
    """
    files = other_files(folder, ARTICLE_VERSIONS)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE others AS SELECT r.article_id, t.version AS was, r.version"
        f" FROM (SELECT article_id, version FROM {_rows(files, ARTICLE_VERSIONS)}) r"
        f" JOIN read_parquet({literal([str(folder / 'texts.parquet')])}) t USING (article_id)"
        " JOIN lake.article_versions v ON v.article_id = t.article_id AND v.version = t.version"
        " WHERE v.superseded_at IS NULL"
    )
    return _count(connection, "SELECT count(*) FROM others", [])


def find_told(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Make the temporary table `told`: rows of texts that stay, of which the page says other than
    before; how many."""
    table = ARTICLE_VERSIONS
    files = candidate_files(folder, table)
    columns = ", ".join(f'n."{c.name}"' for c in table.columns)
    differs = " OR ".join(
        f'o."{c.name}" IS DISTINCT FROM n."{c.name}"'
        for c in table.columns
        if c.name not in (*table.key, _VERSION)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT {columns} FROM {_rows(files, table)} n"
        " SEMI JOIN live USING (article_id, version)"
        f" JOIN lake.{table.name} o USING (article_id, version)"
        f" WHERE o.superseded_at IS NULL AND ({differs})"
    )
    return _count(connection, "SELECT count(*) FROM told", [])


def find_difference(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table) -> int:
    """Make the temporary tables of how a table differs; how many rows are the same.

    `old_<table>` and `new_<table>` hold the rows that do not say the same, `diff_<table>` a row a
    difference: change, old_key and new_key. Rows of one key, or else of one span in their order,
    are one row that has changed.
    """
    name, (key,) = table.name, table.key
    files = candidate_files(folder, table)
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    new = f"SELECT {columns} FROM {_rows(files, table)}"
    same = " AND ".join(
        f'o."{c.name}" IS NOT DISTINCT FROM n."{c.name}"'
        for c in table.columns
        if c.name not in (key, _VERSION)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE all_new AS SELECT n.* FROM ({new}) n"
        " SEMI JOIN live USING (article_id, version)"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE all_old AS SELECT {columns}, run_id FROM lake.{name}"
        " SEMI JOIN live USING (article_id, version) WHERE superseded_at IS NULL"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE same AS SELECT o.{key} FROM all_old o"
        f" JOIN all_new n ON o.{key} = n.{key} AND {same}"
    )
    for side in ("old", "new"):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {side}_{name} AS SELECT *, row_number() OVER (PARTITION"
            f' BY article_id, version, start, "end" ORDER BY {key}) AS place'
            f" FROM all_{side} ANTI JOIN same USING ({key})"
        )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE diff_{name} AS WITH by_key AS ("
        f" SELECT {key} FROM old_{name} SEMI JOIN new_{name} USING ({key})),"
        f" o AS (SELECT * EXCLUDE (place), row_number() OVER (PARTITION BY article_id, version,"
        f'  start, "end" ORDER BY {key}) AS place FROM old_{name} ANTI JOIN by_key USING ({key})),'
        f" n AS (SELECT * EXCLUDE (place), row_number() OVER (PARTITION BY article_id, version,"
        f'  start, "end" ORDER BY {key}) AS place FROM new_{name} ANTI JOIN by_key USING ({key}))'
        f" SELECT 'changed' AS change, {key} AS old_key, {key} AS new_key FROM by_key UNION ALL"
        f" SELECT CASE WHEN o.{key} IS NULL THEN 'added' WHEN n.{key} IS NULL THEN 'removed'"
        f"  ELSE 'changed' END, o.{key}, n.{key} FROM o FULL JOIN n"
        f' ON (o.article_id, o.version, o.start, o."end", o.place)'
        f'  = (n.article_id, n.version, n.start, n."end", n.place)'
    )
    return _count(connection, "SELECT count(*) FROM same", [])


def revise(
    connection: duckdb.DuckDBPyConnection, folder: Path, run_id: str, recorded_at: datetime
) -> Revised:
    """Put a candidate's facts in the place of those they differ from, inside a transaction.

    Rows that say the same are left alone. What they were is superseded, not removed.
    """
    texts = find_live(connection, folder)
    rows: dict[str, int] = {}
    superseded: dict[str, int] = {}
    for table in FACTS:
        find_difference(connection, folder, table)
        (key,) = table.key
        superseded[table.name] = _count(
            connection,
            f"UPDATE lake.{table.name} SET superseded_at = ? WHERE superseded_at IS NULL"
            f" AND {key} IN (SELECT old_key FROM diff_{table.name} WHERE old_key IS NOT NULL)",
            [recorded_at],
        )
        rows[table.name] = _insert(
            connection, table,
            f"SELECT * EXCLUDE (place) FROM new_{table.name}"
            f" ORDER BY {', '.join(table.order)}",
            [run_id, recorded_at],
        )  # fmt: skip
    find_told(connection, folder)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE reread AS SELECT n.* FROM live n ANTI JOIN"
        f" (FROM lake.{READINGS.name} WHERE superseded_at IS NULL) o ON n.article_id ="
        " o.article_id AND n.version = o.version AND n.stamp = o.stamp"
        " AND n.extractor IS NOT DISTINCT FROM o.extractor"
    )
    for table, chosen in ((ARTICLE_VERSIONS, "told"), (READINGS, "reread")):
        superseded[table.name] = _count(
            connection,
            f"UPDATE lake.{table.name} SET superseded_at = ? WHERE superseded_at IS NULL"
            f" AND (article_id, version) IN (SELECT (article_id, version) FROM {chosen})",
            [recorded_at],
        )
        rows[table.name] = _insert(
            connection, table, f"SELECT * FROM {chosen} ORDER BY article_id", [run_id, recorded_at]
        )
    return Revised(texts, rows, superseded)


def _rows(files: Sequence[str], table: Table) -> str:
    """The rows in these files of a table, for a FROM; none where there are no files."""
    return f"read_parquet({literal(files)})" if files else f"(FROM lake.{table.name} LIMIT 0)"


def _insert(
    connection: duckdb.DuckDBPyConnection, table: Table, select: str, stamp: Sequence[object]
) -> int:
    return _count(
        connection,
        f"INSERT INTO lake.{table.name} BY NAME SELECT *, ? AS run_id, ?::TIMESTAMPTZ AS"
        f" recorded_at, NULL::TIMESTAMPTZ AS superseded_at FROM ({select})",
        stamp,
    )


def _count(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object]) -> int:
    row = connection.execute(query, list(values)).fetchone()
    return int(row[0]) if row else 0
