"""`dateline`: one thin call per command; heavy imports wait for the command that needs them."""

# in the order in which --help lists them
from flows.cli import (  # noqa: I001
    ingest, backfill, query, exchange, documents, sources, status, quarantine, runs, versions,
    entities, kb, maintain, move, forget,
)  # fmt: skip
from flows.cli.app import app, main

__all__ = [
    "app", "backfill", "documents", "entities", "exchange", "forget", "ingest", "kb", "main",
    "maintain", "move", "quarantine", "query", "runs", "sources", "status", "versions",
]  # fmt: skip
