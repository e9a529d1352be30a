"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
from typing import Any

from flows.sources.entry import MAX_ENTRIES, Entry, Listing
from flows.sources.plain import plain, plain_id, plain_url
from flows.sources.source import SourceError
from transforms.article.model import DateCandidate


def is_feed(document: object) -> bool:
    """Whether a JSON document is a feed: it lists items, and says so or has a feed's members."""
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return False
    if "jsonfeed.org" in str(document.get("version", "")):
        return True
    items = document["items"]
    known = {"url", "id", "title", "content_html", "content_text", "date_published"}
    return not items or any(isinstance(i, dict) and known & i.keys() for i in items)


def read_json(text: str, url: str) -> Any:
    """A JSON document.

    Raises:
        SourceError: ``not_a_feed``.
    """
    try:
        # numbers stay as written: an id of a thousand digits is as good as any
        return json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise SourceError(url, "not_a_feed", f"this is no valid JSON: {error}") from error


def read_json_feed(document: dict[str, Any], url: str) -> Listing:
    """What a JSON Feed says; `url` is what links are relative to."""
    base = url if "://" in url else ""
    items = [i for i in document["items"] if isinstance(i, dict)]
    version = str(document.get("version") or "").rstrip("/").rpartition("/")[2]
    notes = []
    if len(items) > MAX_ENTRIES:
        notes.append(f"it has more than {MAX_ENTRIES} entries: what follows was not read")
    return Listing(
        "json",
        version=plain(version),
        title=plain(document.get("title")),
        entries=tuple(_entry(item, base) for item in items[:MAX_ENTRIES]),
        notes=tuple(notes),
    )


def _entry(item: dict[str, Any], base: str) -> Entry:
    name = item.get("id")
    # an id is an address only where it is a whole one
    links = ((item.get("url"), base), (item.get("external_url"), base))
    link = next((u for value, b in links if (u := plain_url(value, b))), None)
    if link is None and isinstance(name, str) and name.startswith(("http://", "https://")):
        link = plain_url(name)
    published, updated = plain(item.get("date_published")), plain(item.get("date_modified"))
    texts = (item.get(n) for n in ("summary", "content_text", "content_html"))
    return Entry(
        title=plain(item.get("title")),
        link=link,
        id=plain_id(name),
        published=published,
        updated=updated,
        author=_authors(item),
        summary=next((t for text in texts if (t := plain(text))), None),
        dates=tuple(
            DateCandidate(f"feed:{name}", value)
            for name, value in (("published", published), ("updated", updated))
            if value
        ),
    )


def _authors(item: dict[str, Any]) -> str | None:
    several = item.get("authors")
    people = several if isinstance(several, list) else [item.get("author")]
    names = (plain(p.get("name")) if isinstance(p, dict) else plain(p) for p in people[:50])
    return ", ".join(dict.fromkeys(n for n in names if n)) or None
