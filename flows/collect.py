"""From configured sources to documents: what they list, and fetching it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.batch import Item
from flows.fetch.client import Client
from flows.fetch.errors import FetchError
from flows.fetch.response import Response
from flows.plan import Planned, Visit
from flows.settings import SourceSettings
from flows.sources.candidate import Candidate
from flows.sources.discover import Discovered, SourceState, discover
from flows.sources.files import FileItem, FileProblem, iter_files
from flows.sources.source import Source
from flows.sources.state import find_newest, next_try
from transforms.text import key_of

Record = dict[str, Any]
"""A row of the table `fetches`."""

Clock = Callable[[], datetime]


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

    @property
    def is_item(self) -> bool:
        """Whether a page or document was to come; an archive has visits of sources too."""
        return self.item is not None or self.unchanged or bool(self.record.get("error_class"))


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
