"""What a source lists now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.fetch.client import Client
from flows.fetch.errors import FetchError
from flows.fetch.response import Response
from flows.sources.candidate import Candidate, distinct, to_candidates
from flows.sources.document import read_document
from flows.sources.entry import Entry, Listing
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
    """What `source` (a feed, a sitemap, a page or a site) lists; nothing is raised for a bad one.

    A page is its own candidate and is not fetched here, unless its name ends in .txt: then it is a
    list of URLs. A feed's address that gives a sitemap is read as one, and the other way round. A
    site is asked for the sitemaps that its robots.txt names, else for the feeds of its home page.
    """
    known = state or SourceState()
    kept = Discovered((), known.etag, known.last_modified, known.body_sha256)
    if source.kind == "page" and not source.location.split("?")[0].endswith(".txt"):
        return Discovered((Candidate(source.id, source.location),))
    if source.kind == "site":
        return _discover_site(source, client, known)
    try:
        answer = client.get(source.location, etag=known.etag, last_modified=known.last_modified)
    except FetchError as error:
        return _failed(kept, error, None)
    if answer.status == 304:
        return Discovered(
            (), kept.etag, kept.last_modified, kept.body_sha256, unchanged=True, response=answer
        )
    try:
        listing = _read(source, answer)
    except SourceError as error:
        return _failed(kept, error, answer)
    if listing.kind != "sitemap-index":
        found = tuple(to_candidates(listing.entries, source.id))
        return Discovered(
            found, answer.etag, answer.last_modified, answer.sha256,
            unchanged=answer.sha256 == known.body_sha256, response=answer,
        )  # fmt: skip
    below = walk(source, _newest_first(listing.entries), client)
    return _walked(source, below, known, answer, answer.body)


def _failed(
    kept: Discovered, error: FetchError | SourceError, response: Response | None
) -> Discovered:
    return Discovered(
        (), kept.etag, kept.last_modified, kept.body_sha256, error=error, response=response
    )


_LISTS = ("rss", "atom", "json", "cdf", "sitemap", "news-sitemap", "sitemap-index", "url-list")


def _read(source: Source, answer: Response) -> Listing:
    """What the source's address gives.

    Raises:
        SourceError: it lists nothing.
    """
    url = answer.final_url
    listing = read_document(answer.body, url, answer.content_type)
    if source.kind == "page" and listing.kind != "url-list":
        raise SourceError(source.id, "not_a_list", "this text is no list of one URL a line")
    if listing.kind == "page":
        wanted = "sitemap" if source.kind == "sitemap" else "feed"
        raise SourceError(url, f"html_not_{wanted}", _page_message(listing, wanted))
    if listing.kind not in _LISTS:
        message = f"this is {listing.kind}, which lists no pages: choose another kind of source"
        raise SourceError(url, "not_a_feed", message)
    return listing


def _page_message(page: Listing, wanted: str) -> str:
    start = f"this is an HTML page, not a {wanted}"
    if page.feeds:
        return f"{start}; it names the feed {page.feeds[0]}: configure that one"
    return (
        f"{start}; configure the address of the {wanted} itself, "
        'or use kind = "page" for a single article, or kind = "site" to look for its sitemaps'
    )


# --------------------------------------------------------------------------- sitemaps below


@dataclass(frozen=True, slots=True)
class Below:
    """What the sitemaps of an index, or of a site, list.

    Attributes:
        pages: each URL once.
        hashes: of the sitemaps read.
        news: whether any of them is a news sitemap.
        failure: the last one; what could be read is in `pages` all the same.
    """

    pages: tuple[Candidate, ...]
    hashes: tuple[bytes, ...]
    news: bool = False
    failure: FetchError | SourceError | None = None


def walk(source: Source, addresses: Sequence[str], client: Client) -> Below:
    """The pages of these sitemaps and of those below them, in this order, within bounds."""
    pages: list[Candidate] = []
    hashes: list[bytes] = []
    failure: FetchError | SourceError | None = None
    news = False
    queue = [(1, url) for url in addresses]
    seen: set[str] = set()
    while queue:
        depth, url = queue.pop(0)
        if url in seen:
            continue
        if len(seen) >= MAX_SITEMAPS or depth > MAX_DEPTH:
            message = (
                f"more than {MAX_SITEMAPS} sitemaps or {MAX_DEPTH} levels: "
                "configure the one for news"
            )
            failure = SourceError(source.id, "too_deep", message)
            break
        seen.add(url)
        try:
            answer = client.get(url)
            listing = read_document(answer.body, answer.final_url, answer.content_type)
            if listing.kind not in _LISTS:
                raise SourceError(url, "not_a_sitemap", f"this is {listing.kind}, not a sitemap")
        except (FetchError, SourceError) as error:
            failure = error
            continue
        hashes.append(answer.sha256.encode())
        news = news or listing.kind == "news-sitemap"
        if listing.kind == "sitemap-index":
            queue += [(depth + 1, below) for below in _newest_first(listing.entries)]
        else:
            pages += to_candidates(listing.entries, source.id)
    return Below(tuple(distinct(pages)), tuple(hashes), news, failure)


def _newest_first(entries: Iterable[Entry]) -> list[str]:
    newest = sorted(entries, key=lambda e: e.updated or "", reverse=True)
    return [c.url for c in to_candidates(newest)]


def _walked(
    source: Source, below: Below, known: SourceState, answer: Response | None, top: bytes
) -> Discovered:
    """What sitemaps below another one give; only their content is remembered.

    An index may stay the same while its sitemaps change, so its ETag is not. After a failure
    nothing is, so that the next visit reads everything again.
    """
    if below.failure is not None:
        return Discovered(below.pages, error=below.failure, response=answer)
    digest = hashlib.sha256(top + b"".join(below.hashes)).hexdigest()
    unchanged = digest == known.body_sha256
    return Discovered(below.pages, None, None, digest, unchanged, None, answer)


# --------------------------------------------------------------------------- sites


def _discover_site(source: Source, client: Client, known: SourceState) -> Discovered:
    """What a site lists: its news sitemaps, else its other sitemaps, else its feeds."""
    kept = Discovered((), known.etag, known.last_modified, known.body_sha256)
    try:
        named = client.sitemaps(source.location)
        if named:
            return _walked(source, _site_sitemaps(source, named, client), known, None, b"")
        answer = client.get(source.location)
        listing = read_document(answer.body, answer.final_url, answer.content_type)
    except (FetchError, SourceError) as error:
        return _failed(kept, error, None)
    if listing.kind != "page":
        return discover(Source(source.id, "feed", source.location), client, known)
    if not listing.feeds:
        message = (
            "robots.txt names no sitemap and the page no feed: configure the address of one, "
            'or kind = "page" for a single article'
        )
        return _failed(kept, SourceError(source.id, "nothing_listed", message), answer)
    return _walked(source, walk(source, listing.feeds, client), known, answer, b"")


def _site_sitemaps(source: Source, named: Sequence[str], client: Client) -> Below:
    """Of a site with news sitemaps only these: the others list what it has ever published."""
    found = Below((), ())
    addresses = sorted(named, key=lambda url: "news" not in url.lower())
    news = [url for url in addresses if "news" in url.lower()]
    if news:
        found = walk(source, news, client)
    if found.news and found.pages:
        return found
    return walk(source, addresses, client)
