"""`dateline kb`: knowledge files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import add_group

kb = add_group(
    "kb",
    "Knowledge files, which link names to ids of others.",
)


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
