"""Publishing a run: its staged rows, and the records of earlier runs, in one transaction."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.lake import Warehouse, connect, latest, literal, quote, session, snapshot_id
from warehouse.store import Place, list_files, list_folders, move_file, remove_folder
from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    BY_NAME,
    CHECKS,
    FACTS,
    HISTORY,
    OPERATIONS,
    QUARANTINE,
    REGISTRY,
    RUN_STAGES,
    RUNS,
    SOURCES,
    Table,
)

_DECIDED = ("state", "run_id", "recorded_at", "decided_at", "decided_by", "note")
_JOURNALED = (SOURCES, *OPERATIONS, QUARANTINE)
_TRIES = 5
"""How often a publish is begun while its catalog goes away."""
_PAUSE = 1.0
"""Seconds before it is begun anew."""


def keep_records(warehouse: Warehouse, run_id: str) -> None:
    """Move a run's own records from staging to the journal, and drop the rest of its staging."""
    journal = warehouse.journal(run_id)
    journal.mkdir(parents=True, exist_ok=True)
    staging = warehouse.staging(run_id)
    for table in _JOURNALED:
        for number, (path, _) in enumerate(list_files(staging, f"{table.name}.parquet")):
            part = journal / f"{number:06d}"
            part.mkdir(exist_ok=True)
            move_file(path, part / path.name)
    remove_folder(staging)


def unknown_quarantine(warehouse: Warehouse, run_id: str) -> int:
    """How many rows a run holds back that no earlier run has held back."""
    staged = _by_table(warehouse.staging(run_id)).get(QUARANTINE.name, [])
    if not staged:
        return 0
    with connect(warehouse) as connection:
        row = connection.execute(
            f"SELECT count(*) FROM read_parquet({literal(staged)}) s"
            " WHERE s.quarantine_id NOT IN"
            " (SELECT quarantine_id FROM lake.quarantine WHERE state <> 'replayed')"
        ).fetchone()
    return int(row[0]) if row else 0


def clear_staging(warehouse: Warehouse) -> None:
    """Remove what killed runs left behind; only to be called under the writer lock."""
    remove_folder(warehouse.stagings)


@dataclass(frozen=True)
class Published:
    """What a publish did: the snapshot it made, and rows inserted by table."""

    snapshot: int
    rows: Mapping[str, int]


class CountsDiffer(Exception):
    """What a publish was about to make visible is not what the run had counted."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run says that it publishes: article versions, and fact rows of all tables."""

    versions: int
    facts: int

    def check(self, rows: Mapping[str, int]) -> None:
        """Hold the count to the rows that were inserted, by table.

        Raises:
            CountsDiffer: they are not as many.
        """
        versions = rows[ARTICLE_VERSIONS.name]
        facts = sum(rows[table.name] for table in FACTS)
        if (versions, facts) != (self.versions, self.facts):
            raise CountsDiffer(
                f"nothing was published: the run counted {self.versions:,} article versions and"
                f" {self.facts:,} facts, and {versions:,} and {facts:,} were about to be"
                " published; something took staged files away or added some. The last snapshot"
                " stands: run the command again"
            )


def publish(
    warehouse: Warehouse,
    run_id: str,
    recorded_at: datetime,
    also: Callable[[duckdb.DuckDBPyConnection], Mapping[str, int]] | None = None,
    counted: Counted | None = None,
) -> Published:
    """Make a run's staged rows and records, and all journals, visible, in one transaction.

    Staged are Parquet files named for their tables anywhere below ``staging/RUN``. Articles
    staged anew supersede their current version with its facts. Nothing is loaded into memory
    whole, so the cost follows the run, not the warehouse. `also` does more in the same transaction,
    after the records are there, and says how many rows it inserted, by table. With `counted`
    nothing is published but what the run had counted.

    Where the catalog's server goes away in the middle, it is waited for. Then the catalog tells
    whether the transaction was committed; if not, it is begun anew, under a lock that is still
    ours.

    Raises:
        CountsDiffer: staged is something else; nothing was published.
        WarehouseLocked: the server was away, and another process has the lock since.
    """
    journals = list_folders(warehouse.journals)
    mark, snapshot = uuid.uuid4().hex, None
    for left in reversed(range(_TRIES)):
        rows: dict[str, int] = {}
        try:
            snapshot = _publish(warehouse, run_id, recorded_at, also, counted, mark, rows)
        except duckdb.Error as error:
            if not warehouse.database.is_lost(error) or not left:
                raise
            time.sleep(_PAUSE)
            snapshot = _find_commit(warehouse, mark)
        if snapshot is not None:
            break
    assert snapshot is not None
    for journal in journals:
        remove_folder(journal)
    remove_folder(warehouse.staging(run_id))
    return Published(snapshot, rows)


def _find_commit(warehouse: Warehouse, mark: str) -> int | None:
    """The snapshot that was committed with a mark; null where none was."""
    with connect(warehouse) as connection:
        found = connection.execute(
            "SELECT snapshot_id FROM ducklake_snapshots('lake') WHERE commit_extra_info = ?", [mark]
        ).fetchone()
    return None if found is None else int(found[0])


def _publish(
    warehouse: Warehouse,
    run_id: str,
    recorded_at: datetime,
    also: Callable[[duckdb.DuckDBPyConnection], Mapping[str, int]] | None,
    counted: Counted | None,
    mark: str,
    rows: dict[str, int],
) -> int:
    """Do it in one transaction that carries the mark; the snapshot. `rows` takes what it wrote."""
    staged = _by_table(warehouse.staging(run_id))
    records = {name: list(paths) for name, paths in staged.items()}
    for journal in list_folders(warehouse.journals):
        # its own is of a replay that failed before
        for name, paths in _by_table(journal).items() if journal.name != run_id else ():
            records.setdefault(name, []).extend(paths)
    with connect(warehouse, read_only=False) as connection:
        connection.execute("BEGIN TRANSACTION")
        connection.execute(
            f"CALL lake.set_commit_message('dateline', {quote(run_id)}, extra_info => '{mark}')"
        )
        _replace_failure(connection, run_id)
        _supersede(connection, staged.get(ARTICLE_VERSIONS.name, []), recorded_at)
        _choose(connection, staged.get(ARTICLE_VERSIONS.name, []))
        for table in HISTORY:
            rows[table.name] = _insert_recorded(
                connection, table, staged.get(table.name, []), run_id, recorded_at
            )
        for table in REGISTRY:
            paths = staged.get(table.name, [])
            rows[table.name] = _replace(connection, table, paths, run_id, recorded_at)
        rows[ARTICLES.name] = _merge(
            connection,
            ARTICLES,
            staged.get(ARTICLES.name, []),
            "SELECT s.* FROM ({}) s JOIN chosen c"
            " ON c.article_id = s.article_id AND c.batch = parse_dirpath(s.filename)",
        )
        for table in _JOURNALED:
            rows[table.name] = _merge(connection, table, records.get(table.name, []))
        if also is not None:
            for name, count in also(connection).items():
                rows[name] = rows.get(name, 0) + count
        if counted is not None:
            counted.check(rows)
        warehouse.database.confirm_lock()
        connection.execute("COMMIT")
        return snapshot_id(connection)


def _replace_failure(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Drop the records of a failed run that is published now: a replay that is tried again."""
    failed = "SELECT 1 FROM lake.runs WHERE run_id = ? AND state = 'failed'"
    if connection.execute(failed, [run_id]).fetchone():
        for table in (RUNS, RUN_STAGES, CHECKS):
            connection.execute(f"DELETE FROM lake.{table.name} WHERE run_id = ?", [run_id])


def _by_table(folder: Place) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, _ in list_files(folder, "*.parquet"):
        if path.stem in BY_NAME:
            found.setdefault(path.stem, []).append(str(path))
    return found


def _supersede(
    connection: duckdb.DuckDBPyConnection, versions: Sequence[str], recorded_at: datetime
) -> None:
    """Close the current version, and its facts, of each article that is staged anew."""
    if not versions:
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE superseded AS SELECT v.article_id, v.version"
        " FROM lake.article_versions v WHERE v.superseded_at IS NULL AND v.article_id IN"
        f" (SELECT article_id FROM read_parquet({literal(versions)}))"
    )
    # facts may be newer than the version's row, and so may that row, where a promote revised it
    (since,) = connection.execute(
        "SELECT min(recorded_at) FROM lake.article_versions SEMI JOIN superseded"
        " USING (article_id, version)"
    ).fetchone() or (None,)
    if since is None:
        return
    for table in HISTORY:
        # the literal bound lets DuckLake skip the files of all earlier nights
        connection.execute(
            f"UPDATE lake.{table.name} SET superseded_at = ? WHERE superseded_at IS NULL"
            " AND recorded_at >= ? AND article_id IN (SELECT article_id FROM superseded)",
            [recorded_at, since],
        )


def _choose(connection: duckdb.DuckDBPyConnection, versions: Sequence[str]) -> None:
    """Choose one staged version of each article: two addresses in one run may lead to one article.

    The first by its address, whatever batches the two came in.
    """
    if versions:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE chosen AS {_chosen(versions)}")


def _chosen(versions: Sequence[str]) -> str:
    return (
        "SELECT article_id, parse_dirpath(filename) AS batch,"
        " count(*) OVER (PARTITION BY article_id) AS staged"
        f" FROM read_parquet({literal(versions)}, filename = true)"
        " QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY url, version, filename) = 1"
    )


def find_repeated(warehouse: Warehouse, versions: Sequence[Place]) -> dict[str, str]:
    """The articles that several of these staged files hold, with the batch that will count."""
    if not versions:
        return {}
    with session(warehouse) as connection:
        rows: list[tuple[str, str]] = connection.execute(
            f"SELECT article_id, batch FROM ({_chosen([str(p) for p in versions])})"
            " WHERE staged > 1"
        ).fetchall()
    return dict(rows)


def count_repeated(warehouse: Warehouse, staged: Mapping[str, Sequence[Place]]) -> tuple[int, int]:
    """Articles and fact rows that are staged and will not be published, since another address led
    to the same article; `staged` has the files of each table."""
    paths = [str(p) for p in staged.get(ARTICLE_VERSIONS.name, [])]
    if not paths:
        return 0, 0
    with session(warehouse) as connection:
        _choose(connection, paths)
        (articles,) = connection.execute(
            "SELECT coalesce(sum(staged - 1), 0)::BIGINT FROM chosen"
        ).fetchone() or (0,)
        rows = 0
        for table in FACTS if articles else ():
            if files := [str(p) for p in staged.get(table.name, [])]:
                found = connection.execute(
                    f"SELECT count(*) FROM read_parquet({literal(files)}, filename = true) s"
                    " JOIN chosen c ON c.article_id = s.article_id"
                    " WHERE c.batch <> parse_dirpath(s.filename)"
                ).fetchone()
                rows += found[0] if found else 0
    return int(articles), rows


def _insert_recorded(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    paths: Sequence[str],
    run_id: str,
    recorded_at: datetime,
) -> int:
    if not paths:
        return 0
    result = connection.execute(
        f"INSERT INTO lake.{table.name} BY NAME SELECT s.* EXCLUDE (filename), ? AS run_id,"
        " ?::TIMESTAMPTZ AS recorded_at, NULL::TIMESTAMPTZ AS superseded_at"
        f" FROM read_parquet({literal(paths)}, filename = true) s"
        " JOIN chosen c ON c.article_id = s.article_id AND c.batch = parse_dirpath(s.filename)"
        f" ORDER BY {', '.join(f's.{n}' for n in table.order)}",
        [run_id, recorded_at],
    ).fetchone()
    return int(result[0]) if result else 0


def _replace(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    paths: Sequence[str],
    run_id: str,
    recorded_at: datetime,
) -> int:
    """Insert rows; those current under the same key are superseded."""
    if not paths:
        return 0
    (key,) = table.key
    connection.execute(
        f"UPDATE lake.{table.name} SET superseded_at = ? WHERE superseded_at IS NULL"
        f" AND {key} IN (SELECT {key} FROM read_parquet({literal(paths)}))",
        [recorded_at],
    )
    result = connection.execute(
        f"INSERT INTO lake.{table.name} BY NAME SELECT *, ? AS run_id,"
        " ?::TIMESTAMPTZ AS recorded_at, NULL::TIMESTAMPTZ AS superseded_at"
        f" FROM read_parquet({literal(paths)}) ORDER BY {key}",
        [run_id, recorded_at],
    ).fetchone()
    return int(result[0]) if result else 0


def _merge(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    paths: Sequence[str],
    of: str = "{}",
) -> int:
    """Insert new keys and update changed rows; rows that say the same are left alone.

    `of` is a query with a place for the staged rows, where not all of them count.

    Not MERGE: with an update of one row in a file of several it aborts the process (DuckLake on
    DuckDB 1.5.5).
    """
    if not paths:
        return 0
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    match = " AND ".join(f't."{k}" = s."{k}"' for k in table.key)
    staged = f"SELECT * FROM read_parquet({literal(paths)}, filename = true)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT {columns} FROM"
        f" ({latest(of.format(staged), table)})"
    )
    if table in (SOURCES, ARTICLES):
        # when and where an article was first seen stays
        kept = [
            c.name
            for c in table.columns
            if c.name not in (*table.key, "first_seen_at", "source_id")
        ]
        changed = " OR ".join(f't."{n}" IS DISTINCT FROM s."{n}"' for n in kept)
        updates = ", ".join(f'"{n}" = s."{n}"' for n in kept)
        connection.execute(
            f"UPDATE lake.{table.name} t SET {updates} FROM incoming s"
            f" WHERE {match} AND ({changed})"
        )
    if table is QUARANTINE:
        # a decision about an open row; or a row that was replayed and is held back once more
        updates = ", ".join(f'"{n}" = s."{n}"' for n in _DECIDED)
        connection.execute(
            f"UPDATE lake.quarantine t SET {updates} FROM incoming s WHERE {match}"
            " AND (t.state = 'open' AND s.state <> 'open'"
            " OR t.state = 'replayed' AND s.state = 'open' AND s.recorded_at > t.decided_at)"
        )
    result = connection.execute(
        f"INSERT INTO lake.{table.name} ({columns}) SELECT {columns} FROM incoming s"
        f" WHERE NOT EXISTS (SELECT 1 FROM lake.{table.name} t WHERE {match})"
    ).fetchone()
    return int(result[0]) if result else 0
