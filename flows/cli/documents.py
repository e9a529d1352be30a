"""Files in, files out, without a warehouse: annotate, duplicates, extract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import app
from flows.cli.options import Model, Published, Workers, date_of, settings_of
from flows.exits import Exit


@app.command()
def annotate(
    documents: Annotated[list[Path], typer.Argument(help="JSONL files, one document a line.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the Parquet files.")],
    published: Published = None,
    model: Model = None,
    workers: Workers = None,
) -> None:
    """Turn documents into mentions, quantities, times and quotes, without a warehouse.

    A line: {"id": ..., "text": ..., "title": ..., "url": ..., "published_at": ISO 8601,
    "language": "en"}; only id and text are needed. Lines that cannot be used go to
    OUT/rejected.jsonl with the reason; the rest goes on, and the exit code is 4.
    """
    from flows.annotate import REJECTED, annotate_files
    from flows.progress import bars
    from transforms.language.pipeline import find_model

    settings = settings_of(None, model=model, workers=workers)
    default = date_of(published)
    for path in documents:
        if not path.is_file():
            raise typer.BadParameter(f"there is no file {path}", param_hint="DOCUMENTS")
    find_model(settings.model)
    done = 0
    with bars() as report:

        def progress(count: int) -> None:
            nonlocal done
            done += count
            report("documents", done, None)

        outcome = annotate_files(
            documents,
            out,
            model=settings.model,
            published=default,
            vague_policy=settings.vague_policy,
            processes=settings.processes,
            progress=progress,
        )
    typer.echo(f"{outcome.annotated} documents annotated into {out}.")
    if outcome.skipped:
        typer.echo(f"{outcome.skipped} in other languages were skipped: English comes first.")
    if outcome.rejects:
        for reject in outcome.rejected:
            typer.echo(f"{reject['where']}: {reject['reason']}", err=True)
        typer.echo(f"{outcome.rejects} lines were rejected: see {out / REJECTED}.", err=True)
        raise typer.Exit(Exit.INPUT)


@app.command()
def duplicates(
    documents: Annotated[list[Path], typer.Argument(help="JSONL files, one document a line.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Parquet file to write.")],
    workers: Workers = None,
) -> None:
    """Say which documents are one story, identical or nearly so, without a warehouse.

    Reads the lines of `dateline annotate`. Writes article_id and duplicate_cluster, which is the id
    of the first document of the story, to OUT, and each similar pair to OUT's .pairs.parquet.
    """
    from flows.duplicates import find_duplicates, pairs_path
    from flows.progress import bars

    settings = settings_of(None, workers=workers)
    for path in documents:
        if not path.is_file():
            raise typer.BadParameter(f"there is no file {path}", param_hint="DOCUMENTS")
    with bars() as report:
        outcome = find_duplicates(documents, out, processes=settings.processes, report=report)
    typer.echo(
        f"{outcome.documents} documents are {outcome.stories} stories: {out};"
        f" {outcome.pairs} similar pairs: {pairs_path(out)}."
    )
    if outcome.rejects:
        for reason in outcome.rejected:
            typer.echo(reason, err=True)
        typer.echo(f"{outcome.rejects} lines were rejected.", err=True)
        raise typer.Exit(Exit.INPUT)


@app.command()
def extract(
    pages: Annotated[list[Path], typer.Argument(help="HTML files, plain or .gz.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Parquet file to write.")],
    workers: Workers = None,
) -> None:
    """Read articles out of HTML files: path, url, title, text, author, published_at, language."""
    from flows.extract import extract_files
    from flows.progress import bars

    settings = settings_of(None, workers=workers)
    with bars() as report:
        outcome = extract_files(pages, out, processes=settings.processes, report=report)
    typer.echo(f"{outcome.written} articles written to {out}.")
    if outcome.rejects:
        for where, reason in outcome.rejected:
            typer.echo(f"{where}: {reason}", err=True)
        typer.echo(f"{outcome.rejects} files gave no article.", err=True)
        raise typer.Exit(Exit.INPUT)
