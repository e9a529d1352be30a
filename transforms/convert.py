"""The one converter between rows and frames, driven by the declaration."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

import pandas as pd
import pyarrow as pa

from transforms.language.document import Document
from transforms.text import Text, key_of
from warehouse.tables import Column, Span, Table, arrow_schema

Found = tuple[Text, Document, Sequence[Span]]
"""What a finder gave for one document."""


def to_arrow(columns: Sequence[Column], records: Sequence[Mapping[str, Any]]) -> pa.Table:
    """An Arrow table of exactly the declared columns; a key that a record lacks is null."""
    schema = arrow_schema(columns)
    arrays = [pa.array([r.get(f.name) for r in records], f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def to_frame(table: Table, records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A frame of the table's columns, before the publish adds its own."""
    return as_frame(to_arrow(table.columns, records))


def as_frame(table: pa.Table) -> pd.DataFrame:
    """The same table as a frame with Arrow dtypes."""
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def as_arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """The same frame as an Arrow table of the declared columns, in the declared order.

    Raises:
        KeyError: a declared column is missing.
        pyarrow.ArrowInvalid: a value does not fit the declared type.
    """
    schema = arrow_schema(table.columns)
    return pa.Table.from_pandas(
        frame[[c.name for c in table.columns]], schema=schema, preserve_index=False
    ).replace_schema_metadata(None)


def retype(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The same rows with exactly the declared columns and Arrow types, as joins may lose them."""
    return as_frame(as_arrow(table, frame))


def facts_to_frame(table: Table, found: Iterable[Found], extractor_version: str) -> pd.DataFrame:
    """A frame of facts from what a finder gave, each located and stamped.

    The surface is cut from the text here, so no finder can report another. Of rows with the same
    span and rule in one document the first stands: they would have the same key.
    """
    own = tuple(f.name for f in fields(table.row))
    values: dict[str, list[Any]] = {c.name: [] for c in table.columns}
    key_name = table.key[0]
    extractor = table.name
    for text, document, rows in found:
        firsts = [document.starts[first] for first, _ in document.sentences]
        lasts = [document.ends[last - 1] for _, last in document.sentences]
        seen: set[str] = set()
        for row in sorted(rows, key=attrgetter("start", "end", "rule")):
            key = key_of(text.article_id, text.version, extractor, row.start, row.end, row.rule)
            if key in seen:
                continue
            seen.add(key)
            sentence = max(0, bisect_right(firsts, row.start) - 1)
            values[key_name].append(key)
            values["article_id"].append(text.article_id)
            values["version"].append(text.version)
            values["surface"].append(text.text[row.start : row.end])
            values["sentence"].append(sentence)
            values["sentence_start"].append(firsts[sentence])
            values["sentence_end"].append(lasts[sentence])
            values["extractor"].append(extractor)
            values["extractor_version"].append(extractor_version)
            for name in own:
                values[name].append(getattr(row, name))
    schema = arrow_schema(table.columns)
    arrays = [pa.array(values[f.name], f.type) for f in schema]
    return as_frame(pa.Table.from_arrays(arrays, schema=schema))
