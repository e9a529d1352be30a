"""`dateline backfill`: go back in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import app
from flows.cli.options import Config, Model, WarehouseFolder, Workers, settings_of
from flows.exits import Exit

if TYPE_CHECKING:
    from flows.backfill import Plan
    from flows.settings import Settings

SHOWN = 40
STAGES = ("fetch", "annotate")


@app.command()
def backfill(
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day, UTC.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day, inclusive.")],
    source: Annotated[
        list[str] | None, typer.Option(help="Only this source; may be repeated.")
    ] = None,
    stage: Annotated[
        str,
        typer.Option(help="fetch: from the sources on. annotate: read stored texts of these days."),
    ] = "fetch",
    days: Annotated[int, typer.Option("--slice", min=1, help="Days in a slice.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan, and stop.")] = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
    model: Model = None,
    workers: Workers = None,
) -> None:
    """Take what the sources list of past days: plan and cost first, then a run for each slice.

    Started again it goes on where it was: what is known is not fetched again. With --stage annotate
    the texts of these days whose stamp differs are read anew and published, slice by slice.
    Example: dateline backfill --from 2026-03-01 --to 2026-03-31 --source post --dry-run
    """
    begin, end = _day(first, "--from"), _day(last, "--to") + timedelta(days=1)
    if end <= begin:
        raise typer.BadParameter(f"{last} comes before {first}", param_hint="--to")
    if stage not in STAGES:
        raise typer.BadParameter(f"{stage!r}: choose {', '.join(STAGES)}", param_hint="--stage")
    settings = settings_of(config, warehouse=warehouse, model=model, workers=workers)
    known = {one.id for one in settings.sources}
    for name in source or ():
        if name not in known:
            raise typer.BadParameter(f"there is no source {name!r}", param_hint="--source")
    if stage == "annotate":
        _annotate(settings, begin, end, source or [], days, dry_run)
    else:
        _fetch(settings, begin, end, source or [], days, dry_run)


def _day(text: str, option: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no day such as 2026-03-31", param_hint=option
        ) from error


def _fetch(
    settings: Settings, begin: datetime, end: datetime, sources: list[str], days: int, dry: bool
) -> None:
    from contextlib import nullcontext

    from flows.start import prefect_for, prepare_run

    prepare_run(settings, say=not dry)
    with nullcontext() if dry else prefect_for(settings):
        _plan_and_run(settings, begin, end, sources, days, dry)


def _plan_and_run(
    settings: Settings, begin: datetime, end: datetime, sources: list[str], days: int, dry: bool
) -> None:
    from flows.account import show_all
    from flows.backfill import plan_backfill, run_backfill
    from flows.fetch.open import make_client
    from flows.observe import progress

    with make_client(settings.fetch) as client:
        with progress(settings) as report:
            plan = plan_backfill(
                settings, client, begin, end, sources=sources, days=days, report=report
            )
        _show(plan, settings)
        if dry or not plan.todo:
            return
        accounts = run_backfill(settings, plan, client)
    show_all(accounts, settings)
    if any(account.state == "stopped" for account in accounts) or len(accounts) < len(plan.todo):
        raise typer.Exit(Exit.STOPPED)


def _show(plan: Plan, settings: Settings) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(title="Plan", title_justify="left")
    table.add_column("slice")
    for heading in ("pages listed", "known", "to fetch"):
        table.add_column(heading, justify="right")
    for part in plan.slices[:SHOWN]:
        if part.source is not None:
            table.add_row(part.name, "all", "", "those of these days")
        else:
            new = len(part.pages)
            table.add_row(part.name, f"{part.listed:,}", f"{part.listed - new:,}", f"{new:,}")
    if len(plan.slices) > SHOWN:
        table.add_row(f"and {len(plan.slices) - SHOWN} more", "", "", "")
    console.print(table)
    cost = plan.cost
    told = f"the last {cost.runs} runs" if cost.runs else "assumptions, as nothing has run yet"
    console.print(
        f"Cost, told by {told}: {cost.requests:,} requests, {cost.bytes / 1e6:,.1f} MB,"
        f" {_time(cost.fetch_seconds)} to fetch politely, {_time(cost.worker_seconds)} of processor"
        f" time, with {settings.processes} workers {_time(cost.seconds)} in all.",
        highlight=False,
    )
    if plan.undated:
        console.print(f"{plan.undated:,} pages state no date and are left to the nights.")
    for name, why in plan.failures.items():
        console.print(f"{name} could not be listed: {why}", markup=False)
    if not plan.todo:
        console.print("Nothing to do: the warehouse knows all of it.")


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _annotate(
    settings: Settings, begin: datetime, end: datetime, sources: list[str], days: int, dry: bool
) -> None:
    from flows.candidate import choose_texts, find_candidate
    from flows.observe import progress
    from flows.promote import promote
    from flows.reprocess import reprocess
    from flows.tell import told
    from transforms.language.pipeline import find_model
    from warehouse.lake import connect, quote

    find_model(settings.model)
    of = f" AND source_id IN ({', '.join(map(quote, sources))})" if sources else ""
    parts = []
    with connect(settings.lake) as connection:
        while begin < end:
            until = min(begin + timedelta(days=days), end)
            where = f"published_at >= '{begin:%Y-%m-%d}' AND published_at < '{until:%Y-%m-%d}'{of}"
            query = choose_texts(connection, settings, where, again=False)
            (texts,) = connection.execute(f"SELECT count(*) FROM ({query})").fetchone() or (0,)
            if texts:
                parts.append((f"backfill-{begin:%Y%m%d}-{until:%Y%m%d}", where, texts))
            begin = until
    total = sum(texts for *_, texts in parts)
    typer.echo(f"{total:,} texts to read in {len(parts)} slices.")
    for name, where, texts in [] if dry else parts:
        with progress(settings) as report, told(settings, "backfill"):
            reprocess(settings, name=name, where=where, report=report)
            account = promote(settings, *find_candidate(settings.lake, name), report)
        typer.echo(f"{where}: {texts:,} texts, {account.rows_out:,} rows of them differ.")
