"""Every page of the demonstration site, rendered: what the server answers, and nothing of how."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.demo.article import DemoArticle

TEMPLATES = Path(__file__).parent / "templates"
HTML = "text/html; charset=utf-8"
FIRST_DAY = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the server."""

    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        """A strong entity tag of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True, slots=True)
class Outlet:
    """A newspaper with a host of its own."""

    key: str
    name: str
    origin: str
    sections: tuple[str, ...]
    feed: str
    feed_type: str
    disallowed: tuple[str, ...] = ()
    sitemap: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a feed or sitemap that leads to no article."""

    headline: str
    path: str
    url: str
    published: datetime
    language: str = "en"
    byline: str = ""
    standfirst: str = ""

    @property
    def modified(self) -> datetime:
        """Time of the last change."""
        return self.published


def gazette(origin: str) -> Outlet:
    """A large daily: RSS, a news sitemap, a members' area that robots.txt closes."""
    return Outlet(
        key="gazette",
        name="The Merrow Gazette",
        origin=origin,
        sections=("World", "Business", "Sport", "Members"),
        feed="/gazette/rss.xml",
        feed_type="application/rss+xml",
        disallowed=("/gazette/members/",),
        sitemap="/gazette/news-sitemap.xml",
    )


def harbour_post(origin: str) -> Outlet:
    """A local paper: Atom, comments under its stories."""
    return Outlet(
        key="harbour-post",
        name="The Harbour Post",
        origin=origin,
        sections=("Local", "Courts", "Science", "World"),
        feed="/harbour-post/atom.xml",
        feed_type="application/atom+xml",
    )


def path_of(article: DemoArticle) -> str:
    """The address of an article on its outlet's host."""
    if article.members:
        return f"/gazette/members/{article.slug}.html"
    if article.outlet == "gazette":
        return f"/gazette/{article.published:%Y/%m/%d}/{article.slug}.html"
    return f"/harbour-post/{article.section.lower()}/{article.slug}-{_number(article)}"


def render_outlet(outlet: Outlet, articles: Sequence[DemoArticle]) -> dict[str, Page]:
    """Every page of an outlet by its path; the same bytes whenever the origin is the same.

    Args:
        outlet: the newspaper.
        articles: all articles, newest first; those of other outlets are left out.
    """
    own = [_shown(article, outlet) for article in articles if article.outlet == outlet.key]
    changed = max(article["modified"] for article in own)
    pages = {
        article["path"]: Page(
            _render(
                f"{outlet.key}.html.j2",
                outlet=outlet,
                article=article,
                related=_related(article, own),
                breadcrumb=_breadcrumb(outlet, article),
            ),
            HTML,
            article["modified"],
        )
        for article in own
    }
    entries: list[Any] = list(own)
    if outlet.key == "gazette":
        pages |= _broken_pages()
        listed = [article for article in own if article["section"] != "Sport"]
        entries = listed + _dead_ends(outlet)
        pages["/gazette/news-sitemap.xml"] = Page(
            _render("news-sitemap.xml.j2", outlet=outlet, entries=own),
            "application/xml; charset=utf-8",
            changed,
        )
    template = "rss.xml.j2" if outlet.key == "gazette" else "atom.xml.j2"
    pages[outlet.feed] = Page(
        _render(template, outlet=outlet, entries=entries, changed=changed),
        f"{outlet.feed_type}; charset=utf-8",
        changed,
    )
    home = Page(_render("home.html.j2", outlet=outlet, articles=own), HTML, changed)
    pages["/"] = pages[f"/{outlet.key}/"] = home
    pages["/robots.txt"] = Page(
        _render("robots.txt.j2", outlet=outlet), "text/plain; charset=utf-8", FIRST_DAY
    )
    return pages


def _dead_ends(outlet: Outlet) -> list[Entry]:
    """What a feed lists although there is nothing to read: two broken pages and a missing one."""
    found = (
        ("Pictures of the week", BINARY_PAGE),
        ("Live: the vote in Reykjavik", EMPTY_PAGE),
        ("A story that was taken down", MISSING_PAGE),
    )
    return [Entry(title, path, outlet.origin + path, FIRST_DAY) for title, path in found]


BINARY_PAGE = "/gazette/2026/03/04/pictures-of-the-week.html"
EMPTY_PAGE = "/gazette/2026/03/04/live-reykjavik.html"
MISSING_PAGE = "/gazette/2026/03/04/taken-down.html"


def _broken_pages() -> dict[str, Page]:
    """An image that is served as HTML, and a page without a byte."""
    noise = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(64))
    image = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + noise
    return {
        BINARY_PAGE: Page(image, HTML, FIRST_DAY),
        EMPTY_PAGE: Page(b"", HTML, FIRST_DAY),
    }


def _shown(article: DemoArticle, outlet: Outlet) -> dict[str, Any]:
    """The article as its template sees it."""
    path = path_of(article)
    url = outlet.origin + path
    fields = {name: getattr(article, name) for name in _FIELDS}
    fields |= {
        "path": path,
        "origin": outlet.origin,
        "url": url,
        "byline": _credited(article),
        "number": _number(article),
        "comments": _number(article) % 40,
    }
    return fields | {"json_ld": _json_ld(fields, article, outlet)}


_FIELDS = (
    "slug", "headline", "section", "published", "modified", "blocks", "language", "standfirst",
    "agency", "place", "photo", "members", "note",
)  # fmt: skip


def _credited(article: DemoArticle) -> str:
    names = " and ".join(article.authors)
    return " / ".join(part for part in (names, article.agency) if part)


def _json_ld(shown: dict[str, Any], article: DemoArticle, outlet: Outlet) -> dict[str, Any]:
    people = [{"@type": "Person", "name": name} for name in article.authors]
    agency = [{"@type": "Organization", "name": article.agency}] if article.agency else []
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "mainEntityOfPage": shown["url"],
        "url": shown["url"],
        "inLanguage": article.language,
        "datePublished": _iso(article.published),
        "dateModified": _iso(article.modified),
        "articleSection": article.section,
        "author": people + agency,
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "isAccessibleForFree": not article.members,
    }


def _breadcrumb(outlet: Outlet, article: dict[str, Any]) -> dict[str, Any]:
    names = (outlet.name, article["section"])
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": i, "name": name} for i, name in enumerate(names, 1)
        ],
    }


def _related(article: dict[str, Any], own: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [other for other in own if other["slug"] != article["slug"]][:4]


def _number(article: DemoArticle) -> int:
    return 10_000 + int(hashlib.sha256(article.slug.encode()).hexdigest()[:4], 16)


def _render(template: str, **values: Any) -> bytes:
    return _environment().get_template(template).render(**values).encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "iso": _iso,
        "http": http_date,
        "day": lambda moment: f"{moment.day} {moment:%B %Y}",
        "clock": lambda moment: f"{moment:%H:%M}",
    }
    # JSON in a script element stands as it is
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    return environment


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def http_date(moment: datetime) -> str:
    """The time as HTTP and RSS write it."""
    return format_datetime(moment, usegmt=True)
