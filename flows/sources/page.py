"""Single pages with the feeds they name, and lists of URLs in plain text."""

from __future__ import annotations

import re
from itertools import islice

from flows.sources.candidate import parse_link
from flows.sources.entry import Listing
from flows.sources.markup import START, Entities, attributes, read_markup
from flows.sources.plain import plain, plain_url

MAX_LINES = 1_000_000
MAX_FEEDS = 20
_READ = 1_000_000
_EVENTS = 100_000
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|div|p|article|meta)\b", re.I)
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,2000})", re.I)
_FEED_TYPES = ("rss+xml", "atom+xml", "feed+json", "rdf+xml", "rss", "application/json", "text/xml")


def is_html(text: str) -> bool:
    """Whether a text starts as a page does."""
    return _HTML.search(text[:10_000]) is not None


def read_page(text: str, url: str) -> Listing:
    """The title of a page and the feeds it names (link rel=alternate), in its order."""
    title = _TITLE.search(text[:_READ])
    return Listing(
        "page", title=plain(title[1]) if title else None, feeds=tuple(find_feeds(text, url))
    )


def find_feeds(text: str, url: str) -> list[str]:
    """Addresses of the feeds that a page names, absolute, each once."""
    entities, base = Entities(), url if "://" in url else ""
    found: dict[str, None] = {}
    for kind, tag, raw in islice(read_markup(text[:_READ], entities), _EVENTS):
        if kind != START or tag not in ("link", "base"):
            continue
        given = attributes(raw, entities)
        if tag == "base":
            base = plain_url(given.get("href"), base) or base
        elif "alternate" in given.get("rel", "").lower().split() and any(
            mark in given.get("type", "").lower() for mark in _FEED_TYPES
        ):
            link = plain_url(given.get("href"), base)
            # WordPress gives its interface, and the embedding of a page, the same relation
            if link and not re.search(r"/wp-json/|oembed|comments/feed", link):
                found.setdefault(link)
    return list(found)[:MAX_FEEDS]


def read_urls(text: str) -> list[str]:
    """The URLs of a text with one a line, each once; none unless every line that says something is.

    Blank lines and lines starting with ``#`` say nothing.
    """
    found: dict[str, None] = {}
    for line in text.splitlines()[:MAX_LINES]:
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        link = parse_link(said, "")
        if link is None or " " in said:
            return []
        found.setdefault(link)
    return list(found)
