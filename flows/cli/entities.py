"""`dateline entities`: look, merge, split, undo."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.app import add_group
from flows.cli.options import AsJson, By, Config, Limit, Note, WarehouseFolder, person, settings_of

entities = add_group(
    "entities",
    "People, organisations, places and groups across articles: look, merge, split, undo.",
)


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
    from flows.registry import look, words

    lake = settings_of(config, warehouse=warehouse).lake
    for row in look.list_entities(lake, search, kind, limit):
        typer.echo(words.to_json(row) if as_json else words.listed(row))


@entities.command("show")
def show_entity(
    entity: Annotated[str, typer.Argument(help="Key, or a name that only one has.")],
    limit: Limit = 50,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Show an entity: names, what was merged into it, its newest articles, every decision."""
    from flows.registry import look, words

    found = look.show_entity(settings_of(config, warehouse=warehouse).lake, entity, limit)
    for line in [words.to_json(found)] if as_json else words.shown(found):
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
    from flows.registry import look, words

    lake = settings_of(config, warehouse=warehouse).lake
    for row in look.list_review(lake, limit):
        typer.echo(words.to_json(row) if as_json else words.to_review(row))


@entities.command("merge")
def merge_entities(
    which: Annotated[list[str], typer.Argument(metavar="ENTITY ENTITY...", help="Keys or names.")],
    note: Note = None,
    by: By = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Say that entities are one; stands above what the machine decides, and can be undone."""
    from flows.registry import judge

    lake = settings_of(config, warehouse=warehouse).lake
    _say_decided(judge.merge_entities(lake, which, note, person(by)))


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
    from flows.registry import judge

    if bool(part) == bool(article):
        raise typer.BadParameter("give --part or --article", param_hint="--part")
    lake = settings_of(config, warehouse=warehouse).lake
    _say_decided(judge.split_entity(lake, entity, part or [], article or [], note, person(by)))


@entities.command("undo")
def undo_decision(
    decision: Annotated[str, typer.Argument(help="decision_id, as show and review have it.")],
    note: Note = None,
    by: By = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Take a decision back, a person's, the machine's or another undo."""
    from flows.registry import judge

    lake = settings_of(config, warehouse=warehouse).lake
    _say_decided(judge.undo_decision(lake, decision, note, person(by)))


def _say_decided(row: dict[str, object]) -> None:
    from flows.registry import words

    typer.echo(words.decided(row))
    for entity in row["counts_as"]:  # type: ignore[attr-defined]
        typer.echo(f"  {entity['entity']}  {entity['type']}  {entity['name']}")
