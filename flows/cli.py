"""`dateline`: one thin call per command; heavy imports wait for the command that needs them."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.exits import Exit

if TYPE_CHECKING:
    from flows.settings import Settings

app = typer.Typer(
    help="Dateline, the open news warehouse: news articles in, checked rows out.\n\n"
    "Start with `dateline init`, then `dateline ingest` every night, and ask with `dateline sql`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Configuration file. [default: dateline.toml, if any]"),
]
WarehouseFolder = Annotated[
    Path | None, typer.Option("--warehouse", "-w", help="Warehouse folder, instead of the file's.")
]
Model = Annotated[
    str | None, typer.Option(help="An installed spaCy pipeline, e.g. en_core_web_trf.")
]
Workers = Annotated[int | None, typer.Option(help="Worker processes. [default: one a core]")]
Published = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="Publication date (ISO 8601) of texts that state none, e.g. 2020-07-26.",
    ),
]


def main() -> NoReturn:
    """Run the command line; known failures end in one clear line and their exit code."""
    try:
        app()
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        print(f"dateline: {error}{_hint(error, code)}", file=sys.stderr)
        sys.exit(code)
    sys.exit(Exit.OK)


def _hint(error: Exception, code: Exit) -> str:
    """What to do about a failure of the disk, which does not say it itself."""
    if code is not Exit.IO:
        return ""
    full = "No space left" in str(error) or getattr(error, "errno", None) in (28, 122)
    todo = "free some space" if full else "check that the place exists and can be written"
    return f". Nothing was published or replaced: {todo}, then run the command again"


def _exit_code(error: Exception) -> Exit | None:
    """The exit code of a known failure, null for a bug."""
    by_name = {
        "SettingsError": Exit.USAGE,
        "ModelMissing": Exit.USAGE,
        "ModelUnexpected": Exit.USAGE,
        "WarehouseError": Exit.USAGE,
        "ArchiveError": Exit.INPUT,
        "NothingToExport": Exit.INPUT,
        "UnknownEntity": Exit.INPUT,
        "KnowledgeError": Exit.INPUT,
        "WarehouseLocked": Exit.LOCKED,
        "ValidationStopped": Exit.VALIDATION,
    }
    # by name, so that a failure does not import what the command did not need
    for kind in type(error).__mro__:
        if kind.__name__ in by_name:
            return by_name[kind.__name__]
    if isinstance(error, OSError) or type(error).__name__ == "IOException":
        return Exit.IO
    return None


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no ISO 8601 date such as 2020-07-26 or 2020-07-26T09:30:00Z",
            param_hint="--published",
        ) from error


def _settings(config: Path | None, **flags: object) -> Settings:
    from flows.settings import load_settings

    return load_settings(config, **flags)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to put dateline.toml.")] = Path(),
    force: Annotated[bool, typer.Option(help="Replace an existing dateline.toml.")] = False,
) -> None:
    """Write a commented configuration with well-known news feeds, and an empty warehouse."""
    from flows.settings import DEFAULT_CONFIG, SettingsError, load_settings
    from warehouse.lake import create

    path = folder / DEFAULT_CONFIG
    if path.exists() and not force:
        raise SettingsError(f"{path} exists: edit it, or replace it with --force")
    folder.mkdir(parents=True, exist_ok=True)
    template = Path(__file__).parent / "dateline.toml"
    path.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    settings = load_settings(path)
    create(settings.lake)
    typer.echo(f"Wrote {path} and an empty warehouse in {settings.warehouse}.")
    typer.echo("Next: choose your sources in the file, then run `dateline ingest`.")


@app.command()
def ingest(
    config: Config = None,
    warehouse: WarehouseFolder = None,
    published: Published = None,
    model: Model = None,
    workers: Workers = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Make the warehouse anew from its archive, offline.")
    ] = False,
    archive: Annotated[
        Path | None,
        typer.Option(help="With --replay: an archive folder. [default: WAREHOUSE/archive]"),
    ] = None,
) -> None:
    """Fetch what is new, turn it into checked rows, and publish them in one transaction.

    Running it again adds nothing that is known. With --replay nothing is fetched: the runs in the
    archive that the warehouse lacks are published again, each as it was. Exit codes: 3 an
    expectation stopped the publish, 4 no source could be read, 74 the disk is full, 75 another run
    is writing.
    """
    from flows.account import show, show_all
    from flows.start import start_ingest, start_replay

    settings = _settings(config, warehouse=warehouse, model=model, workers=workers)
    _date(published)
    if replay:
        show_all(
            start_replay(
                settings,
                archive=archive,
                config=config,
                warehouse=warehouse,
                model=model,
                workers=workers,
            ),
            settings,
        )
        return
    account = start_ingest(
        settings,
        config=config,
        published=published,
        warehouse=warehouse,
        model=model,
        workers=workers,
    )
    show(account, settings)
    if account.sources and account.sources_failed == account.sources:
        raise typer.Exit(Exit.INPUT)


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

    settings = _settings(None, model=model, workers=workers)
    default = _date(published)
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

    settings = _settings(None, workers=workers)
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

    settings = _settings(None, workers=workers)
    with bars() as report:
        outcome = extract_files(pages, out, processes=settings.processes, report=report)
    typer.echo(f"{outcome.written} articles written to {out}.")
    if outcome.rejects:
        for where, reason in outcome.rejected:
            typer.echo(f"{where}: {reason}", err=True)
        typer.echo(f"{outcome.rejects} files gave no article.", err=True)
        raise typer.Exit(Exit.INPUT)


@app.command()
def sql(
    query: Annotated[
        str | None, typer.Argument(help="The query; without one, a prompt or standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the query here.")] = None,
    output: Annotated[
        str, typer.Option("--format", "-F", help="table, csv, json or parquet.")
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here instead of to the terminal.")
    ] = None,
    write: Annotated[bool, typer.Option(help="Allow statements that change the lake.")] = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Ask the warehouse with SQL (DuckDB); read-only unless told otherwise.

    Unqualified tables hold current rows; lake.<table> holds superseded ones too.
    Example: dateline sql "SELECT surface, value, unit, concept FROM quantities LIMIT 10"
    """
    from flows.console import run_sql

    root = warehouse or _warehouse_of(config)
    run_sql(root, query, file=file, output=output, out=out, write=write)


def _warehouse_of(config: Path | None) -> Path:
    return _settings(config).warehouse


@app.command()
def export(
    articles: Annotated[
        list[str] | None, typer.Argument(help="Keys or URLs of articles. [default: all]")
    ] = None,
    timeml: Annotated[
        bool, typer.Option("--timeml", help="TimeML: the text with its times marked.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder, instead of the terminal.")
    ] = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Write articles in a format of others, one file an article.

    Name the format: --timeml. Example: dateline export --timeml --out timeml
    """
    from flows.export import export_articles, read_articles

    formats = [name for name, chosen in {"timeml": timeml}.items() if chosen]
    if len(formats) != 1:
        raise typer.BadParameter("choose a format: --timeml", param_hint="--timeml")
    lake = _settings(config, warehouse=warehouse).lake
    if out is None:
        for _, document in read_articles(lake, articles or [], formats[0]):
            typer.echo(document, nl=False)
        return
    count = export_articles(lake, articles or [], formats[0], out)
    typer.echo(f"{count} articles written to {out}.")


@app.command()
def report(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="HTML file. [default: WAREHOUSE/report.html]")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Run id. [default: the last run]")] = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Write the data-quality report: one self-contained HTML page."""
    from flows.report import write_report

    settings = _settings(config, warehouse=warehouse)
    path = write_report(settings.lake, out, run)
    typer.echo(f"Wrote {path}")


@app.command()
def serve(
    config: Config = None,
    warehouse: WarehouseFolder = None,
    cron: Annotated[str | None, typer.Option(help="Instead of the configured schedule.")] = None,
) -> None:
    """Run the ingest every night at the configured time, one run at a time; stop with Ctrl-C."""
    from flows.serve import serve as serve_forever

    settings = _settings(config, warehouse=warehouse, schedule={"cron": cron} if cron else None)
    serve_forever(settings, config=config, warehouse=warehouse)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put the warehouse.")] = Path(
        "demo-warehouse"
    ),
) -> None:
    """Ingest a small news site served on this machine, and show what SQL answers."""
    from flows.demo.show import run_demo

    run_demo(folder)


sources = typer.Typer(
    help="The configured sources: their state and health, and what an address or file would give.",
    invoke_without_command=True,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(sources, name="sources")


@sources.callback()
def list_sources(
    context: typer.Context,
    config: Config = None,
    warehouse: WarehouseFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List each configured source with its state and health, as the last runs left it."""
    if context.invoked_subcommand is not None:
        return
    from flows.sources.status import show_sources

    show_sources(_settings(config, warehouse=warehouse), as_json=as_json)


@sources.command("check")
def check_sources(
    inputs: Annotated[
        list[str], typer.Argument(metavar="URL_OR_FILE...", help="Addresses, files or folders.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    config: Config = None,
    workers: Workers = None,
) -> None:
    """Try addresses, files or folders: what each is, what it lists, and how to configure it.

    Each input gives one answer, in order; nothing is stored. With --json an answer has input, kind
    (rss, atom, json, sitemap, sitemap-index, news-sitemap, url-list, page...), entries as read, and
    error (class and message) or null. Exit code 4: some could not be read.
    """
    import json

    from flows.fetch.open import make_client
    from flows.progress import bars, silent
    from flows.sources.check import check_inputs, to_json, to_words

    settings = _settings(config, workers=workers)
    failed = 0
    with bars() as drawn, make_client(settings.fetch) as client:
        report = drawn if len(inputs) > 1 else silent
        for checked in check_inputs(inputs, client, processes=settings.processes, report=report):
            failed += checked.error is not None
            words = (
                json.dumps(to_json(checked), ensure_ascii=False) if as_json else to_words(checked)
            )
            # names of files may hold what no encoding has
            typer.echo(words.encode("utf-8", "replace"))
    if failed:
        typer.echo(f"{failed} of {len(inputs)} could not be read.", err=True)
        raise typer.Exit(Exit.INPUT)


entities = typer.Typer(
    help="People, organisations, places and groups across articles: look, merge, split, undo.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(entities, name="entities")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Note = Annotated[str | None, typer.Option(help="Why, kept with the decision.")]
By = Annotated[str | None, typer.Option(help="Who decides. [default: the user's name]")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]


def _person(by: str | None) -> str:
    import getpass

    name = by or getpass.getuser()
    if name == "machine":
        raise typer.BadParameter("give the name of a person", param_hint="--by")
    return name


@entities.command("list")
def list_entities(
    search: Annotated[str | None, typer.Option(help="A part of any of its names.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="PERSON, ORG, PLACE...")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """List entities, those in most articles first, with all their names."""
    from flows import entities as registry

    lake = _settings(config, warehouse=warehouse).lake
    for row in registry.list_entities(lake, search, kind, limit):
        typer.echo(registry.to_json(row) if as_json else registry.listed(row))


@entities.command("show")
def show_entity(
    entity: Annotated[str, typer.Argument(help="Key, or a name that only one has.")],
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Show an entity: names, what was merged into it, articles, and every decision about it."""
    from flows import entities as registry

    found = registry.show_entity(_settings(config, warehouse=warehouse).lake, entity)
    for line in [registry.to_json(found)] if as_json else registry.shown(found):
        typer.echo(line)


@entities.command("review")
def review_entities(
    limit: Limit = 50,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """List pairs that may be one entity, the likeliest first, for a person to decide.

    Accept one with `dateline entities merge`, refuse it with `dateline entities undo DECISION`.
    """
    from flows import entities as registry

    lake = _settings(config, warehouse=warehouse).lake
    for row in registry.list_review(lake, limit):
        typer.echo(registry.to_json(row) if as_json else registry.to_review(row))


@entities.command("merge")
def merge_entities(
    which: Annotated[list[str], typer.Argument(metavar="ENTITY ENTITY...", help="Keys or names.")],
    note: Note = None,
    by: By = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Say that entities are one; stands above what the machine decides, and can be undone."""
    from flows import entities as registry

    lake = _settings(config, warehouse=warehouse).lake
    _say_decided(registry.merge_entities(lake, which, note, _person(by)))


@entities.command("split")
def split_entity(
    entity: Annotated[str, typer.Argument(help="Key, or a name that only one has.")],
    part: Annotated[
        list[str] | None, typer.Option(help="A part (see show) that is another entity.")
    ] = None,
    article: Annotated[
        list[str] | None, typer.Option(help="An article whose mentions are of another.")
    ] = None,
    note: Note = None,
    by: By = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Say that some of an entity is another: parts merged into it, or mentions in articles."""
    from flows import entities as registry

    if bool(part) == bool(article):
        raise typer.BadParameter("give --part or --article", param_hint="--part")
    lake = _settings(config, warehouse=warehouse).lake
    _say_decided(registry.split_entity(lake, entity, part or [], article or [], note, _person(by)))


@entities.command("undo")
def undo_decision(
    decision: Annotated[str, typer.Argument(help="decision_id, as show and review have it.")],
    note: Note = None,
    by: By = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Take a decision back, a person's, the machine's or another undo."""
    from flows import entities as registry

    lake = _settings(config, warehouse=warehouse).lake
    _say_decided(registry.undo_decision(lake, decision, note, _person(by)))


def _say_decided(row: dict[str, object]) -> None:
    from flows import entities as registry

    typer.echo(registry.decided(row))
    for entity in row["counts_as"]:  # type: ignore[attr-defined]
        typer.echo(f"  {entity['entity']}  {entity['type']}  {entity['name']}")


kb = typer.Typer(
    help="Knowledge files, which link names to ids of others.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(kb, name="kb")


@kb.callback()
def _kb() -> None:
    """Keeps `build` a command of its own while it is the only one."""


@kb.command("build")
def build_kb(
    dump: Annotated[Path, typer.Argument(help="Wikidata JSON dump: .json, .json.gz or .json.bz2.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Parquet file to write.")],
) -> None:
    """Make a knowledge file of the people, bodies and events in a Wikidata dump.

    The dump is read as a stream: memory does not grow with it. Then name the file as `knowledge`
    in the configuration.
    """
    from flows.kb import build_knowledge
    from flows.progress import bars

    with bars() as report:
        built = build_knowledge(dump, out, lambda done: report("items", done, None))
    typer.echo(f"{built.things} of {built.items} items written to {out}.")


@app.command()
def dictionary() -> None:
    """Print the data dictionary: every table and column, from the declaration."""
    from warehouse.dictionary import to_markdown

    typer.echo(to_markdown(), nl=False)


if __name__ == "__main__":
    main()
