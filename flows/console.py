"""`dateline sql`: one query, a file, standard input, or a prompt."""

from __future__ import annotations

import csv
import difflib
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import duckdb
import typer

from flows.exits import Exit
from warehouse.lake import Warehouse, connect

FORMATS = ("table", "csv", "json", "parquet")
CHUNK = 10_000
_TABLES = (
    "SELECT DISTINCT name FROM (SHOW ALL TABLES) WHERE NOT starts_with(name, 'pending_') ORDER BY 1"
)


def run_sql(
    root: Path,
    query: str | None,
    *,
    file: Path | None,
    output: str,
    out: Path | None,
    write: bool,
) -> None:
    """Answer a query, or open a prompt where none is given and a person sits at the terminal."""
    if output not in FORMATS:
        raise typer.BadParameter(f"{output!r}: choose {', '.join(FORMATS)}", param_hint="--format")
    if output == "parquet" and out is None:
        raise typer.BadParameter("parquet needs --out FILE", param_hint="--out")
    if file is not None:
        try:
            query = file.read_text(encoding="utf-8")
        except OSError as error:
            raise typer.BadParameter(
                f"{file} cannot be read: {error.strerror}", param_hint="--file"
            ) from error
    elif query is None and not sys.stdin.isatty():
        query = sys.stdin.read()
    with connect(Warehouse(root.absolute()), read_only=not write) as connection:
        if query is None:
            _prompt(connection, root)
            return
        try:
            _answer(connection, query, output, out)
        except duckdb.Error as error:
            print(f"dateline sql: {explain(connection, error)}", file=sys.stderr)
            raise typer.Exit(Exit.USAGE) from None


def _answer(
    connection: duckdb.DuckDBPyConnection, query: str, output: str, out: Path | None
) -> None:
    if output == "table" and out is None:
        relation = connection.sql(query)
        if relation is not None:
            relation.show(max_width=_width(), max_rows=200)
        return
    result = connection.execute(query)
    if output == "parquet" and out is not None:
        import pyarrow.parquet as pq

        reader = result.to_arrow_reader(CHUNK)
        with pq.ParquetWriter(out, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
        return
    writer_of = {"csv": _csv, "json": _json, "table": _csv}[output]
    if out is None:
        writer_of(result, sys.stdout)
    else:
        with out.open("w", encoding="utf-8", newline="") as handle:
            writer_of(result, handle)


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


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def explain(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> str:
    """The error in words, with the nearest table where a name is unknown."""
    message = str(error)
    if "read-only" in message:
        return f"{message.splitlines()[0]} Use --write to allow statements that change the lake."
    missing = re.search(r"Table with name (\S+) does not exist", message)
    if missing:
        names = [r[0] for r in connection.execute(_TABLES).fetchall()]
        near = difflib.get_close_matches(missing[1].strip("!"), names, 3, 0.5)
        hint = f" Did you mean {' or '.join(near)}?" if near else f" There are: {', '.join(names)}."
        return f"there is no table {missing[1].strip('!')}.{hint}"
    return message


def _width() -> int:
    import shutil

    return max(80, shutil.get_terminal_size((160, 40)).columns)


def _prompt(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Read statements that end in a semicolon until .quit or end of input."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    words = [r[0] for r in connection.execute(_TABLES).fetchall()]
    words += [r[0] for r in connection.execute(
        "SELECT DISTINCT column_name FROM information_schema.columns"
    ).fetchall()]  # fmt: skip
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(root / ".sql_history")),
        completer=WordCompleter([*sorted(set(words)), "SELECT", "FROM", "WHERE", "GROUP BY"]),
        complete_while_typing=False,
    )
    print("SQL ends with ; - .tables lists tables, .schema TABLE its columns, .quit leaves")
    read: Callable[[str], str] = session.prompt
    statement: list[str] = []
    while True:
        try:
            line = read("   ...> " if statement else "dateline> ")
        except KeyboardInterrupt:
            statement.clear()
            continue
        except EOFError:
            return
        command = line.strip()
        if not statement and command.startswith("."):
            if command in (".quit", ".exit"):
                return
            line = _dot(command.split()) + ";"
        statement.append(line)
        if line.rstrip().endswith(";"):
            try:
                _answer(connection, "\n".join(statement), "table", None)
            except duckdb.Error as error:
                print(explain(connection, error))
            statement.clear()


def _dot(words: Sequence[str]) -> str:
    """The SQL behind a dot command."""
    if words[0] == ".schema" and len(words) == 2:
        return f'DESCRIBE "{words[1]}"'
    return _TABLES
