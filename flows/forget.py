"""`dateline forget`: an article, a source or a person out of the warehouse, its past and archive.

The order makes it safe to be killed: first what is to be forgotten is written down under keys that
do not tell it, then rows, files and records go, each step so that doing it again does no harm, and
at last the request is marked as done. What was not marked is finished by the next call.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from flows.decisions import drop_decisions
from flows.fetch.erase import Erased, erase_archive
from flows.forgotten import (
    Tombstone,
    load_forgotten,
    name_key,
    read_tombstones,
    to_row,
    write_done,
    write_tombstones,
)
from flows.named import articles_naming, documents_naming, names_of
from flows.registry.follow import follow
from flows.registry.look import find_entity
from flows.remains import Asked, column_of, find_remains
from flows.story import index_of, sync
from transforms.text import key_of
from warehouse.erase import erase_past, erase_rows, keep_tombstones
from warehouse.lake import Warehouse, connect, writer_lock
from warehouse.publish import clear_staging, publish
from warehouse.search import index_texts


@dataclass(slots=True)
class Outcome:
    """What a request found, took out, and left.

    Attributes:
        articles: keys of the articles that are forgotten.
        urls: their addresses, which are not fetched again.
        held: keys of documents held back that name a person.
        rows: rows deleted, by table.
        remains: what is left that has to do with it, in words.
    """

    request_id: str
    articles: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    snapshots: int = 0
    files: int = 0
    archived: Erased = field(default_factory=Erased)
    remains: list[str] = field(default_factory=list)


def plan_forget(lake: Warehouse, asked: Sequence[Asked]) -> Outcome:
    """What would be forgotten: articles, addresses, and what would remain; nothing is changed.

    Raises:
        UnknownEntity: there is no such person, or several of the name.
    """
    outcome = Outcome("")
    with connect(lake) as connection:
        _find(connection, asked, outcome)
        outcome.remains = list(find_remains(connection, lake, asked, outcome.articles))
    return outcome


def forget(
    lake: Warehouse, asked: Sequence[Asked], *, reason: str | None = None, wait: float = 0
) -> Outcome:
    """Forget what is asked for, and finish what earlier calls were killed in.

    Raises:
        UnknownEntity: there is no such person, or several of the name; nothing was changed.
        WarehouseLocked: a run is writing.
        ArchiveError: an archive file is damaged; the rest was done, and a further call goes on.
    """
    now = datetime.now(UTC)
    request = f"{now:%Y%m%dT%H%M%SZ}-forget-{uuid.uuid4().hex[:6]}"
    outcome = Outcome(request)
    with writer_lock(lake, wait):
        clear_staging(lake)
        # records of runs that published nothing would bring back what they name
        publish(lake, request, now)
        with connect(lake) as connection:
            tombstones = _find(connection, asked, outcome)
            outcome.remains = list(find_remains(connection, lake, asked, outcome.articles))
        _erase_held(lake, outcome)
        dated = [Tombstone(kind, key, request, now, reason) for kind, key in tombstones]
        write_tombstones(lake.archive, dated)
        archived, open_requests = read_tombstones(lake.archive)
        _carry_out(lake, archived, outcome, now)
        for one in sorted(open_requests | {request}):
            write_done(lake.archive, one)
    if outcome.archived.linking:
        outcome.remains.append(
            f"{outcome.archived.linking} archived pages of other articles link to it"
        )
    return outcome


def finish_forgetting(lake: Warehouse, wait: float = 0) -> bool:
    """Finish requests that were killed midway; whether there were any."""
    if not read_tombstones(lake.archive)[1]:
        return False
    forget(lake, [], wait=wait)
    return True


def _carry_out(
    lake: Warehouse, tombstones: Sequence[Tombstone], outcome: Outcome, now: datetime
) -> None:
    with connect(lake, read_only=False) as connection:
        connection.execute("BEGIN")
        keep_tombstones(connection, map(to_row, {t.forgotten_id: t for t in tombstones}.values()))
        outcome.rows = erase_rows(connection)
        leaving = {e for (e,) in connection.execute("SELECT entity FROM leaving").fetchall()}
        connection.execute("COMMIT")
        forgotten = load_forgotten(connection)
    outcome.snapshots, outcome.files = erase_past(lake, now)
    drop_decisions(lake.archive, leaving)
    outcome.archived = erase_archive(lake.archive, forgotten)
    _erase_derived(lake)


def _erase_held(lake: Warehouse, outcome: Outcome) -> None:
    """Delete documents held back that name a person: no key of theirs is written down.

    So it comes first: who is killed after it has not been answered, and asks again.
    """
    if outcome.held:
        with connect(lake, read_only=False) as connection:
            connection.execute(
                "DELETE FROM lake.quarantine WHERE quarantine_id IN (SELECT unnest($1))",
                [outcome.held],
            )


def _erase_derived(lake: Warehouse) -> None:
    """Make what was derived from rows follow them, or go where it is made anew when asked for."""
    with connect(lake) as connection:
        sync(index_of(lake), connection)
    for name in ("entities.sqlite", "search.sqlite"):
        for end in ("", "-wal", "-shm", "-journal"):
            (lake.root / "index" / f"{name}{end}").unlink(missing_ok=True)
    follow(lake)
    for folder in (lake.root / "candidates", lake.root / "logs"):
        if folder.exists():
            shutil.rmtree(folder)
    index_texts(lake)
    (lake.root / "report.html").unlink(missing_ok=True)


# --------------------------------------------------------------------------- finding


def _find(
    connection: duckdb.DuckDBPyConnection, asked: Sequence[Asked], outcome: Outcome
) -> list[Asked]:
    """Kinds and keys of the tombstones; articles and addresses are put into the outcome."""
    articles: set[str] = set()
    named: list[Asked] = []
    urls: set[str] = set()
    for kind, what in asked:
        if kind == "url":
            urls |= {what} if "://" in what else set()
            articles |= {key_of(what)} if "://" in what else {what}
            articles |= column_of(
                connection,
                "SELECT article_id FROM lake.articles WHERE $1 IN (canonical_url, article_id)"
                " UNION SELECT article_id FROM lake.article_versions WHERE url = $1"
                " UNION SELECT article_id FROM lake.fetches WHERE $1 IN (url, final_url)",
                what,
            )
        elif kind == "source":
            named.append(("source", what))
            articles |= column_of(
                connection,
                "SELECT article_id FROM lake.articles WHERE source_id = $1"
                " UNION SELECT article_id FROM lake.fetches WHERE source_id = $1",
                what,
            )
        else:
            entity = find_entity(connection, what)
            keys = names_of(connection, entity).keys
            named += [("person", name_key(outcome.request_id, key)) for key in sorted(keys)]
            articles |= column_of(connection, _NAMING, entity) | articles_naming(connection, keys)
            held = documents_naming(connection, keys)
            outcome.held += sorted(held)
            urls |= {url for url in held.values() if url and "://" in url}
    outcome.articles = sorted(articles)
    outcome.urls = sorted(urls | column_of(connection, _ADDRESSES, outcome.articles))
    return [
        *named,
        *(("article", article) for article in outcome.articles),
        *(("url", key_of(url)) for url in outcome.urls),
    ]


_NAMING = (
    "WITH members AS (SELECT entity FROM entities WHERE current = $1)"
    " SELECT m.article_id FROM lake.mentions m LEFT JOIN lake.entity_aliases h"
    " ON h.superseded_at IS NULL AND h.entity_id = m.entity_id AND h.article_id = m.article_id"
    " WHERE coalesce(h.entity, m.entity_id) IN (FROM members)"
)
"""Articles that mention an entity, in any of their versions."""
_ADDRESSES = (
    "WITH gone AS (SELECT unnest($1) AS article_id), named AS ("
    " SELECT canonical_url AS url FROM lake.articles JOIN gone USING (article_id)"
    " UNION SELECT url FROM lake.article_versions JOIN gone USING (article_id)"
    " UNION SELECT url FROM lake.fetches JOIN gone USING (article_id)"
    " UNION SELECT final_url FROM lake.fetches JOIN gone USING (article_id)"
    " UNION SELECT location FROM lake.quarantine JOIN gone USING (article_id))"
    " SELECT url FROM named WHERE contains(url, '://') AND url NOT IN (SELECT location FROM"
    " lake.sources) AND url NOT IN (SELECT url FROM lake.fetches WHERE article_id IS NOT NULL"
    " AND article_id NOT IN (FROM gone))"
)
"""Addresses of these articles and of no others."""
