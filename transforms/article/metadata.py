"""What a page says of itself for machines: JSON-LD, OpenGraph and other meta tags, microdata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from transforms.article.model import DateCandidate

ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle",
        "BackgroundNewsArticle", "OpinionNewsArticle", "ReviewNewsArticle", "BlogPosting",
        "LiveBlogPosting", "SocialMediaPosting", "TechArticle", "ScholarlyArticle", "Report",
    }
)  # fmt: skip

_DATE_META = (
    "article:published_time", "og:published_time", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "pubdate", "publishdate",
    "publish-date", "publication_date", "citation_publication_date", "cxenseparse:recs:publishtime",
    "article.published", "date", "og:article:published_time", "bt:pubdate",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "dcterms.modified", "lastmod")
_AUTHOR_META = ("author", "article:author_name", "parsely-author", "dc.creator", "sailthru.author",
                "byl", "twitter:creator:name", "citation_author", "cxenseparse:author",
                "twitter:misc:written by")  # fmt: skip

_AUTHOR_LABEL = re.compile(
    r"(?:written by|author|by|verfasst von|geschrieben von|von|écrit par|auteur|escrito por|autor|"
    r"scritto da|autore|geschreven door|yazan|skrevet av|skriven av)\W*", re.I
)  # fmt: skip
# short elements whose class or id says that they hold the author
_AUTHOR_MARK = (
    '//*[@class[contains(., "uthor") or contains(., "byline") or contains(., "autor")] or '
    '@id[contains(., "author")]]'
)
_BYLINE_LENGTH = 120


@dataclass
class Metadata:
    """What was found, each list best first."""

    headlines: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    structured_authors: list[str] = field(default_factory=list)
    """Of JSON-LD, where each entry is one author."""
    organisations: list[str] = field(default_factory=list)
    """Named as author, but no people: a publisher or an agency."""
    dates: list[DateCandidate] = field(default_factory=list)
    story: str | None = None
    """The text of the article as JSON-LD has it, which may be cut short or wrong."""
    site: str | None = None
    url: str | None = None
    language: str | None = None


def read_metadata(tree: HtmlElement) -> Metadata:
    """The metadata of a parsed page; what is broken is passed over."""
    found = Metadata()
    nodes = list(_json_ld(tree))
    known = {
        key: node for node in nodes if isinstance(key := node.get("@id"), str) and "name" in node
    }
    for node in nodes:
        _take_article(node | {"author": _resolve(node.get("author"), known)}, found)
    metas = _metas(tree)
    for name in ("og:title", "twitter:title", "parsely-title"):
        found.headlines += metas.get(name, [])
    for name in _DATE_META:
        found.dates += [DateCandidate(f"meta:{name}", v) for v in metas.get(name, [])]
    for name in _MODIFIED_META:
        found.dates += [DateCandidate("meta:article:modified_time", v) for v in metas.get(name, [])]
    for name in _AUTHOR_META:
        found.authors += metas.get(name, [])
    found.authors += _written_by(metas)
    found.site = next(iter(metas.get("og:site_name", [])), None)
    found.url = _canonical(tree) or next(iter(metas.get("og:url", [])), None)
    found.language = tree.get("lang") or next(iter(metas.get("og:locale", [])), None)
    _take_microdata(tree, found)
    _take_visible(tree, found)
    found.headlines = [_squeeze(unescape(h)) for h in found.headlines]
    found.authors = [_squeeze(unescape(a)) for a in found.authors]
    found.structured_authors = [_squeeze(unescape(a)) for a in found.structured_authors]
    found.organisations = [_squeeze(unescape(o)) for o in found.organisations]
    return found


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        if content:
            for attribute in ("property", "name", "itemprop"):
                name = meta.get(attribute)
                if name:
                    metas.setdefault(name.lower(), []).append(content)
    return metas


def _written_by(metas: dict[str, list[str]]) -> list[str]:
    """Authors of the preview cards, where numbered labels say what the numbered data are."""
    return [
        name
        for number in ("1", "2")
        if any(_AUTHOR_LABEL.fullmatch(v) for v in metas.get(f"twitter:label{number}", []))
        for name in metas.get(f"twitter:data{number}", [])
    ]


def _canonical(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            return str(link.get("href")).strip()
    return None


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every JSON object in the page's JSON-LD, outer ones first."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            text = (script.text or "").strip()
            yield from _objects(_parse_json(text), 0)


def _parse_json(text: str) -> Any:
    """The JSON, also where it is wrapped in a comment or has trailing commas or raw line breaks."""
    text = re.sub(r"^(<!--|//<!\[CDATA\[|<!\[CDATA\[)|(-->|//\]\]>|\]\]>)$", "", text).strip(" \n;")
    for attempt in (text, re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(node, list):
        for item in node:
            yield from _objects(item, depth + 1)
    elif isinstance(node, dict):
        yield node
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _objects(node.get(key), depth + 1)


def _take_article(node: dict[str, Any], found: Metadata) -> None:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if not ARTICLE_TYPES.intersection(k for k in kinds if isinstance(k, str)):
        return
    found.headlines += _strings(node.get("headline")) or _strings(node.get("name"))
    names = _names(node.get("author"))
    found.authors += names
    found.structured_authors += names
    for key in ("datePublished", "dateCreated"):
        found.dates += [DateCandidate(f"jsonld:{key}", v) for v in _strings(node.get(key))]
    found.organisations += _organisations(node.get("author"))
    if found.story is None:
        found.story = next(iter(_strings(node.get("articleBody"))), None)
    modified = _strings(node.get("dateModified"))
    found.dates += [DateCandidate("jsonld:dateModified", v) for v in modified]


def _resolve(value: Any, known: Mapping[str, dict[str, Any]]) -> Any:
    """`value` with what it refers to by @id in place of the references."""
    if isinstance(value, list):
        return [_resolve(item, known) for item in value]
    key = value.get("@id") if isinstance(value, dict) and "name" not in value else None
    return known.get(key, value) if isinstance(key, str) else value


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list):
        return [s for item in value for s in _strings(item)]
    return []


def _names(value: Any) -> list[str]:
    """Names of people in an author value; organisations as authors are no people."""
    if isinstance(value, dict):
        return [] if value.get("@type") == "Organization" else _strings(value.get("name"))
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    return _strings(value)


def _organisations(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    named = (v for v in values if isinstance(v, dict) and v.get("@type") == "Organization")
    return [name for v in named for name in _strings(v.get("name"))]


def _take_microdata(tree: HtmlElement, found: Metadata) -> None:
    for element in tree.xpath('//*[@itemprop="datePublished" or @itemprop="dateModified"]'):
        value = element.get("datetime") or element.get("content") or element.text_content()
        if value and value.strip():
            method = f"microdata:{element.get('itemprop')}"
            found.dates.append(DateCandidate(method, value.strip()[:100]))


def _take_visible(tree: HtmlElement, found: Metadata) -> None:
    """The parts of the page that readers see and that carry a machine-readable mark."""
    found.headlines += [_squeeze(h.text_content()) for h in tree.iter("h1")][:3]
    for time in tree.iter("time"):
        if time.get("datetime"):
            found.dates.append(DateCandidate("time:datetime", time.get("datetime")))
    for element in tree.xpath('//*[@rel="author" or @itemprop="author"]')[:10]:
        found.authors.append(_squeeze(element.text_content()))
    for element in tree.xpath(_AUTHOR_MARK)[:5]:
        byline = _squeeze(element.text_content())
        if element.tag not in ("script", "style") and len(byline) <= _BYLINE_LENGTH:
            found.authors.append(byline)
    title = tree.findtext(".//title")
    if title:
        found.headlines.append(_squeeze(title))


def _squeeze(text: str) -> str:
    return " ".join(text.split())
