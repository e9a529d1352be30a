"""Whatever a source's address gives, told apart by its content and read."""

from __future__ import annotations

import json
from itertools import islice

from lxml.html import defs

from flows.sources import feed, sitemap
from flows.sources.encoding import decode_document, unpacked
from flows.sources.entry import Entry, Listing
from flows.sources.feed import read_feed
from flows.sources.json_feed import is_feed, read_json, read_json_feed
from flows.sources.markup import START, Entities, read_markup
from flows.sources.ninjs import news_items, to_entry
from flows.sources.opml import read_opml
from flows.sources.page import is_html, read_page, read_urls
from flows.sources.plain import plain, plain_id
from flows.sources.sitemap import read_sitemap
from flows.sources.source import SourceError

_HEAD = 200_000
_EVENTS = 5_000
_PAGE = ("html", "head", "body")


def read_document(body: bytes, url: str, content_type: str | None = None) -> Listing:
    """What a document is and lists. Neither its name nor its Content-Type is believed.

    Args:
        body: as it came; gzip is unpacked.
        url: its address, which links are relative to, or the path of a file.

    Raises:
        SourceError: ``empty``, ``decode``, ``too_large``, ``not_a_feed``, ``binary`` or
            ``unknown``.
    """
    text = decode_document(unpacked(body, url), content_type).lstrip("\ufeff \t\r\n")
    if not text.strip():
        raise SourceError(url, "empty", "it is empty")
    if text[0] in "{[":
        return _read_json(text, url)
    root = _root(text)
    if root in sitemap.ROOTS:
        return read_sitemap(text, url)
    if root in feed.ROOTS:
        return read_feed(text, url)
    if root == "opml":
        return read_opml(text)
    if root == "html" or (root is None and is_html(text)):
        return read_page(text, url)
    listed = read_urls(text)
    if listed:
        return Listing("url-list", entries=tuple(Entry(link=link) for link in listed))
    if root == "":
        return read_feed(text, url)  # says what its first element is
    binary = text[:4096].count("\ufffd") > 40 or body[:4096].count(0) > len(body[:4096]) // 50
    if binary:
        raise SourceError(url, "binary", "this is binary: no feed, sitemap or page")
    raise SourceError(
        url, "unknown", "this is no feed, sitemap, page or list of one address a line"
    )


def _root(text: str) -> str | None:
    """The first element that says what a document is, whatever stands before it.

    "" where there are elements but none that is known, null where there are none.
    """
    seen = None
    for kind, tag, _ in islice(read_markup(text[:_HEAD], Entities()), _EVENTS):
        if kind != START:
            continue
        name = tag.rpartition(":")[2]
        if name in feed.ROOTS or name in sitemap.ROOTS or name == "opml":
            return name
        if name in _PAGE:
            return "html"
        if seen is None:
            seen = "html" if name in defs.tags else ""
    return seen


def _read_json(text: str, url: str) -> Listing:
    try:
        document = read_json(text, url)
    except SourceError:
        listed = _lines(text)
        if not listed:
            raise
        return Listing("jsonl", entries=listed)
    if is_feed(document):
        return read_json_feed(document, url)
    items = news_items(document)
    if items:
        return Listing("ninjs", entries=tuple(to_entry(i) for i in items))
    listed = _lines(text)
    if listed:
        return Listing("jsonl", entries=listed)
    raise SourceError(
        url, "not_a_feed", "this JSON is neither a JSON Feed, nor ninjs, nor JSONL of documents"
    )


def _lines(text: str) -> tuple[Entry, ...]:
    """The documents of JSONL, as `dateline annotate` reads them; none unless the first is one."""
    found: list[Entry] = []
    for line in text.splitlines():
        try:
            item = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            item = None
        if isinstance(item, dict) and isinstance(item.get("text"), str):
            found.append(
                Entry(
                    title=plain(item.get("title")),
                    link=plain_id(item.get("url")),
                    id=plain_id(item.get("id")),
                    published=plain(item.get("published_at")),
                )
            )
        elif not found and line.strip():
            return ()
    return tuple(found)
