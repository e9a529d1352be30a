"""The data dictionary in Markdown, generated from the declaration."""

from __future__ import annotations

from warehouse.tables import TABLES, Column, Table
from warehouse.views import Definition, find_definitions

_HEAD = """# Data dictionary

Generated from `warehouse/tables.py` by `dateline dictionary`; a test fails where the two differ.

Times are UTC. Offsets count Unicode code points of `article_versions.text`, in `headline_quotes`
of the headline; an end is exclusive. A null means *unknown*. In a `dateline sql` session the plain
name of a table gives current rows; `lake.<table>` gives superseded ones too.
"""


def to_markdown() -> str:
    """Every table and column as Markdown."""
    return _HEAD + "".join(map(_section, TABLES))


def _section(table: Table) -> str:
    rows = "".join(_row(column, table) for column in table.published)
    return (
        f"\n## {table.name}\n\n{table.description}\n\n"
        "| column | type | null | description |\n| --- | --- | --- | --- |\n" + rows
    )


def _row(column: Column, table: Table) -> str:
    notes = [column.description]
    if column.name in table.key:
        notes.append("key")
    if column.values:
        notes.append("one of " + ", ".join(f"`{v}`" for v in column.values))
    if column.low is not None and column.high is not None:
        notes.append(f"{column.low:g} to {column.high:g}")
    elif column.low is not None:
        notes.append(f"at least {column.low:g}")
    if column.unit:
        notes.append(f"unit {column.unit}")
    null = "yes" if column.nullable else "no"
    text = "; ".join(notes).replace("|", "\\|")
    return f"| {column.name} | {column.type} | {null} | {text} |\n"


_SQL_HEAD = """# Views and macros

Generated from `warehouse/sql/` by `dateline dictionary --sql`; a test fails where the two differ.

They are there in every `dateline sql` session, and for any other DuckDB client in
`dateline.duckdb`, a small file in the warehouse folder: open it and say the one line that
`dateline sql --attach` prints. It attaches the lake, wherever the folder lies now. Tables, views
and macros go by their plain names; `lake.<table>` has the superseded rows too. Texts are read only
by queries that ask for them (`text`, `sentence_text`, `excerpt`), which on a large warehouse is the
costly part: choose rows first. Each example below is run by the tests.

```console
$ dateline sql -w demo-warehouse/warehouse --attach
```
"""


def sql_markdown() -> str:
    """Every view and macro with its example as Markdown."""
    return _SQL_HEAD + "".join(map(_definition, find_definitions()))


def _definition(one: Definition) -> str:
    return (
        f"\n## {one.name}\n\n{one.kind.capitalize()} `{one.call}`. {one.description}\n\n"
        f"{one.title[:1].upper()}{one.title[1:]}:\n\n```sql\n{one.example}\n```\n"
    )
