"""The description of a bundle in Croissant 1.0. https://docs.mlcommons.org/croissant"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.frictionless import MEDIA_TYPES
from warehouse.tables import TABLES, Column, Table

_TYPES = {
    "string": "sc:Text",
    "int64": "sc:Integer",
    "double": "sc:Float",
    "bool": "sc:Boolean",
    "timestamp": "sc:DateTime",
    "list<string>": "sc:Text",
}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def to_croissant(
    form: str, snapshot: int, files: Mapping[str, Path], facts: Mapping[Path, tuple[int, str]]
) -> dict[str, Any]:
    """The dataset: a file object a file, a record set a table, a field a column.

    `facts` has size and SHA-256 of each file.
    """
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "dateline-warehouse",
        "description": "News articles as checked rows: every table, with superseded rows.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "version": f"{snapshot}.0.0",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": path.name,
                "name": path.name,
                "contentUrl": path.name,
                "contentSize": f"{size} B",
                "encodingFormat": MEDIA_TYPES[form],
                "sha256": digest,
            }
            for path, (size, digest) in sorted(facts.items())
        ],
        "recordSet": [_record_set(table, files[table.name]) for table in TABLES],
    }


def _record_set(table: Table, path: Path) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column, path) for column in table.published],
    }


def _field(table: Table, column: Column, path: Path) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": path.name}, "extract": {"column": column.name}},
    }
    if column.type == "list<string>":
        field["repeated"] = True
    if column.name == "article_id" and table.name != "articles":
        field["references"] = {"field": {"@id": "articles/article_id"}}
    return field
