"""Taking forgotten rows out of a warehouse: out of its tables, and out of every byte on the disk.

What is forgotten is told by the keys in the table `forgotten` alone, so that a process that was
killed can be followed by one that finishes. Only under the writer lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import duckdb

from warehouse.files import find_orphans
from warehouse.lake import Warehouse, connect
from warehouse.store import list_files
from warehouse.tables import ARTICLES, CHECKS, ENTITY_ALIASES, FETCHES, HISTORY, QUARANTINE, SOURCES

_ARTICLE = "article_id IN (SELECT key FROM lake.forgotten WHERE kind = 'article')"
_SOURCE = "source_id IN (SELECT key FROM lake.forgotten WHERE kind = 'source')"
_WHERE = {
    FETCHES.name: f"{_ARTICLE} OR {_SOURCE} OR {{url}} OR {{final_url}}",
    QUARANTINE.name: f"{_ARTICLE} OR {_SOURCE} OR {{location}}",
    SOURCES.name: _SOURCE,
}


def _where(table: str) -> str:
    """The condition that a row of this table is forgotten."""
    return _WHERE.get(table, _ARTICLE).format(
        **{name: _address(name) for name in ("url", "final_url", "location")}
    )


def _address(column: str) -> str:
    return f"left(sha256({column}), 16) IN (SELECT key FROM lake.forgotten WHERE kind = 'url')"


def erase_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Delete what is forgotten from all tables, superseded rows too; rows deleted by table.

    Runs inside the caller's transaction.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched_runs AS"
        f" SELECT run_id FROM lake.article_versions WHERE {_where('article_versions')}"
        f" UNION SELECT run_id FROM lake.fetches WHERE {_where('fetches')}"
        f" UNION SELECT run_id FROM lake.quarantine WHERE {_where('quarantine')}"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched_names AS SELECT DISTINCT entity_id"
        f" FROM lake.mentions WHERE entity_id IS NOT NULL AND ({_ARTICLE})"
    )
    rows: dict[str, int] = {}
    for table in (*HISTORY, ARTICLES, FETCHES, QUARANTINE, SOURCES, ENTITY_ALIASES):
        rows[table.name] = _count(
            connection, f"DELETE FROM lake.{table.name} WHERE {_where(table.name)}"
        )
    # examples of what broke a rule are words of articles
    rows[CHECKS.name] = _count(
        connection,
        "UPDATE lake.checks SET observed = NULL WHERE observed IS NOT NULL"
        " AND run_id IN (SELECT run_id FROM touched_runs)",
    )
    rows |= _erase_entities(connection)
    return {table: count for table, count in rows.items() if count}


def _erase_entities(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Delete entities that no mention stands for any more, with their aliases and decisions.

    One that decisions tie to others has to stay, since those others may count as it; it stays under
    the name of one of them, or its own key.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE unseen AS SELECT DISTINCT a.entity FROM lake.entity_aliases a"
        " JOIN touched_names USING (entity_id) WHERE a.entity NOT IN ("
        " SELECT coalesce(h.entity, m.entity_id) FROM lake.mentions m JOIN touched_names"
        " USING (entity_id) LEFT JOIN lake.entity_aliases h ON h.superseded_at IS NULL"
        " AND h.entity_id = m.entity_id AND h.article_id = m.article_id)"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE leaving AS FROM unseen")
    tied = (
        "DELETE FROM leaving WHERE entity IN (SELECT l.entity FROM leaving l"
        " JOIN lake.entity_decisions d ON d.kind <> 'suggest'"
        " AND list_contains(d.entities || d.others, l.entity) WHERE NOT"
        " list_has_all((SELECT list(entity) FROM leaving), d.entities || d.others))"
    )
    while _count(connection, tied):
        pass
    named = (
        "coalesce((SELECT min(o.name) FROM lake.entities o JOIN lake.entities s USING (current)"
        " WHERE s.entity = t.entity AND o.superseded_at IS NULL AND s.superseded_at IS NULL"
        " AND o.entity NOT IN (SELECT entity FROM unseen)), t.entity)"
    )
    staying = "t.entity IN (FROM unseen) AND t.entity NOT IN (FROM leaving)"
    for table in ("entities", "entity_aliases"):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE renamed AS SELECT DISTINCT entity, {named} AS name"
            f" FROM lake.{table} t WHERE {staying}"
        )
        if _count_rows(connection, "renamed"):
            connection.execute(
                f"UPDATE lake.{table} t SET name = r.name FROM renamed r WHERE r.entity = t.entity"
            )
    connection.execute(
        "UPDATE lake.entity_decisions SET evidence = NULL WHERE evidence IS NOT NULL"
        " AND list_has_any(entities || others, (SELECT coalesce(list(entity), []) FROM unseen))"
    )
    leaving = "(SELECT coalesce(list(entity), []) FROM leaving)"
    return {
        "entities": _count(
            connection, "DELETE FROM lake.entities WHERE entity IN (FROM leaving)"
        ),
        "entity_aliases": _count(
            connection, "DELETE FROM lake.entity_aliases WHERE entity IN (FROM leaving)"
        ),
        "entity_decisions": _count(
            connection,
            f"DELETE FROM lake.entity_decisions WHERE list_has_any(entities || others, {leaving})",
        ),
    }  # fmt: skip


def erase_past(warehouse: Warehouse, now: datetime) -> tuple[int, int]:
    """Take deleted rows off the disk: snapshots expired, and files really deleted.

    Files with deleted rows are written anew, all snapshots but the newest expire, whatever the
    retention, and what only they need is deleted at once: a query that began before this may fail.
    The catalog is written anew without what was deleted from it.
    """
    with connect(warehouse, read_only=False) as connection:
        connection.execute("CALL ducklake_flush_inlined_data('lake')")
        connection.execute("CALL ducklake_rewrite_data_files('lake', delete_threshold => 0.0)")
        snapshots = [
            number
            for (number,) in connection.execute(
                "SELECT snapshot_id FROM ducklake_snapshots('lake') ORDER BY 1"
            ).fetchall()
        ][:-1]
        if snapshots:
            connection.execute(f"CALL ducklake_expire_snapshots('lake', versions => {snapshots})")
        before = _files(warehouse)
        connection.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")
        # also those just written: under the lock nobody is about to publish them
        for path, _ in find_orphans(warehouse, connection, now + timedelta(days=1)):
            path.unlink()
        gone = len(before - _files(warehouse))
    _forget_bounds(warehouse)
    warehouse.database.overwrite_free()
    return len(snapshots), gone


def _files(warehouse: Warehouse) -> set[str]:
    return {str(path) for path, _ in list_files(warehouse.data, "*.parquet")}


def _forget_bounds(warehouse: Warehouse) -> None:
    """Take the least and greatest words of each column from the files that are left.

    DuckLake keeps them of all rows there ever were; they would tell what a text began with.
    """
    of_files = (
        "SELECT {least}(s.{least}_value) FROM {0}_file_column_stats s JOIN {0}_data_file f"
        " USING (data_file_id) WHERE f.end_snapshot IS NULL AND s.table_id = t.table_id"
        " AND s.column_id = t.column_id"
    )
    warehouse.database.change(
        "UPDATE {0}_table_column_stats AS t SET"
        f" min_value = coalesce(({of_files.replace('{least}', 'min')}), ''),"
        f" max_value = coalesce(({of_files.replace('{least}', 'max')}), '')"
        " WHERE (table_id, column_id) IN (SELECT table_id, column_id FROM {0}_column"
        " WHERE column_type = 'varchar') AND min_value IS NOT NULL"
    )


def _count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return _count(connection, f"SELECT count(*) FROM {table}")


def keep_tombstones(
    connection: duckdb.DuckDBPyConnection, rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert tombstones that are not there: the columns of the table `forgotten`, in order."""
    for row in rows:
        connection.execute(
            "INSERT INTO lake.forgotten SELECT $1, $2, $3, $4, $5, $6 WHERE $1 NOT IN"
            " (SELECT forgotten_id FROM lake.forgotten)",
            list(row),
        )
