"""The application, and how a command ends: in order, or in one clear line and its exit code."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from flows.exits import Exit

HELP_NAMES = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    help="Dateline, the open news warehouse: news articles in, checked rows out.\n\n"
    "Start with `dateline init`, then `dateline ingest` every night, and ask with `dateline sql`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=HELP_NAMES,
)


def add_group(name: str, help: str, *, bare: bool = False) -> typer.Typer:
    """A group of commands under `dateline NAME`; with `bare`, the name alone is a command too."""
    group = typer.Typer(
        help=help,
        invoke_without_command=bare,
        no_args_is_help=not bare,
        context_settings=HELP_NAMES,
    )
    app.add_typer(group, name=name)
    return group


def main() -> NoReturn:
    """Run the command line; known failures end in one clear line and their exit code."""
    try:
        app()
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        print(f"dateline: {error}{_hint(error, code)}", file=sys.stderr)
        sys.exit(code)
    sys.exit(Exit.OK)


def _hint(error: Exception, code: Exit) -> str:
    """What to do about a failure of the disk, which does not say it itself."""
    if code is not Exit.IO:
        return ""
    full = (
        "No space left" in str(error)
        or "disk is full" in str(error)
        or getattr(error, "errno", None) in (28, 122)
    )
    todo = "free some space" if full else "check that the place exists and can be written"
    return f". What was published before stands: {todo}, then run the command again"


def exit_code(error: Exception) -> Exit | None:
    """The exit code of a known failure, null for a bug."""
    by_name = {
        "SettingsError": Exit.USAGE,
        "OwnExpectationsError": Exit.USAGE,
        "UnknownQuarantined": Exit.INPUT,
        "ModelMissing": Exit.USAGE,
        "ModelUnexpected": Exit.USAGE,
        "EngineInvalid": Exit.USAGE,
        "NoSuchSnapshot": Exit.INPUT,
        "UnknownCandidate": Exit.INPUT,
        "UnknownRun": Exit.INPUT,
        "WarehouseError": Exit.USAGE,
        "ArchiveError": Exit.INPUT,
        "NothingToExport": Exit.INPUT,
        "BundleError": Exit.INPUT,
        "UnknownEntity": Exit.INPUT,
        "KnowledgeError": Exit.INPUT,
        "WarehouseLocked": Exit.LOCKED,
        "CatalogDamaged": Exit.DAMAGED,
        "MoveFailed": Exit.DAMAGED,
        "ClusterUnreachable": Exit.UNAVAILABLE,
        "CatalogUnreachable": Exit.UNAVAILABLE,
        "StoreError": Exit.USAGE,
        "HTTPException": Exit.UNAVAILABLE,  # how DuckDB says that the store does not answer
        "ValidationStopped": Exit.VALIDATION,
        "CountsDiffer": Exit.VALIDATION,
    }
    # by name, so that a failure does not import what the command did not need
    for kind in type(error).__mro__:
        if kind.__name__ in by_name:
            return by_name[kind.__name__]
    # the last is how SQLite says that the catalog found no room for a commit
    full = "database or disk is full" in str(error)
    if isinstance(error, OSError) or type(error).__name__ == "IOException" or full:
        return Exit.IO
    return None
