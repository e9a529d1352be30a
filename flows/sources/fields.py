"""What the elements of an entry mean, and which of several counts."""

from __future__ import annotations

import re

from flows.sources.elements import Element, Elements
from flows.sources.entry import Entry
from flows.sources.plain import plain, plain_id, plain_url
from flows.sources.vocabulary import CORE
from transforms.article.model import DateCandidate

# (vocabulary, local name) to field; dates keep apart what is said of publishing and of changing
FIELDS = {
    (CORE, "title"): "title", ("dc", "title"): "dc:title", (CORE, "link"): "link",
    (CORE, "guid"): "guid", (CORE, "id"): "id", ("dc", "identifier"): "dc:identifier",
    (CORE, "pubdate"): "published", (CORE, "published"): "published", (CORE, "issued"): "issued",
    ("dcterms", "issued"): "issued", ("dcterms", "available"): "issued", ("dc", "date"): "dc:date",
    (CORE, "date"): "dc:date", (CORE, "created"): "created", ("dcterms", "created"): "created",
    (CORE, "updated"): "updated", (CORE, "modified"): "updated", ("dcterms", "modified"): "updated",
    (CORE, "lastbuilddate"): "updated",
    (CORE, "author"): "author", ("dc", "creator"): "author", (CORE, "creator"): "author",
    ("itunes", "author"): "itunes:author",
    (CORE, "description"): "description", (CORE, "summary"): "summary",
    (CORE, "abstract"): "summary", ("dc", "description"): "dc:description",
    ("itunes", "summary"): "itunes:summary", (CORE, "content"): "content",
    ("content", "encoded"): "content", ("xhtml", "body"): "content", ("xhtml", "div"): "content",
}  # fmt: skip
CONTENT = frozenset({"description", "summary", "dc:description", "itunes:summary", "content"})
"""Fields that may hold markup of any kind."""

_TITLES = ("title", "dc:title")
_SUMMARIES = ("summary", "description", "dc:description", "itunes:summary", "content")
_PUBLISHED = ("published", "issued", "dc:date", "created")
_METHODS = {"issued": "published", "dc:date": "published"}
_MAIL_NAME = re.compile(r"[^\s@()]+@[^\s@()]+\s*\(([^()]+)\)")
MAX_AUTHORS = 50


class Values:
    """The values of one entry under way: the first of each field that says something counts."""

    def __init__(self) -> None:
        self.seen = False
        self._first: dict[str, str] = {}
        self._authors: list[str] = []
        self._name: str | None = None
        self._base: dict[str, str] = {}
        self._permanent = True

    def first(self, *fields: str) -> str | None:
        """The value of the first of these fields that has one."""
        return next((self._first[f] for f in fields if f in self._first), None)

    def base(self, field: str) -> str:
        """The address that a field's value is relative to."""
        return self._base.get(field, "")

    @property
    def permanent(self) -> bool:
        """Whether the guid may be an address (RSS 2.0, isPermaLink)."""
        return self._permanent

    @property
    def authors(self) -> str | None:
        """All authors in order, each once."""
        names = [n for a in self._authors if (n := plain(_MAIL_NAME.sub(r"\1", a)))]
        return ", ".join(dict.fromkeys(names)) or None

    def start(self, element: Element, found: dict[str, str]) -> None:
        """Take in the attributes of the entry's own element (RSS 1.0 and CDF)."""
        self._put("about", found.get("rdf:about", found.get("about", "")), element)
        self._put("href", found.get("href", ""), element)
        self._put("updated", found.get("lastmod", ""), element)

    def link(self, element: Element, found: dict[str, str]) -> None:
        """Take in an Atom link; those to other things than the page are left out."""
        relation = found.get("rel", "alternate").strip().lower().rpartition("/")[2]
        if relation not in ("alternate", "") or not found.get("href", "").strip():
            return
        kind = found.get("type", "").lower()
        html = "html" in kind or not kind
        self._put("link:html" if html else "link:other", found["href"], element)

    def add(self, field: str, text: str, element: Element, elements: Elements) -> None:
        """Take in the text of a field that has ended."""
        if field == "name":
            self._name = text
        elif field == "author":
            name = self._name if self._name and self._name.strip() else text
            self._name = None
            if name.strip() and len(self._authors) < MAX_AUTHORS:
                self._authors.append(name)
        elif field == "guid":
            mark = elements.attributes(element).get("ispermalink", "true")
            self._permanent = mark.strip().lower() != "false"
            self._put(field, text, element)
        else:
            self._put(field, text, element)

    def _put(self, field: str, text: str, element: Element) -> None:
        self.seen = True
        if text.strip() and field not in self._first:
            self._first[field] = text
            self._base[field] = element.base


def to_entry(values: Values, document: str, home: str | None) -> Entry:
    """The entry that the values make.

    Args:
        document: the address of the feed.
        home: the link of an RSS feed itself, which links are relative to where no base is set.
    """
    dates = {f: text for f in (*_PUBLISHED, "updated") if (text := plain(values.first(f)))}
    published = next((dates[f] for f in _PUBLISHED if f in dates), None)
    stated = [(f"feed:{_METHODS.get(f, f)}", text) for f, text in dates.items()]
    return Entry(
        title=next((t for f in _TITLES if (t := plain(values.first(f)))), None),
        link=_link(values, document, home),
        id=plain_id(values.first("id", "guid", "about", "dc:identifier")),
        published=published,
        updated=dates.get("updated"),
        author=values.authors or plain(values.first("itunes:author")),
        summary=next((t for f in _SUMMARIES if (t := plain(values.first(f)))), None),
        dates=tuple(DateCandidate(method, text) for method, text in dict.fromkeys(stated)),
    )


def _link(values: Values, document: str, home: str | None) -> str | None:
    for field in ("link", "link:html", "link:other", "href"):
        text, base = values.first(field), values.base(field)
        if home and base == document:
            base = plain_url(home, document) or base
        if text and (url := plain_url(text, base)):
            return url
    whole = [values.first("guid") if values.permanent else None]
    whole += [values.first("about"), values.first("id"), values.first("dc:identifier")]
    return next((u for t in whole if t and (u := plain_url(t)) and u.startswith("http")), None)
