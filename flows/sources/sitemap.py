"""Sitemaps, sitemap indexes and Google News sitemaps; well-formed or nearly."""

from __future__ import annotations

from flows.sources.elements import MAX_DEPTH, Element, Elements
from flows.sources.entry import MAX_ENTRIES, Entry, Listing
from flows.sources.markup import Entities, give_markup
from flows.sources.plain import plain, plain_url
from flows.sources.source import SourceError
from flows.sources.vocabulary import CORE
from transforms.article.model import DateCandidate

ROOTS = ("urlset", "sitemapindex")
_HOLDERS = ("url", "sitemap")
_FIELDS = {
    (CORE, "loc"): "loc", (CORE, "lastmod"): "lastmod", ("news", "title"): "title",
    ("news", "publication_date"): "published",
}  # fmt: skip
_MAX_VALUE = 8_000


def read_sitemap(text: str, url: str) -> Listing:
    """The pages, or sitemaps, that a sitemap lists.

    Args:
        text: decoded and cleaned.
        url: where it was found.

    Raises:
        SourceError: ``not_a_sitemap``.
    """
    entities = Entities()
    reader = _Reader(url if "://" in url else "", entities)
    give_markup(text, entities, reader)
    return reader.listing(url)


class _Reader:
    """Takes in tags and texts, and gives the entries they make."""

    def __init__(self, url: str, entities: Entities) -> None:
        self.elements = Elements(url, entities)
        self.full = False
        self._root: Element | None = None
        self._entries: list[Entry] = []
        self._news = False
        self._notes: list[str] = []
        self._holder: Element | None = None
        self._values: dict[str, str] = {}
        self._field: tuple[str, Element] | None = None
        self._chunks: list[str] = []

    def start(self, tag: str, raw: str) -> None:
        element = self.elements.make(tag, raw)
        if self._root is None:
            self._root = element if element.name in ROOTS else None
            # what stands before it is none of its outer elements
        elif element.name in _HOLDERS and element.vocabulary == CORE:
            if self._holder is not None:
                self._close_to(self._holder)
                element = self.elements.make(tag, raw)
            self._holder, self._values = element, {}
        elif self._holder is not None:
            field = _FIELDS.get((element.vocabulary, element.name))
            if field is not None:
                if self._field is not None:
                    self._close_to(self._field[1])
                self._field, self._chunks = (field, element), []
            self._news = self._news or element.vocabulary == "news"
        if len(self.elements) >= MAX_DEPTH or len(self._entries) >= MAX_ENTRIES:
            self._notes.append("it is too long or too deep: what follows was not read")
            self.full = True
        self.elements.push(element)

    def end(self, tag: str) -> None:
        if self.elements.is_open(tag):
            while self._closed(self.elements.pop()).tag != tag:
                pass

    def text(self, value: str) -> None:
        if self._field is not None:
            self._chunks.append(value[:_MAX_VALUE])

    def listing(self, url: str) -> Listing:
        """What was read.

        Raises:
            SourceError: it was no sitemap.
        """
        while self.elements.stack:
            self._closed(self.elements.pop())
        if self._root is None:
            raise SourceError(url, "not_a_sitemap", "this XML is no sitemap")
        declared = not self._entries and "sitemap-news" in self._root.raw
        kind = "news-sitemap" if self._news or declared else "sitemap"
        return Listing(
            "sitemap-index" if self._root.name == "sitemapindex" else kind,  # type: ignore[arg-type]
            entries=tuple(self._entries),
            notes=tuple(self._notes),
        )

    def _close_to(self, last: Element) -> None:
        while self._closed(self.elements.pop()) is not last:
            pass

    def _closed(self, element: Element) -> Element:
        if self._field is not None and element is self._field[1]:
            value = "".join(self._chunks)[:_MAX_VALUE].strip()
            if value:
                self._values.setdefault(self._field[0], value)
            self._field = None
        if element is self._holder:
            self._entries.append(_entry(self._values, element.base))
            self._holder = None
        return element


def _entry(values: dict[str, str], base: str) -> Entry:
    published, updated = plain(values.get("published")), plain(values.get("lastmod"))
    stated = (("sitemap:news", published), ("sitemap:lastmod", updated))
    return Entry(
        title=plain(values.get("title")),
        link=plain_url(values.get("loc"), base),
        published=published,
        updated=updated,
        dates=tuple(DateCandidate(method, value) for method, value in stated if value),
    )
