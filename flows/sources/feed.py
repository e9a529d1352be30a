"""Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF; well-formed or nearly."""

from __future__ import annotations

from flows.sources.elements import MAX_DEPTH, Element, Elements
from flows.sources.entry import MAX_ENTRIES, Entry, Listing, ListingKind
from flows.sources.fields import CONTENT, FIELDS, Values, to_entry
from flows.sources.markup import Entities, give_markup
from flows.sources.plain import MAX_TEXT, plain
from flows.sources.source import SourceError
from flows.sources.vocabulary import CORE

ROOTS = ("rss", "rdf", "feed", "channel", "item", "entry")
_ENTRIES = ("item", "entry")
_MASKS = frozenset({"source", "image", "textinput", "contributor", "items", "cloud", "skiphours"})
_UNREAD = frozenset({"script", "style", "iframe", "object", "embed", "applet", "template"})
_BLOCKS = frozenset({"p", "br", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_RSS_BY_ADDRESS = (("rss/1.0", "1.0"), ("rdf/simple/0.9", "0.90"), ("rss1.1", "1.1"))


def read_feed(text: str, url: str) -> Listing:
    """What a feed says, as far as it can be read.

    Args:
        text: decoded and cleaned.
        url: where it was found; links are relative to it, or as written where it is no address.

    Raises:
        SourceError: ``not_a_feed``.
    """
    entities = Entities()
    reader = _Reader(url if "://" in url else "", entities)
    give_markup(text, entities, reader)
    return reader.listing(url)


class _Reader:
    """Takes in tags and texts, and gives the entries they make."""

    def __init__(self, url: str, entities: Entities) -> None:
        self.elements = Elements(url, entities)
        self.entries: list[Entry] = []
        self.full = False
        self._notes: list[str] = []
        self._root: tuple[str, str] | None = None
        self._version: str | None = None
        self._titles: Values = Values()
        self._entry: Element | None = None
        self._values = Values()
        # the field whose text is being read, and how deep it stands
        self._field: tuple[str, Element] | None = None
        self._chunks: list[str] = []
        self._size = 0
        self._unread = 0

    # ------------------------------------------------------------------ events

    def start(self, tag: str, raw: str) -> None:
        element = self.elements.make(tag, raw)
        if len(self.elements) >= MAX_DEPTH:
            self._stop(f"it nests deeper than {MAX_DEPTH} elements")
            return
        if self._root is None:
            self._open_root(element)
        if self._begins_entry(element):
            self._close_entry()
            if len(self.entries) >= MAX_ENTRIES:
                self._stop(f"it has more than {MAX_ENTRIES} entries")
                return
            element = self.elements.make(tag, raw)
            self.elements.push(element)
            self._entry, self._values = element, Values()
            self._values.start(element, self.elements.attributes(element))
            return
        if self._field is not None and self._closes_field(element):
            self._close_to(self._field[1])
            element = self.elements.make(tag, raw)
        if self._field is not None:
            if self._is_name(element):
                self._chunks, self._size = [], 0
            self._inside_field(element)
        else:
            self._open_field(element)
        self.elements.push(element)

    def end(self, tag: str) -> None:
        if not self.elements.is_open(tag):
            if self._field is not None and tag in _BLOCKS:
                self.text(" ")
            return
        while self.elements.stack:
            element = self.elements.pop()
            self._closed(element)
            if element.tag == tag:
                return

    def text(self, value: str) -> None:
        if self._field is not None and not self._unread and self._size < MAX_TEXT:
            self._chunks.append(value)
            self._size += len(value)

    def listing(self, url: str) -> Listing:
        """What was read.

        Raises:
            SourceError: it was no feed.
        """
        self._close_entry()
        while self.elements.stack:
            self._closed(self.elements.pop())
        kind, version = self._kind()
        if kind is None:
            root = self._root[0] if self._root else None
            what = f"its first element is <{root}>" if root else "it has no element of a feed"
            raise SourceError(url, "not_a_feed", f"this is neither RSS, Atom nor JSON Feed: {what}")
        return Listing(
            kind,
            version=version,
            title=plain(self._titles.first("title")),
            entries=tuple(self.entries),
            notes=tuple(self._notes),
        )

    # ------------------------------------------------------------------ entries

    def _begins_entry(self, element: Element) -> bool:
        if element.name not in _ENTRIES or element.vocabulary != CORE:
            return False
        if self._entry is None:
            return True
        if self._field is not None:
            # within markup an entry can only be the next one, after a field that was not closed
            _, field = self._field
            return element.name == self._entry.name and not _holds_xml(
                self.elements.attributes(field)
            )
        return not element.masked

    def _close_entry(self) -> None:
        if self._entry is not None:
            self._close_to(self._entry)

    def _close_to(self, last: Element) -> None:
        while self.elements.stack:
            element = self.elements.pop()
            self._closed(element)
            if element is last:
                return

    def _closed(self, element: Element) -> None:
        if self._unread:
            self._unread = max(0, self._unread - 1)
        if self._field is not None:
            field, holder = self._field
            if element is holder:
                self._field = None
                self._keep(field, element)
            elif self._is_name(element):
                self._keep("name", element)
                self._chunks, self._size = [], 0
            elif element.name in _BLOCKS:
                self.text(" ")
        if element is self._entry:
            home = self._titles.first("link")
            self.entries.append(to_entry(self._values, self.elements.base, home))
            self._entry = None

    # ------------------------------------------------------------------ fields

    def _open_field(self, element: Element) -> None:
        if element.vocabulary == CORE and element.name in _MASKS:
            element.masked = True
            return
        field = FIELDS.get((element.vocabulary, element.name))
        if field is None or element.masked:
            element.masked = element.masked or element.vocabulary not in (CORE, "rdf")
            return
        if self._entry is None and not self._is_of_feed(element):
            return
        if field == "link":
            self._target().link(element, self.elements.attributes(element))
        self._field, self._chunks, self._size, self._unread = (field, element), [], 0, 0

    def _is_of_feed(self, element: Element) -> bool:
        parent = self.elements.stack[-1].name if self.elements.stack else ""
        return parent in ("channel", "feed") and element.name in ("title", "link")

    def _inside_field(self, element: Element) -> None:
        if self._unread or element.name in _UNREAD:
            self._unread += 1
        elif element.name in _BLOCKS:
            self.text(" ")

    def _is_name(self, element: Element) -> bool:
        return self._field is not None and self._field[0] == "author" and element.name == "name"

    def _closes_field(self, element: Element) -> bool:
        """Whether a field of plain words was left open: no title holds a link or a date."""
        assert self._field is not None
        field = FIELDS.get((element.vocabulary, element.name))
        if field is None or element.vocabulary == "xhtml":
            return False
        if self._field[0] in CONTENT or self._field[0] == "author":
            return False
        return field != self._field[0] or element.name != "title"

    def _keep(self, field: str, element: Element) -> None:
        text = "".join(self._chunks)
        self._target().add(field, text, element, self.elements)

    def _target(self) -> Values:
        return self._titles if self._entry is None else self._values

    # ------------------------------------------------------------------ the document

    def _open_root(self, element: Element) -> None:
        if element.name in ROOTS and element.vocabulary in (CORE, "rdf"):
            self._root = (element.name, element.raw)
            self._version = self.elements.attributes(element).get("version")

    def _kind(self) -> tuple[ListingKind | None, str | None]:
        if self._root is None:
            return None, None
        name, raw = self._root
        lower = raw.lower()
        if name in ("feed", "entry"):
            old = self._version or ("0.3" if "purl.org/atom" in lower else "1.0")
            return "atom", old
        if name == "rdf":
            if not self.entries and not self._titles.seen and "rss" not in lower:
                return None, None
            return "rss", next((v for mark, v in _RSS_BY_ADDRESS if mark in lower), "1.0")
        if name == "channel" and "href" in lower:
            return "cdf", None
        return "rss", plain(self._version)

    def _stop(self, reason: str) -> None:
        self._notes.append(f"{reason}: what follows was not read")
        self.full = True


def _holds_xml(attributes: dict[str, str]) -> bool:
    kind = attributes.get("type", "").lower()
    return kind == "xhtml" or kind.endswith("xml") or attributes.get("mode", "").lower() == "xml"
