"""What is held back: list it, look at it, put it through again, or put it away."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.cli.app import add_group
from flows.cli.options import AsJson, By, Config, Limit, Note, WarehouseFolder, person, settings_of
from flows.exits import Exit

quarantine = add_group("quarantine", "Rows and documents that are held back.")

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Keys, as list has them.")]
Rule = Annotated[str | None, typer.Option(help="Only what broke this rule.")]
Source = Annotated[str | None, typer.Option(help="Only of this source.")]
RunId = Annotated[str | None, typer.Option("--run", help="Only what this run held back.")]
TableName = Annotated[str | None, typer.Option("--table", help="Only rows of this table.")]
All = Annotated[bool, typer.Option("--all", help="Everything that is open.")]


@quarantine.command("list")
def list_quarantine(
    rule: Rule = None,
    source: Source = None,
    run: RunId = None,
    table: TableName = None,
    state: Annotated[str, typer.Option(help="open, replayed, discarded or all.")] = "open",
    limit: Limit = 50,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """List what is held back, the newest first: key, table, source, place and reason."""
    from flows.quarantine import Wanted, list_rows
    from warehouse.tables import QUARANTINE_STATES

    if state not in (*QUARANTINE_STATES, "all"):
        raise typer.BadParameter(f"{state!r}: choose open, replayed, discarded or all")
    lake = settings_of(config, warehouse=warehouse).lake
    wanted = Wanted((), rule, source, run, table, None if state == "all" else state)
    for row in list_rows(lake, wanted, limit):
        if as_json:
            typer.echo(json.dumps(row, ensure_ascii=False, default=str))
            continue
        place = row["location"] or row["article_id"] or ""
        decided = "" if row["state"] == "open" else f"  {row['state']}"
        typer.echo(
            f"{row['quarantine_id']}  {row['table_name']}  {row['source_id'] or ''}{decided}"
        )
        typer.echo(f"    {', '.join(row['rules'])}: {row['reason']}\n    {place}")


@quarantine.command("show")
def show_quarantine(
    key: Annotated[str, typer.Argument(metavar="ID", help="Key, as list has it.")],
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Show all that is known of one: the row, its rules, and the text around where it points."""
    from flows.quarantine import show_row

    row = show_row(settings_of(config, warehouse=warehouse).lake, key)
    if as_json:
        typer.echo(json.dumps(row, ensure_ascii=False, default=str))
        return
    for name, value in row.items():
        if value is None:
            continue
        if name == "row":
            for column, content in value.items():
                if content is not None:
                    typer.echo(f"  {column}: {content}")
        else:
            typer.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


@quarantine.command("replay")
def replay_quarantine(
    ids: Ids = None,
    rule: Rule = None,
    source: Source = None,
    run: RunId = None,
    table: TableName = None,
    everything: All = False,
    note: Note = None,
    by: By = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Put their articles through the code of today, and publish once what passes now.

    Exit code 4 says that some rows are held back still.
    """
    from flows.quarantine import Wanted
    from flows.requeue import replay

    wanted = Wanted(tuple(ids or ()), rule, source, run, table)
    _narrowed(wanted.narrowed, everything)
    done = replay(settings_of(config, warehouse=warehouse), wanted, person(by), note)
    typer.echo(f"{len(done.published)} pass now and are published.")
    for rows, what in (
        (done.still_held, "held back still"),
        (done.superseded, "discarded: a newer version took the place of the text"),
        (done.lost, "without a document to read: look for it in the archive"),
    ):
        if rows:
            typer.echo(f"{len(rows)} {what}:")
            for row in rows[:10]:
                typer.echo(f"  {row['quarantine_id']}  {row['reason']}")
    if done.still_held or done.lost:
        raise typer.Exit(Exit.INPUT)


@quarantine.command("discard")
def discard_quarantine(
    ids: Ids = None,
    rule: Rule = None,
    source: Source = None,
    run: RunId = None,
    table: TableName = None,
    everything: All = False,
    note: Note = None,
    by: By = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Put rows away for good: they are kept, with who decided and why, and no longer open."""
    from flows.quarantine import Wanted, discard

    wanted = Wanted(tuple(ids or ()), rule, source, run, table)
    _narrowed(wanted.narrowed, everything)
    lake = settings_of(config, warehouse=warehouse).lake
    typer.echo(f"{discard(lake, wanted, person(by), note)} discarded.")


def _narrowed(narrowed: bool, everything: bool) -> None:
    if narrowed == everything:
        raise typer.BadParameter("say which: keys, --rule, --source, --run or --table; or --all")
