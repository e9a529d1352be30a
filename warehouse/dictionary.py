"""The data dictionary in Markdown, generated from the declaration."""

from __future__ import annotations

from warehouse.tables import TABLES, Column, Table

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
