"""The JSON-LD of a page: its objects, and which of them are the article that the page is about."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle",
        "AskPublicNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle", "ReviewNewsArticle",
        "AdvertiserContentArticle", "SatiricalArticle", "BlogPosting", "LiveBlogPosting",
        "SocialMediaPosting", "TechArticle", "ScholarlyArticle", "Report",
    }
)  # fmt: skip
_HOLD = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_DEPTH = 6
# accounts of a content management system that are nobody in particular
_ACCOUNT = re.compile(
    r"/(?:authors?|autor(?:en)?|user|profile)/(?:admin\w*|editors?|editorial|newsroom|news|staff|"
    r"redak\w*|redac\w*|webmaster|root|user\d*|web)/?$",
    re.I,
)


def read_linked(tree: HtmlElement) -> list[Node]:
    """Every object in the page's JSON-LD, outer ones first; what is broken is passed over."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            nodes += _objects(parse_json((script.text or "").strip()), 0)
    return nodes


def parse_json(text: str) -> Any:
    """The JSON, also where it is wrapped in a comment or has trailing commas or raw line breaks."""
    text = re.sub(r"^(<!--|//<!\[CDATA\[|<!\[CDATA\[)|(-->|//\]\]>|\]\]>)$", "", text).strip(" \n;")
    for attempt in (text, re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(node: Any, depth: int) -> Iterator[Node]:
    if depth > _DEPTH:
        return
    if isinstance(node, list):
        for item in node:
            yield from _objects(item, depth + 1)
    elif isinstance(node, dict):
        yield node
        for key in _HOLD:
            yield from _objects(node.get(key), depth + 1)


def find_articles(nodes: list[Node], urls: Collection[str], titles: Collection[str]) -> list[Node]:
    """The objects that tell of the page's own article; those of related stories are left out.

    Of several, those that have the page's address or its headline; else the first one.

    Args:
        nodes: all objects of the page.
        urls: the page's addresses, as `bare_url` gives them.
        titles: its headlines elsewhere, as `fold` gives them.
    """
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    if len(articles) < 2:
        return articles
    own = [
        node for node in articles
        if any(bare_url(url) in urls for url in _addresses(node))
        or any(fold(headline) in titles for headline in strings(node.get("headline")))
    ]  # fmt: skip
    return own or articles[:1]


def types_of(node: Any) -> set[str]:
    """The types of an object; empty where it is none."""
    kinds = node.get("@type") if isinstance(node, dict) else None
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rsplit("/", 1)[-1] for kind in kinds if isinstance(kind, str)}


def _addresses(node: Node) -> list[str]:
    page = node.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    return [a for value in (node.get("url"), node.get("@id"), page) for a in strings(value)]


def bare_url(url: str) -> str:
    """`url` without scheme, www, query, fragment and last slash: what one page has in common."""
    return re.sub(r"^https?://(?:www\.)?", "", re.split(r"[?#]", url.strip())[0]).rstrip("/")


def fold(text: str) -> str:
    """The letters and digits of `text`, without case: what two spellings of one title share."""
    return "".join(filter(str.isalnum, text.casefold()))


def known_by_id(nodes: list[Node]) -> dict[str, Node]:
    """The named objects that others refer to by ``@id``."""
    return {
        key: node for node in nodes if isinstance(key := node.get("@id"), str) and "name" in node
    }


def resolve(value: Any, known: Mapping[str, Node]) -> Any:
    """`value` with what it refers to by ``@id`` in place of the references."""
    if isinstance(value, list):
        return [resolve(item, known) for item in value]
    key = value.get("@id") if isinstance(value, dict) and "name" not in value else None
    return known.get(key, value) if isinstance(key, str) else value


def strings(value: Any) -> list[str]:
    """The strings in a value or list, stripped; none of them empty."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list):
        return [s for item in value for s in strings(item)]
    return []


def find_people(value: Any) -> list[str]:
    """Names of people in an author value; organisations and general accounts are no people."""
    if isinstance(value, dict):
        return [] if _is_nobody(value) else _names(value)
    if isinstance(value, list):
        return [name for item in value for name in find_people(item)]
    return strings(value)


def find_organisations(value: Any) -> list[str]:
    """Names of the other kind in an author value."""
    values = value if isinstance(value, list) else [value]
    return [name for v in values if isinstance(v, dict) and _is_nobody(v) for name in _names(v)]


def find_accounts(value: Any) -> list[str]:
    """Names in an author value of accounts that no one person writes from."""
    values = value if isinstance(value, list) else [value]
    return [name for v in values if isinstance(v, dict) and _is_account(v) for name in _names(v)]


def _is_nobody(value: Node) -> bool:
    return any(kind.endswith("Organization") for kind in types_of(value)) or _is_account(value)


def _is_account(value: Node) -> bool:
    return any(_ACCOUNT.search(a) for k in ("@id", "url") for a in strings(value.get(k)))


def _names(value: Node) -> list[str]:
    found = strings(value.get("name"))
    if found:
        return found
    parts = [part for key in ("givenName", "familyName") for part in strings(value.get(key))]
    return [" ".join(parts)] if len(parts) == 2 else []
