"""`dateline`: one thin call per command; heavy imports wait for the command that needs them."""

# in the order in which --help lists them
from flows.cli import (  # noqa: I001
    ingest, query, exchange, documents, sources, status, quarantine, entities, kb, maintain, forget,
)  # fmt: skip
from flows.cli.app import app, main

__all__ = [
    "app", "documents", "entities", "exchange", "forget", "ingest", "kb", "main", "maintain",
    "quarantine", "query", "sources", "status",
]  # fmt: skip
