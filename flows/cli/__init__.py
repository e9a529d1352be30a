"""`dateline`: one thin call per command; heavy imports wait for the command that needs them."""

# in the order in which --help lists them
from flows.cli import ingest, query, documents, sources, status, quarantine, entities, kb  # noqa: F401, I001
from flows.cli.app import app, main

__all__ = ["app", "main"]
