"""`dateline sources`: the configured sources, and what an address or file would give."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.app import add_group
from flows.cli.options import Config, WarehouseFolder, Workers, settings_of
from flows.exits import Exit

sources = add_group(
    "sources",
    "The configured sources: their state and health, and what an address or file would give.",
    bare=True,
)


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

    show_sources(settings_of(config, warehouse=warehouse), as_json=as_json)


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

    settings = settings_of(config, workers=workers)
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
