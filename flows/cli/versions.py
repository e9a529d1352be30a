"""New extractor versions beside the published ones: reprocess, compare, promote, rollback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flows.cli.app import app
from flows.cli.options import AsJson, Config, Model, WarehouseFolder, Workers, settings_of

if TYPE_CHECKING:
    from flows.compare import Comparison

Name = Annotated[
    str | None, typer.Argument(help="Name of the candidate. [default: the one made last]")
]


@app.command()
def reprocess(
    stage: Annotated[
        Literal["annotate", "extract"],
        typer.Option(
            help="Where reading begins. annotate: at the stored text. extract: at the page in the"
            " archive, for a newer page extractor."
        ),
    ] = "annotate",
    where: Annotated[
        str | None,
        typer.Option(
            help="SQL condition on article_versions, source_id, canonical_url and stamp, e.g."
            " \"source_id = 'post' AND published_at >= '2026-01-01'\"."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="Name of the candidate. [default: from the stamp]"),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also texts that were read with the same stamp.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many texts there are, and stop.")
    ] = False,
    drop: Annotated[str | None, typer.Option(help="Remove the candidate of this name.")] = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
    model: Model = None,
    workers: Workers = None,
) -> None:
    """Read stored texts anew with the extractors of today, into a candidate beside the lake.

    Only texts whose stamp differs are read. With --stage extract they are read from their pages in
    the archive on, and a text that comes out otherwise is a new version of its article. Nothing is
    published: look with `dateline compare`, publish with `dateline promote`. It can be stopped and
    started again; nights go on meanwhile.
    Example: dateline reprocess --where "source_id = 'post'"
    """
    import shutil

    from flows.candidate import choose_texts, find_candidate
    from flows.observe import progress
    from flows.reprocess import reprocess as run
    from flows.stamp import stamp_of
    from flows.tell import told
    from transforms.language.pipeline import find_model
    from warehouse.lake import connect

    settings = settings_of(config, warehouse=warehouse, model=model, workers=workers)
    if drop is not None:
        folder, candidate = find_candidate(settings.lake, drop)
        shutil.rmtree(folder)
        typer.echo(f"Removed the candidate {candidate.name}.")
        return
    find_model(settings.model)
    if dry_run:
        with connect(settings.lake) as connection:
            query = choose_texts(connection, settings, where, again, stage)
            (count,) = connection.execute(f"SELECT count(*) FROM ({query})").fetchone() or (0,)
        typer.echo(f"{count:,} texts to read with stamp {stamp_of(settings)}.")
        return
    with progress(settings) as report, told(settings, "reprocessing"):
        candidate, outcome = run(
            settings,
            name=name or stamp_of(settings)[:8],
            where=where,
            again=again,
            stage=stage,
            report=report,
        )
    if stage == "extract":
        typer.echo(
            f"{outcome.pages:,} texts read from their pages on, of which {outcome.refused:,} give"
            " no article any more: what is stored of them stays."
        )
    typer.echo(
        f"Candidate {candidate.name}: {outcome.texts:,} texts read, {outcome.skipped:,} of other"
        f" languages, {outcome.rows:,} fact rows, {outcome.held:,} held back."
    )
    typer.echo(f"Next: `dateline compare {candidate.name}`.")


@app.command()
def compare(
    name: Name = None,
    html: Annotated[Path | None, typer.Option(help="Write the comparison as a page too.")] = None,
    examples: Annotated[int, typer.Option(min=0, help="Examples of each change of each rule.")] = 3,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Show what a candidate would add, remove and change, by table, rule and source.

    Example: dateline compare --html compare.html
    """
    import json
    from dataclasses import asdict

    from flows.candidate import find_candidate
    from flows.compare import compare as run
    from flows.compare import to_html

    lake = settings_of(config, warehouse=warehouse).lake
    found = run(lake, *find_candidate(lake, name), examples)
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(to_html(found), encoding="utf-8")
    if as_json:
        for group in found.groups:
            typer.echo(json.dumps(asdict(group), ensure_ascii=False))
        return
    _show(found)
    if html is not None:
        typer.echo(f"Wrote {html}")


@app.command()
def promote(
    name: Name = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Publish a candidate in one transaction: new rows take the place of those that differ.

    What they replace is superseded, not removed. Exit codes: 3 an expectation stopped it, 75
    another run is writing.
    """
    from flows.candidate import find_candidate
    from flows.observe import progress
    from flows.promote import promote as run
    from flows.tell import told

    settings = settings_of(config, warehouse=warehouse)
    before, candidate = find_candidate(settings.lake, name)
    with progress(settings) as report, told(settings, "promotion"):
        account = run(settings, before, candidate, report)
    typer.echo(
        f"Run {account.run_id}: {account.rows_out:,} rows of {account.articles_in:,} texts"
        f" published, snapshot {account.snapshot}."
    )
    typer.echo(f"To go back: `dateline rollback {account.snapshot - 1}`.")


@app.command()
def rollback(
    snapshot: Annotated[
        int | None, typer.Argument(help="Snapshot to go back to. [default: the last but one]")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which runs it would take back, and stop.")
    ] = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Make current again what was current in a snapshot, in one transaction.

    Runs since then are marked as rolled_back, and what they fetched is fetched again. Nothing is
    lost: their rows are superseded.
    """
    from flows.observe import progress
    from flows.promote import roll_back
    from warehouse.lake import connect, snapshot_id
    from warehouse.rollback import check_snapshot

    settings = settings_of(config, warehouse=warehouse)
    if snapshot is None:
        with connect(settings.lake) as connection:
            snapshot = snapshot_id(connection) - 1
    if dry_run:
        taken = check_snapshot(settings.lake, snapshot)
        typer.echo(f"Going back to snapshot {snapshot} takes back {len(taken)} runs.")
    else:
        with progress(settings) as report:
            account, taken = roll_back(settings, snapshot, report)
        typer.echo(f"Snapshot {account.snapshot} is as snapshot {snapshot} was.")
    for run_id in taken:
        typer.echo(f"  {run_id}")


def _show(found: Comparison) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    tables = Table(title=f"Candidate {found.candidate.name}", title_justify="left")
    tables.add_column("table")
    for heading in ("same", "added", "removed", "changed"):
        tables.add_column(heading, justify="right")
    for one in found.tables:
        counts = (one.same, one.added, one.removed, one.changed)
        tables.add_row(one.table, *(f"{count:,}" for count in counts))
    console.print(tables)
    if found.groups:
        groups = Table(title="By rule and source", title_justify="left")
        for heading in ("table", "rule", "source", "change"):
            groups.add_column(heading, overflow="fold")
        groups.add_column("rows", justify="right")
        for group in found.groups:
            groups.add_row(group.table, group.rule, group.source, group.change, f"{group.count:,}")
        console.print(groups)
    for example in found.examples:
        console.print(
            f"[bold]{example.table} {example.change}[/bold] by {example.rule} in {example.source}",
            highlight=False,
        )
        said = f"{example.before[-80:]}»{example.surface}«{example.after[:80]}"
        console.print(f"  {' '.join(said.split())}", markup=False, highlight=False)
        for name, old, new in example.columns:
            change = {"added": f"{new}", "removed": f"{old}"}.get(example.change, f"{old} → {new}")
            console.print(f"  {name}: {change}", markup=False, highlight=False, style="dim")
    if found.outcome.failed_tables:
        console.print(
            f"{', '.join(found.outcome.failed_tables)} broke an expectation that guards the"
            " warehouse: this cannot be promoted."
        )
    console.print(
        f"{found.differences:,} rows differ in {found.live:,} texts; {found.replaced:,} texts were"
        " replaced by nights since and are left out."
    )
