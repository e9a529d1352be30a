"""OPML: the feeds that a reader of feeds exports."""

from __future__ import annotations

from flows.sources.entry import MAX_ENTRIES, Entry, Listing
from flows.sources.markup import START, Entities, attributes, read_markup
from flows.sources.plain import plain, plain_url


def read_opml(text: str) -> Listing:
    """The feeds of an OPML document as entries: title, and the feed's address as link."""
    entities = Entities()
    found: list[Entry] = []
    for kind, tag, raw in read_markup(text, entities):
        if kind == START and tag == "outline" and len(found) < MAX_ENTRIES:
            given = attributes(raw, entities)
            link = plain_url(given.get("xmlurl"))
            if link:
                found.append(Entry(plain(given.get("title") or given.get("text")), link))
    return Listing("opml", entries=tuple(found))
