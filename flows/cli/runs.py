"""`dateline runs`: what ran, what it cost, and what it said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from flows.cli.app import add_group
from flows.cli.options import AsJson, Config, Limit, WarehouseFolder, settings_of

runs = add_group("runs", "The history of runs: list, show, logs.")

RunId = Annotated[
    str | None, typer.Argument(help="A run's id, or how it begins. [default: the last run]")
]


@runs.command("list")
def list_command(
    limit: Limit = 20,
    state: Annotated[str | None, typer.Option(help="Only runs that ended so.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only runs of this kind.")] = None,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """List the last runs, newest first.

    Example: dateline runs list --state failed
    """
    from flows.runs import list_runs

    found = list_runs(settings_of(config, warehouse=warehouse).lake, limit, state=state, kind=kind)
    if as_json:
        _lines(found)
        return
    table = _table(
        "run", "kind", "state", "started (UTC)", "seconds", "looked at", "new", "rows", "held",
        "failed fetches", left=4,
    )  # fmt: skip
    for run in found:
        table.add_row(
            run["run_id"], run["kind"] or "", run["state"], f"{run['started_at']:%Y-%m-%d %H:%M}",
            f"{run['seconds'] or 0:,.1f}", f"{run['articles_in']:,}", f"{run['articles_new']:,}",
            f"{run['rows_out']:,}", f"{run['rows_quarantined']:,}", f"{run['fetch_failures']:,}",
        )  # fmt: skip
    _print(table)


@runs.command("show")
def show_command(
    run: RunId = None,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Show a run: its counts, what each stage cost, and the versions it ran with.

    Example: dateline runs show
    """
    from flows.runs import find_run, show_run

    lake = settings_of(config, warehouse=warehouse).lake
    found = show_run(lake, find_run(lake, run))
    if as_json:
        _lines([found])
        return
    _print(_facts(found))
    table = _table(
        "stage", "in", "out", "held", "seconds", "CPU seconds", "in a second", "peak MB", left=1
    )
    for stage in found["stages"]:
        table.add_row(
            stage["stage"], f"{stage['rows_in']:,}", f"{stage['rows_out']:,}",
            f"{stage['rows_quarantined']:,}", f"{stage['seconds']:,.2f}",
            _number(stage["cpu_seconds"], 2), _number(stage["rows_per_second"], 1),
            _number(stage["peak_memory"] and stage["peak_memory"] / 1e6, 0),
        )  # fmt: skip
    _print(table)
    if found["held_back"]:
        held = _table("held back because", "count", left=1)
        for row in found["held_back"]:
            held.add_row(row["reason"], f"{row['count']:,}")
        _print(held)


@runs.command("logs")
def logs_command(
    run: RunId = None,
    level: Annotated[str, typer.Option(help="debug, info, warning or error, and above.")] = "info",
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Print what a run said: failed fetches, documents and rows held back, batches.

    Example: dateline runs logs --level warning
    """
    from flows.log import log_path
    from flows.runs import LEVELS, UnknownRun, find_run, read_log

    if level not in LEVELS:
        raise typer.BadParameter(f"{level!r}: choose {', '.join(LEVELS)}", param_hint="--level")
    lake = settings_of(config, warehouse=warehouse).lake
    path = log_path(lake, find_run(lake, run))
    if not path.is_file():
        raise UnknownRun(f"the log {path} is not there: it was removed, or the run kept none")
    for event in read_log(path, level):
        if as_json:
            typer.echo(json.dumps(event, ensure_ascii=False))
        else:
            typer.echo(f"{event['time'][:19]} {event['level']:<7} {event['message']}")
            if "traceback" in event:
                typer.echo(event["traceback"])


def _facts(found: dict[str, Any]) -> Any:
    table = _table(f"run {found['run_id']}", "", left=2)
    extractors = found["extractors"] or {}
    versions = found["versions"] or {}
    rows = {
        "kind": found["kind"],
        "state": found["state"],
        "message": found["message"],
        "started": found["started_at"],
        "ended": found["ended_at"],
        "code": found["code_version"],
        "model": found["model"],
        "extractors": ", ".join(f"{name} {v}" for name, v in extractors.items()),
        "versions": ", ".join(f"{name} {v}" for name, v in versions.items()),
        "stamp": found["stamp"],
        "machine": found["machine"],
        "slice": found["slice_from"] and f"{found['slice_from']} to {found['slice_to']}",
        "came in": found["items_in"] is not None
        and f"{found['items_in']:,} pages and documents; {found['items_failed']:,} failed,"
        f" {found['items_left_out']:,} left out{_reasons(found)}",
        "articles": f"{found['articles_in']:,} looked at, {found['articles_new']:,} new,"
        f" {found['articles_unchanged']:,} unchanged, {found['articles_skipped']:,} not annotated",
        "rows": f"{found['rows_out']:,} out, {found['rows_quarantined']:,} held back",
        "failed fetches": f"{found['fetch_failures']:,}",
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, str(value))
    return table


def _reasons(found: dict[str, Any]) -> str:
    return f": {', '.join(found['left_out'])}" if found["left_out"] else ""


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _table(*headings: str, left: int) -> Any:
    """A table whose first `left` columns hold words and whose others hold numbers."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        justify = "left" if number < left else "right"
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


def _print(table: Any) -> None:
    from rich.console import Console

    console = Console()
    # a pipe takes whole lines, however long
    Console(width=None if console.is_terminal else 160).print(table)


def _lines(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        typer.echo(json.dumps(row, ensure_ascii=False, default=str))
