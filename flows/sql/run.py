"""`dateline sql`: one query, a file, standard input, or a prompt."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import typer

from flows.exits import Exit
from flows.sql.explain import explain
from flows.sql.form import BINARY, FORMATS, write_answer
from warehouse.lake import connect, open_warehouse


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
    if output in BINARY and out is None:
        raise typer.BadParameter(f"{output} needs --out FILE", param_hint="--out")
    if file is not None:
        try:
            query = file.read_text(encoding="utf-8")
        except OSError as error:
            raise typer.BadParameter(
                f"{file} cannot be read: {error.strerror}", param_hint="--file"
            ) from error
    elif query is None and not sys.stdin.isatty():
        query = sys.stdin.read()
    with connect(open_warehouse(root.absolute()), read_only=not write) as connection:
        if query is None:
            from flows.sql.prompt import open_prompt

            open_prompt(connection, root)
            return
        try:
            write_answer(connection, query, output, out)
        except duckdb.Error as error:
            print(f"dateline sql: {explain(connection, error, query)}", file=sys.stderr)
            raise typer.Exit(Exit.USAGE) from None
