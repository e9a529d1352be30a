"""What a source lists now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flows.fetch.client import Client, Response
from flows.fetch.errors import FetchError
from flows.sources.candidate import Candidate, distinct
from flows.sources.feed import read_feed
from flows.sources.page import read_urls
from flows.sources.sitemap import Sitemap, is_sitemap, read_sitemap, unpacked
from flows.sources.source import Source, SourceError

MAX_SITEMAPS = 50
MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source's last successful visit."""

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Discovered:
    """What a source lists, and what to remember of the visit.

    Attributes:
        candidates: may be empty where nothing has changed.
        unchanged: the source answered 304, or with the same bytes as last time.
        error: why the source, or a sitemap of its index, could not be read; what could be read
            is in `candidates` all the same.
        response: the answer of the source's own URL, null where none came.
    """

    candidates: tuple[Candidate, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    unchanged: bool = False
    error: FetchError | SourceError | None = None
    response: Response | None = None


def discover(source: Source, client: Client, state: SourceState | None = None) -> Discovered:
    """What `source` (a feed, a sitemap or a page) lists; nothing is raised for a bad source.

    A page is its own candidate and is not fetched here, unless its name ends in .txt: then it is a
    list of URLs. A feed's address that gives a sitemap is read as one, and the other way round.
    """
    if source.kind == "files":
        raise ValueError("files are read by iter_files, not discovered over the network")
    if source.kind == "page" and not source.location.split("?")[0].endswith(".txt"):
        return Discovered((Candidate(source.id, source.location),))
    known = state or SourceState()
    kept = Discovered((), known.etag, known.last_modified, known.body_sha256)
    try:
        answer = client.get(source.location, etag=known.etag, last_modified=known.last_modified)
    except FetchError as error:
        return _failed(kept, error, None)
    if answer.status == 304:
        return Discovered(
            (), kept.etag, kept.last_modified, kept.body_sha256, unchanged=True, response=answer
        )
    try:
        found, lower, error_below = _read(source, answer, client)
    except SourceError as error:
        return _failed(kept, error, answer)
    digest = hashlib.sha256(answer.body + b"".join(lower)).hexdigest() if lower else answer.sha256
    if error_below is not None:
        # nothing is remembered, so that the next visit reads the whole index again
        return Discovered(found, error=error_below, response=answer)
    # an index may stay the same while its sitemaps change: only its content is remembered
    etag, modified = (None, None) if lower else (answer.etag, answer.last_modified)
    unchanged = digest == known.body_sha256
    return Discovered(found, etag, modified, digest, unchanged, None, answer)


def _failed(
    kept: Discovered, error: FetchError | SourceError, response: Response | None
) -> Discovered:
    return Discovered(
        (), kept.etag, kept.last_modified, kept.body_sha256, error=error, response=response
    )


_Read = tuple[tuple[Candidate, ...], list[bytes], FetchError | SourceError | None]


def _read(source: Source, answer: Response, client: Client) -> _Read:
    """Candidates, the hashes of the sitemaps below, and the last failure among those."""
    url = answer.final_url
    body = unpacked(answer.body, url)
    if source.kind == "page":
        found = read_urls(body, url)
        if not found:
            raise SourceError(source.id, "not_a_list", "this text is no list of one URL a line")
        return tuple(c.of(source.id) for c in found), [], None
    if is_sitemap(body):
        return _walk(source, read_sitemap(body, url), client)
    if source.kind == "sitemap":
        listed = read_urls(body, url)
        if listed:
            return tuple(c.of(source.id) for c in listed), [], None
        try:
            entries = read_feed(body, url)
        except SourceError:
            # the message about sitemaps is the one that helps here
            return _walk(source, read_sitemap(body, url), client)
    else:
        entries = read_feed(body, url)
    return tuple(c.of(source.id) for c in entries), [], None


def _walk(source: Source, top: Sitemap, client: Client) -> _Read:
    """The pages of a sitemap and of those below it, newest sitemaps first, within bounds."""
    pages, hashes = list(top.pages), []
    failure: FetchError | SourceError | None = None
    queue = [(1, c) for c in _newest_first(top)]
    seen: set[str] = set()
    while queue:
        depth, below = queue.pop(0)
        if below.url in seen:
            continue
        if len(seen) >= MAX_SITEMAPS or depth > MAX_DEPTH:
            message = (
                f"more than {MAX_SITEMAPS} sitemaps or {MAX_DEPTH} levels: "
                "configure the one for news"
            )
            failure = SourceError(source.id, "too_deep", message)
            break
        seen.add(below.url)
        try:
            answer = client.get(below.url)
            sitemap = read_sitemap(answer.body, answer.final_url)
        except (FetchError, SourceError) as error:
            failure = error
            continue
        hashes.append(answer.sha256.encode())
        pages += sitemap.pages
        queue += [(depth + 1, c) for c in _newest_first(sitemap)]
    return tuple(c.of(source.id) for c in distinct(pages)), hashes, failure


def _newest_first(sitemap: Sitemap) -> list[Candidate]:
    return sorted(sitemap.sitemaps, key=lambda c: c.modified or "", reverse=True)
