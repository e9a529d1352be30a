"""Options that several commands have, and what their values become."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flows.settings import Settings

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
Wait = Annotated[
    float | None,
    typer.Option(min=0, metavar="SECONDS", help="Wait so long for a run that writes. [default: 0]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Note = Annotated[str | None, typer.Option(help="Why, kept with the decision.")]
By = Annotated[str | None, typer.Option(help="Who decides. [default: the user's name]")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]


def date_of(text: str | None) -> datetime | None:
    """The moment that --published names; raises BadParameter."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no ISO 8601 date such as 2020-07-26 or 2020-07-26T09:30:00Z",
            param_hint="--published",
        ) from error


def settings_of(config: Path | None, **flags: object) -> Settings:
    """The settings of the file, with the flags that were given above them."""
    from flows.settings import load_settings

    return load_settings(config, **flags)


def person(by: str | None) -> str:
    """Who decides: the name given, else the user's; raises BadParameter for the machine's."""
    import getpass

    name = by or getpass.getuser()
    if name == "machine":
        raise typer.BadParameter("give the name of a person", param_hint="--by")
    return name
