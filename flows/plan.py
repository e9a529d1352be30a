"""Which pages a run asks for: those that are new, and known ones that have come of an age."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from urllib.parse import urlsplit

import duckdb

from flows.forgotten import load_forgotten
from flows.sources.candidate import Candidate
from transforms.article.model import DateCandidate

TRIED_AGAIN = timedelta(days=3)
"""How long a page that could not be had is tried again."""
FINAL = ("robots", "http_404", "scheme", "url", "private_address", "too_large")
"""Classes of failures that another day will not mend."""
_COUNTED = (
    "(FROM fetches WHERE run_id NOT IN (SELECT run_id FROM runs WHERE state IN"
    " ('failed', 'rolled_back')))"
)
"""What a run fetched that failed or was taken back is not in the warehouse: as if not fetched."""


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
    `sources` themselves are no pages, and what was forgotten on request is not asked for.
    """
    known = (c for c in _known_pages(connection, ages, now) if c.url not in sources)
    forgotten = load_forgotten(connection)
    candidates = [
        c
        for c in alternate_hosts([*listed, *known])
        if c.source_id not in forgotten.sources and not forgotten.has_url(c.url)
    ]
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
