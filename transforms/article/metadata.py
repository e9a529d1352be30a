"""What a page says of itself: JSON-LD, OpenGraph and other other meta tags, microdata, marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

from lxml import etree
from lxml.html import HtmlElement

from transforms.article.corrections import load_openings
from transforms.article.linked import (
    Node,
    bare_url,
    find_accounts,
    find_articles,
    find_organisations,
    find_people,
    fold,
    known_by_id,
    read_linked,
    resolve,
    strings,
    types_of,
)
from transforms.article.model import DateCandidate

_DATE_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "og:pubdate",
    "article:published", "article.published", "article:publish_date", "article:post_date",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date", "dcterms.date", "dc.date.created", "datepublished", "date_published", "pubdate",
    "publishdate", "publish-date", "publish_date", "publishtime", "published", "published-date",
    "published_date", "published_at", "publication_date", "publication-date", "publicationdate",
    "citation_publication_date", "citation_date", "prism.publicationdate", "rnews:datepublished",
    "cxenseparse:recs:publishtime", "displaydate", "originalpublicationdate",
    "article_date_original",
    "iso-8601-publish-date", "bt:pubdate", "ptime", "article:created", "article.created", "date",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "article:updated",
    "article.updated", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified",
    "lastmod", "revised",
)  # fmt: skip
_AUTHOR_META = (
    "author", "article:author_name", "article:author", "og:article:author", "articleauthor",
    "parsely-author", "dc.creator", "dcterms.creator", "dc.contributor", "sailthru.author",
    "authors", "author_name", "byl", "byline", "rnews:author", "rbauthors", "vr:author",
    "shareaholic:article_author_name", "twitter:creator:name", "citation_author",
    "cxenseparse:author", "twitter:misc:written by",
)  # fmt: skip
_TITLE_META = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")
_SITE_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher",
              "publisher", "copyright", "twitter:app:name:iphone")  # fmt: skip
_SECTION_META = ("article:section", "og:article:section", "articlesection", "section",
                 "parsely-section", "category")  # fmt: skip
_LANGUAGE_META = ("og:locale", "content-language", "language", "dc.language", "inlanguage")
# what asks not to be used for training or kept; https://www.w3.org/community/reports/tdmrep/
_RESERVED = frozenset({"noai", "noimageai", "noarchive"})
_CRAWLER = re.compile(r"(?:robots|[a-z-]*bot|google-extended)")
_TDM = ("tdm-reservation", "tdm-policy")

_AUTHOR_LABEL = re.compile(
    r"(?:written by|author|by|verfasst von|geschrieben von|von|écrit par|auteur|escrito por|autor|"
    r"scritto da|autore|geschreven door|yazan|skrevet av|skriven av|napsal|autor[ae]s?)\W*", re.I
)  # fmt: skip
# the class or id of elements that hold the author
_AUTHOR_MARK = re.compile(r"uthor|byline|autor")
_UNREAD = frozenset({"script", "style"})
_HEADINGS = frozenset({"h2", "h3"})
_PROPERTIES = frozenset({"author", "headline", "datePublished", "dateModified"})
_BYLINE_LENGTH = 120
_BY = re.compile(
    r"\s*(?i:by|von|par|por|door|text|words|reporter|written by|story by|escrito por)\b[:\s]\s*"
    r"(?:[^\W\d_a-zß-ÿ]|$)"
)
_TELLING = frozenset({"p", "span", "div", "address", "h2", "h3", "em", "i", "b", "strong"})
_NOTICE_LENGTH = 1000
_HEADLINE_LENGTH = 1000
_DATES = 100
_MOST = 30
"""Marked elements of one kind that are read: articles have a few, and each is read in whole."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


@dataclass
class Metadata:
    """What was found, each list best first."""

    stated_headlines: list[str] = field(default_factory=list)
    """Of JSON-LD."""
    shared_headlines: list[str] = field(default_factory=list)
    """Of OpenGraph and other previews."""
    headings: list[str] = field(default_factory=list)
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    structured_authors: list[str] = field(default_factory=list)
    """Of JSON-LD, where each entry is one author."""
    organisations: list[str] = field(default_factory=list)
    """Named as author, but no people: a publisher or an agency."""
    dates: list[DateCandidate] = field(default_factory=list)
    story: str | None = None
    """The text of the article as JSON-LD has it, which may be cut short or wrong."""
    sites: list[str] = field(default_factory=list)
    """Names of the site, its publisher and its general accounts."""
    sections: list[str] = field(default_factory=list)
    url: str | None = None
    languages: list[str] = field(default_factory=list)
    """Tags as written, such as ``en-GB`` or ``de_DE``."""
    reservations: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """Elements that begin like the notice of a correction or an update."""

    @property
    def headlines(self) -> list[str]:
        """All that are the headline or resemble it."""
        title = [self.title] if self.title else []
        return [*self.stated_headlines, *self.shared_headlines, *self.headings, *title]

    def names_of_nobody(self) -> frozenset[str]:
        """What the site and its sections are called, as `fold` gives it, and its host."""
        host = bare_url(self.url or "").split("/")[0].split(":")[0]
        labels = [host, *host.split(".")[:-1]]
        return frozenset(map(fold, [*self.sites, *self.sections, *labels])) - {""}


def read_metadata(tree: HtmlElement, *, url: str | None = None) -> Metadata:
    """The metadata of a parsed page, fetched from `url`; what is broken is passed over."""
    found = Metadata()
    # an element's Python object is made anew each time it is met, unless something holds it
    elements = list(tree.iter(etree.Element))
    metas = _metas(tree)
    found.url = _canonical(tree) or next(iter(metas.get("og:url", [])), None)
    for name in _TITLE_META:
        found.shared_headlines += metas.get(name, [])
    for name in _DATE_META:
        found.dates += [DateCandidate(f"meta:{name}", v) for v in metas.get(name, [])]
    for name in _MODIFIED_META:
        found.dates += [DateCandidate(f"meta:{name}", v) for v in metas.get(name, [])]
    for name in _AUTHOR_META:
        found.authors += metas.get(name, [])
    found.authors += _written_by(metas)
    for name in _SITE_META:
        found.sites += metas.get(name, [])
    for name in _SECTION_META:
        found.sections += metas.get(name, [])
    found.languages = [tag for tag in (tree.get("lang"), tree.get("xml:lang")) if tag]
    for name in _LANGUAGE_META:
        found.languages += metas.get(name, [])
    found.languages += _alternates(tree, found.url)
    found.reservations = _reservations(metas)
    _take_headings(tree, found)
    _take_linked(tree, found, url)
    _take_marked(elements, found)
    for values in (
        found.stated_headlines, found.shared_headlines, found.authors, found.structured_authors,
        found.organisations, found.sites,
    ):  # fmt: skip
        values[:] = [_squeeze(_TAG.sub(" ", unescape(value))) for value in values]
    for headlines in (found.stated_headlines, found.shared_headlines, found.headings):
        headlines[:] = [h for h in headlines if len(h) <= _HEADLINE_LENGTH][:_MOST]
    found.dates = found.dates[:_DATES]
    found.authors = list(dict.fromkeys(found.authors))
    return found


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        if content:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                name = meta.get(attribute)
                if name:
                    metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _written_by(metas: dict[str, list[str]]) -> list[str]:
    """Authors of the preview cards, where numbered labels say what the numbered data are."""
    return [
        name
        for number in ("1", "2")
        if any(_AUTHOR_LABEL.fullmatch(v) for v in metas.get(f"twitter:label{number}", []))
        for name in metas.get(f"twitter:data{number}", [])
    ]


def _reservations(metas: dict[str, list[str]]) -> list[str]:
    """What the page asks of those who would mine it, as ``name:value``, each once."""
    asked = [
        f"{name}:{token}"
        for name, values in metas.items()
        if _CRAWLER.fullmatch(name)
        for value in values
        for token in re.split(r"[\s,;]+", value.lower())
        if token in _RESERVED
    ]
    asked += [f"{name}:{value}" for name in _TDM for value in metas.get(name, [])]
    return list(dict.fromkeys(asked))


def _canonical(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href")).strip()
    return None


def _alternates(tree: HtmlElement, url: str | None) -> list[str]:
    """The language that the page's links to its translations give for itself."""
    own = bare_url(url) if url else None
    return [
        link.get("hreflang")
        for link in tree.iter("link")
        if link.get("hreflang") and own and bare_url(link.get("href") or "") == own
    ]


def _take_headings(tree: HtmlElement, found: Metadata) -> None:
    headings = (_squeeze(" ".join(h.itertext())) for h in tree.iter("h1"))
    found.headings = [h for h in headings if h][:5]
    found.title = _squeeze(tree.findtext(".//title") or "")[:_HEADLINE_LENGTH] or None


def _take_linked(tree: HtmlElement, found: Metadata, url: str | None) -> None:
    nodes = read_linked(tree)
    known = known_by_id(nodes)
    urls = {bare_url(u) for u in (found.url, url) if u}
    titles = {fold(unescape(h)) for h in (*found.shared_headlines, *found.headings)}
    articles = find_articles(nodes, urls, titles)
    for node in articles:
        _take_article(node | {"author": resolve(node.get("author"), known)}, found)
        publisher = resolve(node.get("publisher"), known)
        found.sites += strings(publisher.get("name") if isinstance(publisher, dict) else publisher)
    for node in nodes:
        kinds = types_of(node)
        if kinds & {"WebSite", "NewsMediaOrganization"}:
            found.sites += strings(node.get("name"))
        if "WebPage" in kinds:
            found.dates += _dates(node, "jsonld:WebPage.")


def _take_article(node: Node, found: Metadata) -> None:
    headlines = strings(node.get("headline")) or strings(node.get("name"))
    found.stated_headlines += headlines
    people = find_people(node.get("author")) or find_people(node.get("creator"))
    found.authors[:0] = people
    found.structured_authors += people
    found.organisations += find_organisations(node.get("author"))
    found.sites += find_accounts(node.get("author"))
    found.sections += strings(node.get("articleSection"))
    found.dates += _dates(node, "jsonld:")
    found.languages += strings(node.get("inLanguage"))
    notices = node.get("correction")
    for notice in notices if isinstance(notices, list) else [notices]:
        found.notices += strings(notice.get("text") if isinstance(notice, dict) else notice)
    if found.story is None:
        found.story = next(iter(strings(node.get("articleBody"))), None)


def _dates(node: Node, method: str) -> list[DateCandidate]:
    return [
        DateCandidate(f"{method}{key}", value)
        for key in ("datePublished", "dateCreated", "dateModified")
        for value in strings(node.get(key))
    ]


def _take_marked(elements: Sequence[HtmlElement], found: Metadata) -> None:
    """What elements say by their attributes, or by the word they begin with."""
    bylines: list[str] = []
    marked = Counter[str]()
    begins_notice = load_openings().match
    for element in elements:
        properties, rel, tag = element.get("itemprop"), element.get("rel"), element.tag
        if (properties or rel == "author") and marked["property"] < _MOST:
            marked["property"] += _take_property(element, (properties or rel).split(), found)
        mark = element.get("class") or element.get("id")
        if mark and _AUTHOR_MARK.search(mark) and tag not in _UNREAD and marked["class"] < 5:
            marked["class"] += 1
            bylines += _short(element)
        if tag == "time" and element.get("datetime") and marked["time"] < _MOST:
            marked["time"] += 1
            updated = mark is not None and ("update" in mark or "modif" in mark)
            method = "time:updated" if updated else "time:datetime"
            found.dates.append(DateCandidate(method, element.get("datetime")))
        text = element.text if tag in _TELLING else None
        if not text:
            continue
        if marked["by"] < 5 and _BY.match(text):
            marked["by"] += 1
            bylines += _short(element) or [_squeeze(text).rstrip(" ,|·")]
        if tag not in _HEADINGS and marked["notice"] < _MOST and begins_notice(text):
            marked["notice"] += 1
            found.notices += _notice(element)
    found.authors += bylines


def _take_property(element: HtmlElement, properties: Sequence[str], found: Metadata) -> int:
    """Take what a property of microdata says; how many were taken."""
    known = [name for name in properties if name in _PROPERTIES]
    if not known:
        return 0
    stated = element.get("datetime") or element.get("content")
    value = _squeeze(stated or element.text_content())
    for name in known if value else ():
        if name == "author":
            found.authors.append(value[:_BYLINE_LENGTH])
        elif name == "headline":
            found.shared_headlines.append(value)
        else:
            found.dates.append(DateCandidate(f"microdata:{name}", value[:100]))
    return 1


def _notice(element: HtmlElement) -> list[str]:
    """The notice that an element begins; a pointer to another story may begin so too."""
    if next(element.iterancestors("a", "nav"), None) is not None:
        return []
    notice = _squeeze(_block(element).text_content())
    return [notice] if len(notice) <= _NOTICE_LENGTH else []


def _block(element: HtmlElement) -> HtmlElement:
    """The element itself, or the block whose first words it sets apart: **Correction:** ..."""
    parent = element.getparent()
    inline = element.tag in ("span", "em", "i", "b", "strong")
    return parent if inline and parent is not None and not (parent.text or "").strip() else element


def _short(element: HtmlElement) -> list[str]:
    """The element's text, where it is no longer than a byline."""
    text = _squeeze(element.text_content())
    return [text] if text and len(text) <= _BYLINE_LENGTH else []


def _squeeze(text: str) -> str:
    return " ".join(text.split())
