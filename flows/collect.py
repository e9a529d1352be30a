"""From configured sources to items: what is worth fetching, and fetching it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from flows.batch import Item
from flows.fetch.client import Client, Response
from flows.fetch.errors import FetchError
from flows.settings import SourceSettings
from flows.sources.candidate import Candidate
from flows.sources.discover import Discovered, SourceState, discover
from flows.sources.files import FileItem, FileProblem, iter_files
from flows.sources.source import Source
from flows.sources.state import find_newest, next_try
from transforms.article.model import DateCandidate
from transforms.text import key_of

Record = dict[str, Any]
"""A row of the table `fetches`."""

Clock = Callable[[], datetime]

TRIED_AGAIN = timedelta(days=3)
"""How long a page that could not be had is tried again."""
FINAL = ("robots", "http_404", "scheme", "url", "private_address", "too_large")
"""Classes of failures that another day will not mend."""
_COUNTED = "(FROM fetches WHERE run_id NOT IN (SELECT run_id FROM runs WHERE state = 'failed'))"
"""What a failed run fetched was not published: it is as if it had not been fetched."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The last good visit of a page."""

    at: datetime
    first: datetime
    etag: str | None
    last_modified: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A page to fetch, and its last good visit if there was one."""

    candidate: Candidate
    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One attempt.

    Attributes:
        record: its row of `fetches`; empty for a further line of a file.
        item: the document, where there is a new one.
        response: the answer that brought it, null for a file.
        unchanged: the page is as it was.
    """

    record: Record
    item: Item | None
    response: Response | None = None
    unchanged: bool = False


# --------------------------------------------------------------------------- sources


def source_states(connection: duckdb.DuckDBPyConnection) -> dict[str, Record]:
    """The remembered state of each source, by id."""
    result = connection.execute("SELECT * FROM sources")
    names = [d[0] for d in result.description or []]
    return {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}


def list_source(
    source: SourceSettings, client: Client, known: Record | None, *, whole: bool = False
) -> Discovered:
    """What a source on the network lists now; a failure is in the answer, not raised.

    With `whole` it is asked for all it lists, also where nothing has changed since the last visit.
    """
    state = SourceState()
    if known is not None and known["location"] == source.location and not whole:
        state = SourceState(known["etag"], known["last_modified"], known["body_sha256"])
    return discover(Source(source.id, source.kind, source.location), client, state)


def source_record(
    source: SourceSettings, known: Record | None, found: Discovered | None, now: datetime
) -> Record:
    """The source's row after a visit; `found` is null for files."""
    before = known if known is not None and known["location"] == source.location else {}
    error = found.error if found else None
    record: Record = {
        "source_id": source.id,
        "kind": source.kind,
        "location": source.location,
        "etag": found.etag if found else None,
        "last_modified": found.last_modified if found else None,
        "body_sha256": found.body_sha256 if found else None,
        "watermark_at": find_newest(
            found.candidates if found else (), now, before.get("watermark_at")
        ),
        "last_success_at": before.get("last_success_at") if error else now,
        "last_error": str(error) if error else None,
        "failures": int(before.get("failures") or 0) + 1 if error else 0,
        "entries": len(found.candidates) if found and found.candidates else before.get("entries"),
        "position": before.get("position"),
        "next_try_at": next_try(error, now),
        "updated_at": now,
    }
    return record


def visit_record(run_id: str, source: SourceSettings, found: Discovered, now: datetime) -> Record:
    """The attempt to read a source itself, as a row of `fetches`."""
    error = found.error
    if isinstance(error, FetchError):
        return _failure(run_id, source.id, source.location, error)
    record = fetch_record(run_id, source.id, source.location, now)
    if found.response is not None:
        record |= _answered(found.response)
    if error is not None:
        record |= {"error_class": f"source:{error.rule}", "error": error.message}
    return record


# --------------------------------------------------------------------------- pages


def plan(
    connection: duckdb.DuckDBPyConnection,
    listed: Iterable[Candidate],
    *,
    ages: Sequence[float],
    sources: Set[str],
    now: datetime,
) -> list[Planned]:
    """The pages to ask for now, each once, in an order that spreads the hosts over batches.

    These are the listed pages that are new, and known pages that have come of an age (in hours) at
    which they are asked for again, whether or not a source still lists them. The addresses of
    `sources` themselves are no pages.
    """
    known = (c for c in _known_pages(connection, ages, now) if c.url not in sources)
    candidates = alternate_hosts([*listed, *known])
    visits = known_visits(connection, [c.url for c in candidates])
    return [Planned(c, visit) for c in candidates if due(visit := visits.get(c.url), ages, now)]


def known_visits(connection: duckdb.DuckDBPyConnection, urls: Sequence[str]) -> dict[str, Visit]:
    """The last good visit of each of these URLs that was ever visited."""
    rows = connection.execute(
        "SELECT url, max(started_at), min(started_at), arg_max(etag, started_at),"
        " arg_max(last_modified, started_at),"
        " arg_max(sha256, started_at) FILTER (sha256 IS NOT NULL)"
        f" FROM {_COUNTED} WHERE error_class IS NULL AND url IN (SELECT unnest(?)) GROUP BY url",
        [list(urls)],
    ).fetchall()
    return {row[0]: Visit(*row[1:]) for row in rows}


def unfinished_sources(connection: duckdb.DuckDBPyConnection, now: datetime) -> set[str]:
    """Sources with pages that lately could not be had, though they may be had another time."""
    rows = connection.execute(
        "SELECT DISTINCT source_id FROM (SELECT arg_max(source_id, started_at) AS source_id,"
        " arg_max({'class': error_class}, started_at).class AS error_class"
        f" FROM {_COUNTED} WHERE started_at >= ? GROUP BY url)"
        " WHERE error_class IS NOT NULL AND error_class NOT IN (SELECT unnest(?))",
        [now - TRIED_AGAIN, list(FINAL)],
    ).fetchall()
    return {source for (source,) in rows}


def due(visit: Visit | None, ages: Sequence[float], now: datetime) -> bool:
    """Whether a page is to be asked for: new, or come of an age since it was last visited.

    Ages that passed while nobody asked are made up for by one visit. An age of 0 is every run's.
    """
    if visit is None or 0 in ages:
        return True
    return any(visit.at < visit.first + timedelta(hours=a) <= now for a in ages)


def _known_pages(
    connection: duckdb.DuckDBPyConnection, ages: Sequence[float], now: datetime
) -> list[Candidate]:
    """Pages that became articles lately, with the dates that the sources gave them.

    Twice the last age is looked back, so that a night that was missed is made up for.
    """
    since = now - 2 * timedelta(hours=max(ages, default=0))
    rows = connection.execute(
        "SELECT f.url, arg_min(f.source_id, f.started_at),"
        f" arg_max(v.published_candidates, f.started_at) FROM {_COUNTED} f JOIN article_versions v"
        " USING (article_id) WHERE f.started_at >= ? AND f.robots = 'allowed' GROUP BY f.url"
        " ORDER BY f.url",
        [since],
    ).fetchall()
    return [Candidate(source, url, _stated(stated)) for url, source, stated in rows]


def _stated(candidates: str | None) -> tuple[DateCandidate, ...]:
    """Of the dates found for a version, those that its source stated and its page may not."""
    found = [DateCandidate(c["method"], c["value"]) for c in json.loads(candidates or "[]")]
    return tuple(c for c in found if c.method.startswith(("feed:", "sitemap:")))


def alternate_hosts(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates in an order that spreads the hosts over batches; each URL once."""
    by_host: dict[str, dict[str, Candidate]] = {}
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.url not in seen:
            seen.add(candidate.url)
            host = by_host.setdefault(urlsplit(candidate.url).netloc, {})
            host[candidate.url] = candidate
    turns = zip_longest(*(host.values() for host in by_host.values()))
    return [c for turn in turns for c in turn if c is not None]


def fetch_pages(
    planned: Sequence[Planned], client: Client, *, run_id: str, connections: int
) -> list[Fetched]:
    """Fetch pages, several hosts at a time and each host in turn; in the order given."""
    with ThreadPoolExecutor(max(1, min(connections, len(planned)))) as threads:
        return list(threads.map(lambda p: _fetch(p.candidate, p.visit, client, run_id), planned))


def _fetch(candidate: Candidate, visit: Visit | None, client: Client, run_id: str) -> Fetched:
    etag, modified = (visit.etag, visit.last_modified) if visit else (None, None)
    try:
        answer = client.get(candidate.url, etag=etag, last_modified=modified)
    except FetchError as error:
        return Fetched(_failure(run_id, candidate.source_id, candidate.url, error), None)
    record = fetch_record(run_id, candidate.source_id, candidate.url, answer.started_at)
    record |= _answered(answer)
    if answer.status == 304 or (visit is not None and visit.sha256 == answer.sha256):
        if answer.status == 304 and visit is not None:
            record |= {"etag": visit.etag, "last_modified": visit.last_modified}
            record |= {"sha256": visit.sha256}
        return Fetched(record, None, unchanged=True)
    item = Item(
        source_id=candidate.source_id,
        where=answer.final_url,
        kind="html",
        body=answer.body,
        fetched_at=answer.started_at,
        content_type=answer.content_type,
        dates=candidate.dates,
    )
    return Fetched(record, item, answer)


# --------------------------------------------------------------------------- files


def read_source_files(source: SourceSettings, run_id: str, clock: Clock) -> Iterator[Fetched]:
    """The documents of a file or folder, streamed; each file has one record."""
    last = ""
    for found in iter_files(Path(source.location)):
        path = found.where.rsplit(":", 1)[0] if _is_line(found) else found.where
        record = fetch_record(run_id, source.id, found.where, clock())
        if isinstance(found, FileProblem):
            yield Fetched(
                record | {"error_class": f"file:{found.rule}", "error": found.reason}, None
            )
            continue
        item = Item(source.id, found.where, found.kind, found.body, clock())
        if found.kind != "jsonl":
            record |= {
                "bytes": len(found.body),
                "sha256": hashlib.sha256(found.body).hexdigest(),
            }
        yield Fetched(record | {"url": path} if path != last else {}, item)
        last = path


def _is_line(found: FileItem | FileProblem) -> bool:
    path, colon, number = found.where.rpartition(":")
    return bool(colon) and number.isdigit() and ".jsonl" in path.lower()


# --------------------------------------------------------------------------- records


def fetch_record(run_id: str, source_id: str, url: str, started_at: datetime) -> Record:
    """The row of `fetches` of an attempt, to which its outcome is added."""
    return {
        "fetch_id": key_of(run_id, source_id, url),
        "run_id": run_id,
        "source_id": source_id,
        "url": url,
        "robots": "not_applicable",
        "opt_outs": [],
        "started_at": started_at,
        "seconds": 0.0,
    }


def _answered(answer: Response) -> Record:
    return {
        "final_url": answer.final_url,
        "status": answer.status,
        "robots": answer.robots,
        "robots_rule": answer.robots_rule,
        "opt_outs": list(answer.opt_outs),
        "bytes": len(answer.body),
        "sha256": answer.sha256 if answer.status == 200 else None,
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "seconds": answer.seconds,
    }


def _failure(run_id: str, source_id: str, url: str, error: FetchError) -> Record:
    assert error.started_at is not None  # the client says so on its way out
    return fetch_record(run_id, source_id, url, error.started_at) | {
        "status": error.status,
        "robots": error.robots,
        "robots_rule": error.robots_rule,
        "error_class": error.error_class,
        "error": error.message,
        "seconds": error.seconds,
    }
