"""The rules that follow from the declaration of a table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from expectations.rule import Evidence, Rule, Severity, verdict_column
from warehouse.tables import Column, Table

CODE = "A transform gives what warehouse/tables.py does not declare: fix it, or the declaration."


def structure_rules(table: Table) -> tuple[Rule, ...]:
    """Columns, types, key, and each column's nullability, enumeration, pattern and bounds."""
    return (*_table_rules(table), *(r for c in table.columns for r in _column_rules(c)))


def _table_rules(table: Table) -> Iterator[Rule]:
    names = [c.name for c in table.columns]
    yield Rule(
        "declared_columns",
        "The table has exactly the declared columns.",
        "critical",
        CODE,
        "ExpectTableColumnsToMatchSet",
        {"column_set": names, "exact_match": True},
        whole=True,
    )
    yield Rule(
        "declared_types",
        "Every column has its declared type.",
        "critical",
        CODE,
        "ExpectColumnsToBeOfDeclaredTypes",
        {"types": {c.name: c.type for c in table.columns}},
        whole=True,
    )
    key: dict[str, object] = (
        {"column": table.key[0]} if len(table.key) == 1 else {"column_list": list(table.key)}
    )
    yield Rule(
        "unique_key",
        f"No two rows have the same {' and '.join(table.key)}.",
        "critical",
        "The same row was made twice: look for a document delivered twice in one batch, or for a"
        " key that leaves out what tells rows apart.",
        f"Expect{'ColumnValues' if len(table.key) == 1 else 'CompoundColumns'}ToBeUnique",
        key,
        columns=table.key,
        whole=True,
    )


def _column_rules(column: Column) -> Iterator[Rule]:
    name = column.name
    if not column.nullable:
        yield _rule(
            column, "not_null", f"Every row has {name}.", "ExpectColumnValuesToNotBeNull", {}
        )
    if column.values:
        yield _rule(
            column,
            "enumeration",
            f"{name} is one of {', '.join(column.values)}.",
            "ExpectColumnValuesToBeInSet",
            {"value_set": list(column.values)},
        )
    if column.pattern:
        yield _rule(
            column,
            "pattern",
            f"{name} matches {column.pattern}.",
            "ExpectColumnValuesToMatchRegex",
            {"regex": rf"\A(?:{column.pattern})\Z"},
        )
    if column.low is not None or column.high is not None:
        yield _rule(
            column,
            "bounds",
            f"{name} is {_bounds(column)}.",
            "ExpectColumnValuesToBeBetween",
            {"min_value": column.low, "max_value": column.high},
        )
    if column.type == "double":
        yield _finite(column)


def _rule(
    column: Column,
    kind: str,
    description: str,
    expectation: str,
    arguments: dict[str, object],
    severity: Severity = "critical",
) -> Rule:
    return Rule(
        f"{kind}:{column.name}",
        description,
        severity,
        CODE,
        expectation,
        {"column": column.name, **arguments},
        columns=(column.name,),
    )


def _finite(column: Column) -> Rule:
    """The rule that a double is a number; a NaN would pass every bound as if it were null."""

    def holds(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[bool]:
        values = pa.array(frame[column.name].array)
        return pd.Series(pd.arrays.ArrowExtensionArray(pc.is_finite(values)))

    rule_id = f"finite:{column.name}"
    return Rule(
        rule_id,
        f"{column.name} is a finite number or null.",
        "critical",
        CODE,
        "ExpectColumnValuesToBeInSet",
        {"column": verdict_column(rule_id), "value_set": [True]},
        columns=(column.name,),
        holds=holds,
    )


def _bounds(column: Column) -> str:
    if column.high is None:
        return f"at least {column.low:g}"
    if column.low is None:
        return f"at most {column.high:g}"
    return f"between {column.low:g} and {column.high:g}"
