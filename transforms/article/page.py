"""An HTML page to an article: parsed once, then its metadata and its body are read."""

from __future__ import annotations

import re

import lxml.html
from htmldate import find_date
from lxml import etree
from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement

from transforms.article.address import canonical_url
from transforms.article.authors import choose_byline, merge_authors
from transforms.article.body import read_body
from transforms.article.corrections import find_corrections
from transforms.article.credits import find_credit_lines, find_credits
from transforms.article.dateline import find_dateline
from transforms.article.dates import choose_modified, choose_published, find_url_date, judge_dates
from transforms.article.decode import decode
from transforms.article.headline import choose_headline
from transforms.article.language import find_language
from transforms.article.metadata import read_metadata
from transforms.article.model import DateCandidate, Extracted, RawPage, Rejected

VERSION = "4"

SHORTEST = 40
"""Characters below which a page has no article to speak of."""
MOST_ELEMENTS = 100_000
"""Elements from which a page is refused: five times the largest article pages; the readers'
work grows with them."""
_TAG = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|article|section|main)\b", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes(n for n in (*range(32), 127) if n not in b"\t\n\r")


def extract_page(page: RawPage) -> Extracted:
    """The article on a page.

    Paragraphs are lines of the text, without trailing space. Nothing of the page's own wording is
    normalised beyond white space.

    Raises:
        Rejected: ``empty``, ``binary``, ``encoding``, ``not_html``, ``unparsable``, ``too_large``
            or ``no_text``.
    """
    html = decode(page.body, page.content_type, where=page.url)
    if len(page.body.translate(None, _CONTROL_BYTES)) != len(page.body):
        html = _CONTROL.sub("", html)
    if not _TAG.search(html):
        raise Rejected(
            "not_html", f"{page.url} is no HTML page: give HTML, or name it .txt or .jsonl"
        )
    too_large = Rejected(
        "too_large", f"{page.url} has more than {MOST_ELEMENTS:,} elements: split the page"
    )
    # an element takes up to two tags; what has far more is refused before it fills the memory
    tags = html.count("<")
    if tags > 4 * MOST_ELEMENTS:
        raise too_large
    tree = parse_html(html, where=page.url)
    if tags > MOST_ELEMENTS and tree.xpath("count(//*)") > MOST_ELEMENTS:
        raise too_large
    # an element's Python object is made anew each time it is met, unless something holds it
    held = list(tree.iter(etree.Element))
    metadata = read_metadata(tree, url=page.url)
    in_url = find_url_date(metadata.url or page.url)
    candidates = [*page.dates, *metadata.dates, *([in_url] if in_url else [])]
    published_at, method = choose_published(candidates, page.fetched_at)
    if published_at is None:
        candidates += _guessed_date(tree, page)
        published_at, method = choose_published(candidates, page.fetched_at)
    modified_at, modified_method = choose_modified(candidates, page.fetched_at, published_at)
    names = metadata.names_of_nobody()
    headline = choose_headline(
        metadata.stated_headlines,
        metadata.shared_headlines,
        metadata.headings,
        metadata.title,
        names,
    )
    authors = merge_authors(metadata.authors, metadata.structured_authors, names=names)
    body = read_body(tree, metadata.headlines, metadata.story, authors)
    del held
    text = body.text
    written = [line for line in (body.byline, body.signature) if line]
    if len(text) < SHORTEST:
        raise Rejected("no_text", f"no article text was found on {page.url}: is it one article?")
    bylines = [*written, *metadata.authors, *metadata.organisations]
    authors = authors or merge_authors(written, (), names=names)
    lines = [*text.split("\n"), *body.notices]
    return Extracted(
        url=page.url if page.url.startswith("http") else None,
        canonical_url=canonical_url(metadata.url, page.url),
        text=text,
        headline=headline,
        byline=choose_byline(bylines, names, authors),
        authors=authors,
        dateline=find_dateline(text),
        credits=find_credits("\n".join(lines)),
        credit_lines=find_credit_lines(lines),
        corrections=find_corrections([*lines, *metadata.notices]),
        language=find_language(text, metadata.languages),
        published_at=published_at,
        published_method=method,
        published_candidates=judge_dates(candidates, page.fetched_at),
        modified_at=modified_at,
        modified_method=modified_method,
        reservations=tuple(metadata.reservations),
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
