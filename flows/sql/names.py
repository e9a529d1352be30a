"""What a query may name: tables, views and macros with their columns, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.tables import BY_NAME
from warehouse.views import find_definitions

_COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name IN ('session', 'views') AND NOT internal
ORDER BY table_name, column_index
"""


@dataclass(frozen=True)
class Name:
    """A table, view or macro: how it is called, what it is, and its columns with their types."""

    name: str
    kind: str
    call: str
    description: str
    columns: dict[str, str]


def find_names(connection: duckdb.DuckDBPyConnection) -> dict[str, Name]:
    """All that a query may name, tables first."""
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(_COLUMNS).fetchall():
        columns.setdefault(table, {})[column] = kind
    found = {
        table.name: Name(
            table.name, "table", table.name, table.description, columns.get(table.name, {})
        )
        for table in BY_NAME.values()
    }
    for one in find_definitions():
        own = columns.get(one.name, {})
        found[one.name] = Name(one.name, one.kind, one.call, one.description, own)
    return found


def meaning(table: str, column: str) -> str:
    """What a column means: as declared, or, of a view, as the tables with such a column say."""
    owners = [BY_NAME[table]] if table in BY_NAME else list(BY_NAME.values())
    told = {c.description for owner in owners for c in owner.published if c.name == column}
    return told.pop() if len(told) == 1 else ""
