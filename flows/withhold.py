"""Keeping forgotten persons out: an article that names one is forgotten as it comes.

Nothing of it is kept, neither text nor facts nor archived bytes nor its address, as nothing is of
those that were here at the request; a tombstone tells that it came. Where an article that is known
changes so that it names him, the known version stands.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from itertools import compress
from pathlib import Path

import duckdb

from flows.batch import Held, Incoming
from flows.collect import Fetched
from flows.forgotten import Forgotten, Tombstone, write_tombstones
from transforms.article.model import Extracted
from transforms.registry.fullname import keys_in_all
from transforms.text import key_of
from warehouse.lake import current_versions

NAMED = "names a person who was forgotten on request"
"""Why an article is left out, in the account of a run and in its tombstone."""
_writing = threading.Lock()


def withheld_by(outcome: Incoming | Held, forgotten: Forgotten) -> str | None:
    """The request for whose sake a document is not to be kept; null where it may be."""
    if not forgotten.names:
        return None
    if isinstance(outcome, Held):
        return forgotten.naming(keys_in_all([outcome.body.decode("utf-8", "replace")]))
    return forgotten.naming(keys_in_all(_written(outcome.extracted)))


def _written(found: Extracted) -> list[str | None]:
    return [
        found.headline,
        found.byline,
        *found.authors,
        *found.credit_lines,
        *(correction.text for correction in found.corrections),
        found.text,
    ]


def hold_out(
    connection: duckdb.DuckDBPyConnection,
    archive: Path,
    now: datetime,
    fetched: Sequence[Fetched],
    came: Sequence[Fetched],
    outcomes: Sequence[Incoming | Held],
    forgotten: Forgotten,
) -> tuple[list[Fetched], list[Fetched], list[Incoming | Held], int]:
    """What was fetched, what came and what came of it without all that names a forgotten person.

    And how many that was; tombstones of those that are new are in the archive folder.
    """
    named = {
        id(one): (one, outcome, request)
        for one, outcome in zip(came, outcomes, strict=True)
        if (request := withheld_by(outcome, forgotten)) is not None
    }
    if named:
        articles = [o.article_id for _, o, _ in named.values() if isinstance(o, Incoming)]
        known = current_versions(connection, articles).keys()
        stones = [stone for one in named.values() for stone in _tombstones(*one, known, now)]
        with _writing:
            write_tombstones(archive, stones)
    kept = [id(one) not in named for one in came]
    return (
        [one for one in fetched if id(one) not in named],
        list(compress(came, kept)),
        list(compress(outcomes, kept)),
        len(named),
    )


def _tombstones(
    one: Fetched, outcome: Incoming | Held, request: str, known: Set[str], now: datetime
) -> Iterator[Tombstone]:
    """Those of an article that is new, or of a page that gave none.

    What is known is asked for again like any other; a file that a line came from is read again.
    """
    addresses = {one.record.get("url"), one.record.get("final_url"), outcome.where}
    if isinstance(outcome, Incoming):
        if outcome.article_id in known:
            return
        addresses |= {outcome.extracted.url, outcome.extracted.canonical_url}
        yield Tombstone("article", outcome.article_id, request, now, NAMED)
    for url in sorted(a for a in addresses if a and "://" in a):
        yield Tombstone("url", key_of(url), request, now, NAMED)
