"""An HTML page to an article: parsed once, then its metadata and its body are read."""

from __future__ import annotations

import re

import lxml.html
import py3langid
from courlan import clean_url
from htmldate import find_date
from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement

from transforms.article.authors import choose_byline, merge_authors
from transforms.article.body import read_body
from transforms.article.dateline import find_credits, find_dateline
from transforms.article.dates import choose_modified, choose_published
from transforms.article.decode import decode
from transforms.article.metadata import Metadata, read_metadata
from transforms.article.model import DateCandidate, Extracted, RawPage, Rejected

VERSION = "2"

SHORTEST = 40
"""Characters below which a page has no article to speak of."""
MOST_ELEMENTS = 100_000
"""Elements from which a page is refused: five times the largest article pages; the readers'
work grows with them."""
_LANGUAGE_NEEDS = 60
_LANGUAGE_READS = 2000
_TAG = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|article|section|main)\b", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def extract_page(page: RawPage) -> Extracted:
    """The article on a page.

    Paragraphs are lines of the text, without trailing space. Nothing of the page's own wording is
    normalised beyond white space.

    Raises:
        Rejected: ``empty``, ``binary``, ``encoding``, ``not_html``, ``unparsable``, ``too_large``
            or ``no_text``.
    """
    html = _CONTROL.sub("", decode(page.body, page.content_type, where=page.url))
    if not _TAG.search(html):
        raise Rejected(
            "not_html", f"{page.url} is no HTML page: give HTML, or name it .txt or .jsonl"
        )
    too_large = Rejected(
        "too_large", f"{page.url} has more than {MOST_ELEMENTS:,} elements: split the page"
    )
    # an element takes up to two tags; what has far more is refused before it fills the memory
    if html.count("<") > 4 * MOST_ELEMENTS:
        raise too_large
    tree = parse_html(html, where=page.url)
    if tree.xpath("count(//*)") > MOST_ELEMENTS:
        raise too_large
    metadata = read_metadata(tree)
    candidates = [*page.dates, *metadata.dates]
    published_at, method = choose_published(candidates, page.fetched_at)
    if published_at is None:
        candidates += _guessed_date(tree, page)
        published_at, method = choose_published(candidates, page.fetched_at)
    headline = _headline(metadata)
    authors = merge_authors(metadata.authors, metadata.structured_authors, site=metadata.site)
    body = read_body(tree, metadata.headlines, metadata.story, authors)
    text, written = body.text, [body.byline] if body.byline else []
    if len(text) < SHORTEST:
        raise Rejected("no_text", f"no article text was found on {page.url}: is it one article?")
    return Extracted(
        url=page.url if page.url.startswith("http") else None,
        canonical_url=canonical_url(metadata.url, page.url),
        text=text,
        headline=headline,
        byline=choose_byline([*metadata.authors, *written, *metadata.organisations]),
        authors=authors or merge_authors(written, (), site=metadata.site),
        dateline=find_dateline(text),
        credits=find_credits("\n".join([text, *body.notices])),
        language=find_language(text) or _declared_language(metadata),
        published_at=published_at,
        published_method=method,
        published_candidates=tuple(dict.fromkeys(candidates)),
        modified_at=choose_modified(candidates, page.fetched_at),
    )


def parse_html(html: str, *, where: str) -> HtmlElement:
    """The page's tree.

    Raises:
        Rejected: ``unparsable``.
    """
    # an encoding declaration in a decoded text is refused by lxml
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    try:
        return lxml.html.document_fromstring(html, ensure_head_body=True)
    except (LxmlError, ParserError, ValueError, AssertionError) as error:
        raise Rejected("unparsable", f"{where} cannot be parsed as HTML: {error}") from error


def _headline(metadata: Metadata) -> str | None:
    for headline in metadata.headlines:
        cleaned = _without_site(" ".join(headline.split()), metadata.site)
        if cleaned:
            return cleaned
    return None


def _without_site(headline: str, site: str | None) -> str:
    """The headline without " | The Gazette" at its end."""
    if site:
        tail = re.compile(rf"\s*[|\-–—·:»]\s*{re.escape(site.strip())}\s*$", re.I)
        headline = tail.sub("", headline)
    return re.sub(r"\s+\|\s+[^|]{2,40}$", "", headline).strip()


def canonical_url(stated: str | None, fetched: str) -> str | None:
    """The page's own address without tracking parameters and fragment; null for a bare file."""
    for url in (stated, fetched):
        if url and url.startswith(("http://", "https://")):
            cleaned: str | None = clean_url(url.strip())
            if cleaned:
                return cleaned.split("#")[0]
    return None


def find_language(text: str) -> str | None:
    """ISO 639-1 of the text; null where it is too short to tell."""
    if len(text) < _LANGUAGE_NEEDS:
        return None
    return str(py3langid.classify(text[:_LANGUAGE_READS])[0])


def _declared_language(metadata: Metadata) -> str | None:
    match = re.match(r"[A-Za-z]{2,3}\b", metadata.language or "")
    return match[0].lower() if match else None


def _guessed_date(tree: HtmlElement, page: RawPage) -> list[DateCandidate]:
    """htmldate's reading of the visible page, where nothing states a date for machines."""
    found = find_date(
        tree,
        url=page.url if page.url.startswith("http") else None,
        original_date=True,
        max_date=page.fetched_at.strftime("%Y-%m-%d"),
        min_date="1990-01-01",
    )
    return [DateCandidate("htmldate:original", found)] if found else []
