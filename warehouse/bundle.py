"""The whole warehouse as files for others, and back: Parquet, CSV, JSON lines or a DuckDB file.

A bundle is a folder with a file a table, all rows of all times, and two descriptions made from the
declaration: datapackage.json (Frictionless) and croissant.json. Times are ISO 8601 in UTC; in CSV a
list is JSON, nothing is null and "" is empty.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from warehouse.croissant import to_croissant
from warehouse.frictionless import PACKAGE, to_package
from warehouse.lake import (
    Warehouse,
    WarehouseError,
    connect,
    create,
    quote,
    snapshot_id,
    sql_type,
    writer_lock,
)
from warehouse.tables import ARTICLES, TABLES, Column, Table, default_of

SUFFIXES = {"parquet": "parquet", "csv": "csv", "jsonl": "jsonl", "duckdb": "duckdb"}
DUCKDB = "tables.duckdb"
_COPY = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER, NULLSTR '', FORCE_QUOTE *",
    "jsonl": "FORMAT json",
}
_ISO = "%Y-%m-%dT%H:%M:%S.%fZ"


class BundleError(Exception):
    """A bundle cannot be read: it is none, or damaged; the message says which file and why."""


def export_bundle(warehouse: Warehouse, form: str, out: Path) -> dict[str, int]:
    """Write every table below `out`, with its descriptions; rows by table."""
    out.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    with connect(warehouse) as connection:
        snapshot = snapshot_id(connection)
        if form == "duckdb":
            (out / DUCKDB).unlink(missing_ok=True)
            connection.execute(f"ATTACH {quote(str(out / DUCKDB))} AS exported")
        for table in TABLES:
            source = _rows_of(table)
            if form == "duckdb":
                result = connection.execute(_into_duckdb(table, source)).fetchone()
                _comment(connection, table)
            else:
                path = quote(str(out / f"{table.name}.{form}"))
                select = source if form == "parquet" else _plain(table, source, form)
                result = connection.execute(f"COPY ({select}) TO {path} ({_COPY[form]})").fetchone()
            rows[table.name] = int(result[0]) if result else 0
        if form == "duckdb":
            connection.execute("DETACH exported")
    files = {t.name: out / (DUCKDB if form == "duckdb" else f"{t.name}.{form}") for t in TABLES}
    facts = {path: (path.stat().st_size, _sha256(path)) for path in set(files.values())}
    package = to_package(form, snapshot, files, facts, rows)
    _write_json(out / PACKAGE, package)
    _write_json(out / "croissant.json", to_croissant(form, snapshot, files, facts))
    return rows


def _rows_of(table: Table) -> str:
    """All rows of all times; of records that are still in the journal, those too."""
    order = ", ".join(f'"{name}"' for name in (*table.key, *_recorded(table)))
    columns = ", ".join(f'"{c.name}"' for c in table.published)
    source = f"lake.main.{table.name}" if table.recorded else table.name
    return f"SELECT {columns} FROM {source} ORDER BY {order}"


def _recorded(table: Table) -> tuple[str, ...]:
    return ("recorded_at",) if table.recorded else ()


def _plain(table: Table, source: str, form: str) -> str:
    """The rows with what the form has no type for as text."""
    return f"SELECT {', '.join(_as_text(c, form) for c in table.published)} FROM ({source})"


def _as_text(column: Column, form: str) -> str:
    name = f'"{column.name}"'
    if column.type == "timestamp":
        return f"strftime({name}, '{_ISO}') AS {name}"
    if column.type == "list<string>" and form == "csv":
        return f"to_json({name}) AS {name}"
    return name


def _into_duckdb(table: Table, source: str) -> str:
    columns = ", ".join(
        f'"{c.name}" {sql_type(c)}{"" if c.nullable else " NOT NULL"}' for c in table.published
    )
    return (
        f"CREATE TABLE exported.{table.name} ({columns});"
        f" INSERT INTO exported.{table.name} {source}"
    )


def _comment(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    connection.execute(f"COMMENT ON TABLE exported.{table.name} IS {quote(table.description)}")
    for column in table.published:
        connection.execute(
            f'COMMENT ON COLUMN exported.{table.name}."{column.name}"'
            f" IS {quote(column.description)}"
        )


def _write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


# --------------------------------------------------------------------------- back


def import_bundle(source: Path, warehouse: Warehouse) -> dict[str, int]:
    """Make a warehouse of a bundle, in one transaction; rows by table.

    Columns that this version has and the bundle has not are null, or as the declaration says.

    Raises:
        BundleError: there is no bundle, a file of it is missing or not what was written, or it
            lacks a column that is never null.
        WarehouseError: the warehouse holds articles.
    """
    package = _read_package(source)
    create(warehouse)
    rows: dict[str, int] = {}
    with writer_lock(warehouse), connect(warehouse, read_only=False) as connection:
        if connection.execute(f"SELECT 1 FROM lake.{ARTICLES.name} LIMIT 1").fetchone():
            raise WarehouseError(
                f"the warehouse {warehouse.root} holds articles: import into an empty one (-w)"
            )
        if package["form"] == "duckdb":
            connection.execute(f"ATTACH {quote(str(source / DUCKDB))} AS exported (READ_ONLY)")
        connection.execute("BEGIN TRANSACTION")
        for table in TABLES:
            resource = package["resources"].get(table.name)
            if resource is not None:
                rows[table.name] = _import_table(connection, table, resource, source, package)
        connection.execute("COMMIT")
    return rows


def _import_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    resource: dict[str, Any],
    source: Path,
    package: dict[str, Any],
) -> int:
    there = {field["name"] for field in resource["schema"]["fields"]}
    select = ", ".join(_typed(table, c, there, package["form"]) for c in table.published)
    relation = _read(table, there, source, package["form"])
    order = ", ".join(f'"{name}"' for name in table.order)
    result = connection.execute(
        f"INSERT INTO lake.{table.name} BY NAME SELECT {select} FROM {relation} ORDER BY {order}"
    ).fetchone()
    count = int(result[0]) if result else 0
    if count != resource["rowCount"]:
        raise BundleError(
            f"{source / resource['path']} has {count} rows of {table.name}, not"
            f" {resource['rowCount']}"
        )
    return count


def _typed(table: Table, column: Column, there: set[str], form: str) -> str:
    name = f'"{column.name}"'
    if column.name in there:
        if form == "csv" and column.type == "list<string>":
            return f"from_json({name}, '[\"VARCHAR\"]') AS {name}"
        return f"CAST({name} AS {sql_type(column)}) AS {name}"
    value = "NULL" if column.nullable else default_of(table, column)
    if value is None:
        raise BundleError(f"the bundle lacks {table.name}.{column.name}, which is never null")
    return f"CAST({value} AS {sql_type(column)}) AS {name}"


def _read(table: Table, there: set[str], source: Path, form: str) -> str:
    if form == "duckdb":
        return f"exported.{table.name}"
    path = quote(str(source / f"{table.name}.{form}"))
    if form == "parquet":
        return f"read_parquet({path})"
    known = {c.name: c for c in table.published}
    types = {
        name: sql_type(known[name])
        if name in known and known[name].type != "timestamp" and form == "jsonl"
        else "VARCHAR"
        for name in there
    }
    if form == "jsonl":
        columns = ", ".join(f"{quote(n)}: {quote(t)}" for n, t in types.items())
        return (
            f"read_json({path}, format = 'newline_delimited', columns = {{{columns}}},"
            " maximum_object_size = 1073741824)"
        )
    # long texts with line breaks: one reader, so that a break is never taken for a row's end
    return (
        f"read_csv({path}, header = true, all_varchar = true, nullstr = '', quote = '\"',"
        " escape = '\"', delim = ',', allow_quoted_nulls = false, auto_detect = false,"
        " columns = {" + ", ".join(f"{quote(n)}: 'VARCHAR'" for n in _header(table, there)) + "},"
        " max_line_size = 1073741824, parallel = false, strict_mode = true, new_line = '\\n')"
    )


def _header(table: Table, there: set[str]) -> list[str]:
    return [c.name for c in table.published if c.name in there]


def _read_package(source: Path) -> dict[str, Any]:
    """The description of a bundle, once each file has been found to be what was written."""
    path = source / PACKAGE
    try:
        package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        resources = {r["name"]: r for r in package["resources"]}
        form = package["dateline"]["form"]
    except FileNotFoundError as error:
        raise BundleError(f"there is no bundle in {source}: it has no {PACKAGE}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{path} does not describe a bundle of dateline: {error!r}") from error
    for name, digest in {(r["path"], r["hash"]) for r in resources.values()}:
        file = source / name
        if not file.is_file():
            raise BundleError(f"{file} is missing")
        if f"sha256:{_sha256(file)}" != digest:
            raise BundleError(f"{file} is damaged: it is not the file that was exported")
    return {"form": form, "resources": resources}
