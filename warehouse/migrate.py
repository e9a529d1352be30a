"""Bringing a warehouse that an older version made up to this one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import duckdb

from warehouse.lake import (
    Warehouse,
    WarehouseError,
    attach,
    ddl,
    ddl_column,
    find_missing,
    set_layout,
    writer_lock,
)
from warehouse.tables import BY_NAME, Column, Table, default_of
from warehouse.views import write_views


def migrate(warehouse: Warehouse) -> list[str]:
    """Add the tables and columns that the lake lacks, in one transaction; what was added.

    Rows that were there get null in new columns, or the value that the declaration gives a column
    that is never null. Files are not rewritten, but for
    lists and booleans that are never null. The views are made anew.

    Raises:
        WarehouseError: a new column has no value for rows that were there, or the lake has a column
            that this version does not know and that must be filled.
        WarehouseLocked: a run is writing.
    """
    with writer_lock(warehouse), attach(warehouse, read_only=False) as connection:
        steps = list(find_steps(connection, warehouse))
        connection.execute("BEGIN TRANSACTION")
        for _, statement in steps:
            connection.execute(statement)
        set_layout(connection)
        connection.execute("COMMIT")
        write_views(connection, warehouse.views)
    return [what for what, _ in steps]


def find_steps(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse
) -> Iterator[tuple[str, str]]:
    """What is to be done, in words and as SQL."""
    _refuse_newer(connection, warehouse)
    for name in find_missing(warehouse, connection):
        table_name, _, column_name = name.partition(".")
        table = BY_NAME[table_name]
        if not column_name:
            yield f"table {name}", ddl(table)
            continue
        column = table[column_name]
        yield f"column {name}", _add_column(table, column, warehouse)


def _add_column(table: Table, column: Column, warehouse: Warehouse) -> str:
    add = f"ALTER TABLE lake.{table.name} ADD COLUMN "
    if column.nullable:
        return add + ddl_column(column)
    value = default_of(table, column)
    if value is None:
        raise WarehouseError(
            f"{table.name}.{column.name} has no value for the rows of {warehouse.root}: put"
            " catalog.sqlite and data/ aside and make the warehouse anew from its archive with"
            " `dateline ingest --replay`"
        )
    # DuckLake adds no column that is never null; the value stands for all rows that were there
    bare = add + ddl_column(dataclasses.replace(column, nullable=True))
    if column.type in ("list<string>", "bool"):  # DuckLake takes no such default with a new column
        return f'{bare}; UPDATE lake.{table.name} SET "{column.name}" = {value}'
    return f"{bare} DEFAULT {value}"


def _refuse_newer(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
    unknown = [
        f"{table}.{column}"
        for table, column in connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns()"
            " WHERE database_name = 'lake' AND NOT is_nullable"
        ).fetchall()
        if table in BY_NAME and column not in {c.name for c in BY_NAME[table].published}
    ]
    if unknown:
        raise WarehouseError(
            f"the warehouse {warehouse.root} has {', '.join(unknown)}, which this version of"
            " dateline does not know: a newer one made it; update dateline"
        )
