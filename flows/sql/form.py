"""The forms of an answer: aligned table, CSV, JSON, Parquet, Arrow, or bars of a plot."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.sql.plot import to_bars

FORMATS = ("table", "csv", "json", "plot", "parquet", "arrow")
BINARY = ("parquet", "arrow")
"""Those that need a file."""
CHUNK = 10_000
ROWS = 200
"""Rows of a table that are shown."""


def write_answer(
    connection: duckdb.DuckDBPyConnection, query: str, form: str, out: Path | None
) -> None:
    """Ask and write what comes back to `out`, or to standard output; long answers are streamed."""
    if form == "table" and out is None:
        print(to_table(connection, query), end="")
        return
    result = connection.execute(query)
    if form in BINARY and out is not None:
        _binary(result, form, out)
        return
    write = {"csv": _csv, "json": _json, "table": _csv, "plot": _plot}[form]
    if out is None:
        write(result, sys.stdout)
    else:
        with out.open("w", encoding="utf-8", newline="") as handle:
            write(result, handle)


def to_table(connection: duckdb.DuckDBPyConnection, query: str, rows: int = ROWS) -> str:
    """The answer as an aligned table as wide as the terminal; empty for a statement without one."""
    relation = connection.sql(query)
    if relation is None:
        return ""
    width = max(80, shutil.get_terminal_size((160, 40)).columns)
    text = StringIO()
    with redirect_stdout(text):
        relation.show(max_width=width, max_rows=rows)
    return text.getvalue()


def _binary(result: duckdb.DuckDBPyConnection, form: str, out: Path) -> None:
    reader = result.to_arrow_reader(CHUNK)
    if form == "parquet":
        import pyarrow.parquet as pq

        with pq.ParquetWriter(out, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
        return
    import pyarrow as pa

    with pa.OSFile(str(out), "wb") as sink, pa.ipc.new_file(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _names(result: duckdb.DuckDBPyConnection) -> list[str]:
    return [d[0] for d in result.description or []]


def _csv(result: duckdb.DuckDBPyConnection, handle: IO[str]) -> None:
    writer = csv.writer(handle, lineterminator="\n")
    writer.writerow(_names(result))
    while rows := result.fetchmany(CHUNK):
        writer.writerows(rows)


def _json(result: duckdb.DuckDBPyConnection, handle: IO[str]) -> None:
    """One JSON array, an object a row, streamed."""
    names = _names(result)
    separator = "["
    while rows := result.fetchmany(CHUNK):
        for row in rows:
            record = dict(zip(names, row, strict=True))
            handle.write(separator + json.dumps(record, ensure_ascii=False, default=_plain))
            separator = ",\n "
    handle.write("[]\n" if separator == "[" else "]\n")


def _plot(result: duckdb.DuckDBPyConnection, handle: IO[str]) -> None:
    handle.write(to_bars(_names(result), result.fetchmany(ROWS)))


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
