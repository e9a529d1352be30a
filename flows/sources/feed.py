"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed."""

from __future__ import annotations

import json
import re
from typing import Any

import feedparser
from lxml import html as lxml_html

from flows.sources.candidate import Candidate, distinct, parse_link
from flows.sources.source import SourceError
from transforms.article.model import DateCandidate

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.I | re.S)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.I | re.S)
_HEAD = 4096
_PROLOGUE = 16_384
_MAX_TITLE = 10_000
_DATES = ("published", "updated", "created")


def read_feed(body: bytes, url: str) -> list[Candidate]:
    """The entries of a feed that have a link, in its order.

    Raises:
        SourceError: the body is not a feed.
    """
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body:
        raise SourceError(url, "empty", "the feed is empty")
    if body[:1] == b"{":
        return _read_json(body, url)
    if is_html(body):
        raise SourceError(url, "html_not_feed", _html_message(body, url))
    # without a document type no entity can be declared, and so none expanded
    head = _DOCTYPE.sub(b" ", body[:_PROLOGUE])
    parsed = feedparser.parse(head + body[_PROLOGUE:], sanitize_html=True)
    if not parsed.get("version") and not parsed.entries:
        raise SourceError(url, "not_a_feed", "this is neither RSS, Atom nor a JSON Feed")
    base = parse_link(parsed.feed.get("link"), url) or url
    found = [_from_entry(entry, base) for entry in parsed.entries]
    return distinct([candidate for candidate in found if candidate is not None])


def is_html(body: bytes) -> bool:
    """Whether the body starts as an HTML page does."""
    return _HTML.match(body[:_HEAD]) is not None


def plain(title: object) -> str | None:
    """A title as one line of text, without markup; null where nothing is left."""
    if not isinstance(title, str):
        return None
    text = _SCRIPT.sub(" ", title[:_MAX_TITLE].replace("\0", ""))
    if "<" in text or "&" in text:
        try:
            text = "".join(map(str, lxml_html.fromstring(f"<p>{text}</p>").itertext()))
        except (ValueError, lxml_html.etree.LxmlError):
            text = re.sub(r"<[^>]*>", " ", text)
    return " ".join(text.split()) or None


def _from_entry(entry: Any, base: str) -> Candidate | None:
    links = [entry.get("link")]
    links += [ln.get("href") for ln in entry.get("links", []) if ln.get("rel") == "alternate"]
    if str(entry.get("guidislink", "")).lower() != "false":
        links.append(entry.get("id"))
    url = next((u for link in links if (u := parse_link(link, base))), None)
    if url is None:
        return None
    # a key that is missing is answered by feedparser with that of another date
    dates = tuple(
        DateCandidate(f"feed:{name}", str(entry[name]).strip())
        for name in _DATES
        if dict.get(entry, name)
    )
    modified = dict.get(entry, "updated")
    return Candidate("", url, dates, plain(entry.get("title")), str(modified) if modified else None)


def _read_json(body: bytes, url: str) -> list[Candidate]:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceError(url, "not_a_feed", f"this is no valid JSON: {error}") from error
    items = feed.get("items")
    if not isinstance(items, list):
        raise SourceError(url, "not_a_feed", "this JSON has no list of items, as a JSON Feed has")
    found = []
    for item in items:
        if not isinstance(item, dict):
            continue
        links = (item.get("url"), item.get("external_url"), item.get("id"))
        # an id is a link only where it is a whole one
        bases = (url, url, "")
        pairs = zip(links, bases, strict=True)
        link = next((u for value, base in pairs if (u := parse_link(value, base))), None)
        if link is None:
            continue
        dates = tuple(
            DateCandidate(f"feed:{name}", value.strip())
            for name in ("date_published", "date_modified")
            if isinstance(value := item.get(name), str) and value.strip()
        )
        modified = item.get("date_modified")
        found.append(
            Candidate(
                "",
                link,
                dates,
                plain(item.get("title")),
                modified if isinstance(modified, str) else None,
            )
        )
    return distinct(found)


def _html_message(body: bytes, url: str) -> str:
    link = re.search(
        rb"<link\b[^<>]*type=[\"']?application/(?:rss|atom|feed)\+(?:xml|json)[^>]*>",
        body[:200_000],
        re.I,
    )
    href = re.search(rb"href=[\"']?([^\"'\s>]+)", link[0], re.I) if link else None
    named = parse_link(href[1].decode("utf-8", "replace"), url) if href else None
    if named:
        return f"this is an HTML page, not a feed; it names the feed {named}: configure that one"
    return (
        "this is an HTML page, not a feed; configure the address of the feed itself, "
        'or use kind = "page" for a single article'
    )
