"""IPTC ninjs 1 to 3: the items of a JSON document, one or many."""

from __future__ import annotations

import json

from flows.sources.encoding import decode_document
from flows.sources.entry import Entry
from flows.sources.plain import plain, plain_id


def news_items(document: object) -> list[dict[str, object]]:
    """The ninjs items of a JSON document: itself, or those that it lists."""
    if isinstance(document, list):
        return [i for i in document if isinstance(i, dict) and _is_news(i)]
    if not isinstance(document, dict):
        return []
    if _is_news(document):
        return [document]
    for name in ("items", "_items"):
        listed = document.get(name)
        if isinstance(listed, list):
            return news_items(listed)
    return []


def _is_news(item: dict[str, object]) -> bool:
    """ninjs has a uri of its own and a text or headline (IPTC ninjs 1 to 3)."""
    named = isinstance(item.get("uri"), str)
    said = {"headline", "headlines", "body_text", "body_xhtml", "bodies", "versioncreated"}
    return named and bool(said & item.keys())


def to_entry(item: dict[str, object]) -> Entry:
    """What an item says of itself."""
    headlines = item.get("headlines")
    first = (
        next((h for h in headlines if isinstance(h, dict)), {})
        if isinstance(headlines, list)
        else {}
    )
    return Entry(
        title=plain(item.get("headline")) or plain(first.get("value")) or plain(item.get("title")),
        id=plain_id(item.get("uri")),
        published=plain(item.get("firstcreated") or item.get("firstCreated")),
        updated=plain(item.get("versioncreated") or item.get("versionCreated")),
        author=plain(item.get("byline") or item.get("by")),
    )


def split_items(body: bytes) -> list[bytes]:
    """Each item of a document as a document of its own; the document itself where it lists none."""
    try:
        document = json.loads(decode_document(body))
    except (ValueError, RecursionError):
        return [body]
    items = news_items(document)
    if len(items) < 2 and not isinstance(document, list):
        return [body]
    return [json.dumps(item, ensure_ascii=False).encode() for item in items] or [body]
