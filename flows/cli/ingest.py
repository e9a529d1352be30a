"""The nightly work: configure, ingest, serve, and the demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import app
from flows.cli.options import (
    By,
    Config,
    Model,
    Published,
    Wait,
    WarehouseFolder,
    Workers,
    date_of,
    person,
    settings_of,
)
from flows.exits import Exit


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to put dateline.toml.")] = Path(),
    force: Annotated[bool, typer.Option(help="Replace an existing dateline.toml.")] = False,
) -> None:
    """Write a commented configuration with well-known news feeds, and an empty warehouse."""
    import flows
    from flows.settings import DEFAULT_CONFIG, SettingsError, load_settings
    from warehouse.lake import create

    path = folder / DEFAULT_CONFIG
    if path.exists() and not force:
        raise SettingsError(f"{path} exists: edit it, or replace it with --force")
    folder.mkdir(parents=True, exist_ok=True)
    template = Path(flows.__file__).parent / "dateline.toml"
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
    force: Annotated[
        str | None,
        typer.Option(
            metavar="REASON", help="Publish what passes though too much is rejected; say why."
        ),
    ] = None,
    by: By = None,
    archive: Annotated[
        Path | None,
        typer.Option(help="With --replay: an archive folder. [default: WAREHOUSE/archive]"),
    ] = None,
    wait: Wait = None,
) -> None:
    """Fetch what is new, turn it into checked rows, and publish them in one transaction.

    Running it again adds nothing that is known. With --replay nothing is fetched: the runs in the
    archive that the warehouse lacks are published again, each as it was. Exit codes: 3 an
    expectation stopped the publish, 4 no source could be read, 74 the disk is full, 75 another run
    is writing, 143 stopped by SIGTERM, after publishing what was done.
    """
    from flows.account import show, show_all
    from flows.start import start_ingest, start_replay

    settings = settings_of(
        config, warehouse=warehouse, model=model, workers=workers, lock_wait=wait
    )
    date_of(published)
    if replay:
        show_all(
            start_replay(
                settings,
                archive=archive,
                config=config,
                warehouse=warehouse,
                model=model,
                workers=workers,
                wait=wait,
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
        force=force,
        by=person(by) if force else None,
        wait=wait,
    )
    show(account, settings)
    if account.state == "stopped":
        raise typer.Exit(Exit.STOPPED)
    if account.sources and account.sources_failed == account.sources:
        raise typer.Exit(Exit.INPUT)


@app.command()
def serve(
    config: Config = None,
    warehouse: WarehouseFolder = None,
    cron: Annotated[str | None, typer.Option(help="Instead of the configured schedule.")] = None,
) -> None:
    """Run the ingest every night at the configured time, one run at a time; stop with Ctrl-C."""
    from flows.serve import serve as serve_forever

    settings = settings_of(config, warehouse=warehouse, schedule={"cron": cron} if cron else None)
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
