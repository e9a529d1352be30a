"""`dateline forget`: take articles, a source or a person out, with their past."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import app
from flows.cli.options import AsJson, Config, Wait, WarehouseFolder, settings_of

if TYPE_CHECKING:
    from flows.forget import Outcome


@app.command()
def forget(
    url: Annotated[
        list[str] | None, typer.Option(help="Address or key of an article; may be repeated.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Id of a source, with all its articles.")
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option(help="Key or name of an entity, with all articles that mention it."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, kept with the tombstone.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go, and what would remain.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Wait = None,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Forget articles for good: text, facts, history, archive; they are not fetched again.

    All older snapshots expire, so that nothing holds them. What remains is told at the end.
    """
    from flows.forget import forget as carry_out
    from flows.forget import plan_forget

    asked = [("url", u) for u in url or ()]
    asked += [("source", s) for s in source or ()] + [("person", p) for p in person or ()]
    if not asked:
        raise typer.BadParameter("say what to forget: --url, --source or --person")
    settings = settings_of(config, warehouse=warehouse, lock_wait=wait)
    if dry_run or not yes:
        planned = plan_forget(settings.lake, asked)
        _say(planned, as_json, "would be")
        if dry_run:
            return
        typer.confirm("This cannot be undone. Forget it?", abort=True)
    outcome = carry_out(settings.lake, asked, reason=reason, wait=settings.lock_wait)
    _say(outcome, as_json, "are")


def _say(outcome: Outcome, as_json: bool, are: str) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(outcome), ensure_ascii=False))
        return
    typer.echo(
        f"{len(outcome.articles)} articles with {len(outcome.urls)} addresses {are} forgotten."
    )
    for table, count in outcome.rows.items():
        typer.echo(f"  {table}: {count} rows deleted or emptied")
    if outcome.request_id:
        archived = outcome.archived.attempts + outcome.archived.documents
        typer.echo(f"  {outcome.snapshots} snapshots expired, {outcome.files} files deleted,")
        typer.echo(f"  {archived} archive records taken out")
    typer.echo("What remains:")
    for words in outcome.remains:
        typer.echo(f"  {words}")
