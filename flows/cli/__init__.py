"""`dateline`: one thin call per command; heavy imports wait for the command that needs them."""

# in the order in which --help lists them
from flows.cli import ingest, backfill, query, exchange, documents, sources  # noqa: F401, I001
from flows.cli import status, quarantine, runs, versions, entities, kb  # noqa: F401
from flows.cli.app import app, main

__all__ = ["app", "main"]
