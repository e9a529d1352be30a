"""What a source says, as read: its entries, with or without an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from transforms.article.model import DateCandidate

ListingKind = Literal[
    "rss", "atom", "json", "cdf", "opml", "sitemap", "news-sitemap", "sitemap-index", "url-list",
    "page", "text", "jsonl", "ninjs", "warc", "folder",
]  # fmt: skip

MAX_ENTRIES = 100_000
"""Entries of one document that are kept: twice what a sitemap may have."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; every value is plain text as the source writes it, null where it says nothing.

    Attributes:
        title: without markup.
        link: absolute where the source or its address makes it so.
        id: the source's own name for the entry.
        published, updated: dates as written.
        author: names as written; several are joined with ", ".
        summary: description, abstract or content, without markup.
        dates: every date that the entry states, with where.
    """

    title: str | None = None
    link: str | None = None
    id: str | None = None
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    summary: str | None = None
    dates: tuple[DateCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a document is and lists.

    Attributes:
        kind: what it is.
        version: of the format, as far as it says.
        title: its own.
        entries: in its order, each as it stands: two may have one link. Those of a sitemap index
            are the sitemaps, those of an OPML file the feeds.
        feeds: addresses of feeds that a page names.
        notes: what is odd about it, in words.
    """

    kind: ListingKind
    version: str | None = None
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    feeds: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
