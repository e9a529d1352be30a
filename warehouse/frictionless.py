"""The description of a bundle as a Frictionless data package. https://specs.frictionlessdata.io"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.tables import ARTICLES, FACTS, TABLES, Column, Table

PACKAGE = "datapackage.json"
MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "duckdb": "application/vnd.duckdb",
}
_TYPES = {
    "string": "string",
    "int64": "integer",
    "double": "number",
    "bool": "boolean",
    "timestamp": "datetime",
    "list<string>": "array",
}


def to_package(
    form: str,
    snapshot: int,
    files: Mapping[str, Path],
    facts: Mapping[Path, tuple[int, str]],
    rows: Mapping[str, int],
) -> dict[str, Any]:
    """The package: a resource a table, with the schema that the declaration gives.

    `facts` has size and SHA-256 of each file.
    """
    return {
        "profile": "tabular-data-package" if form == "csv" else "data-package",
        "name": "dateline-warehouse",
        "title": "News articles as checked rows",
        "description": "Every table of a Dateline warehouse, with superseded rows.",
        "version": str(snapshot),
        "dateline": {"form": form, "snapshot": snapshot},
        "resources": [
            _resource(table, form, files[table.name], *facts[files[table.name]], rows[table.name])
            for table in TABLES
        ],
    }


def _resource(
    table: Table, form: str, path: Path, size: int, digest: str, rows: int
) -> dict[str, Any]:
    key = [*table.key, *(["recorded_at"] if table.recorded else [])]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.published],
        "primaryKey": key,
        "missingValues": [""],
    }
    if table in FACTS:
        reference = {"resource": ARTICLES.name, "fields": ["article_id"]}
        schema["foreignKeys"] = [{"fields": ["article_id"], "reference": reference}]
    return {
        "name": table.name,
        "profile": "tabular-data-resource" if form == "csv" else "data-resource",
        "path": path.name,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        "encoding": "utf-8",
        "description": table.description,
        "bytes": size,
        "hash": f"sha256:{digest}",
        "rowCount": rows,
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": column.description,
    }
    if column.type == "timestamp":
        field["format"] = "any"  # the default knows no fractions of a second
    if column.unit:
        field["unit"] = column.unit
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    if column.low is not None:
        constraints["minimum"] = column.low
    if column.high is not None:
        constraints["maximum"] = column.high
    if column.pattern:
        constraints["pattern"] = column.pattern
    if constraints:
        field["constraints"] = constraints
    return field
