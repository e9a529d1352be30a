"""What goes into and comes out of the extraction of one article."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A publication or modification date that something states, as written.

    Attributes:
        method: where it stands: ``feed:published``, ``sitemap:news``, ``jsonld:datePublished``,
            ``meta:article:published_time``, ``text:dateline``, ``header:last-modified``...
        value: the date as written there.
        refused: why it cannot be chosen: ``unreadable``, ``before_1990`` or ``in_future``; null
            where it can.
    """

    method: str
    value: str
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A notice in or beside a story that it was changed.

    Attributes:
        kind: ``retraction``, ``correction``, ``clarification``, ``update`` or ``note`` (of the
            editors, who say neither of these).
        text: the notice, as written.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RawPage:
    """Bytes as fetched, with what was known about them from outside.

    Attributes:
        url: final URL after redirects, or the path of a file.
        body: decompressed body, not decoded.
        content_type: the Content-Type header, or null.
        fetched_at: UTC, aware; dates after it (plus a day) are never chosen.
        dates: candidates from the feed or sitemap that named the page.
    """

    url: str
    body: bytes
    content_type: str | None
    fetched_at: datetime
    dates: tuple[DateCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says: the text that all offsets refer to, and its metadata."""

    url: str | None
    canonical_url: str | None
    text: str
    headline: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    credits: tuple[str, ...] = ()
    credit_lines: tuple[str, ...] = ()
    """Lines that credit contributors or agencies, as written: "With reporting by Ada Oak"."""
    corrections: tuple[Correction, ...] = ()
    language: str | None = None
    published_at: datetime | None = None
    published_method: str | None = None
    published_candidates: tuple[DateCandidate, ...] = field(default=())
    modified_at: datetime | None = None
    modified_method: str | None = None
    reservations: tuple[str, ...] = ()
    """What the document says of its use, as ``name:value``: ``robots:noai``,
    ``tdm-reservation:1``, ``tdm-policy:https://...``, ``usageterms:...``."""


class Rejected(Exception):
    """A document that gave no article.

    Attributes:
        rule: short stable id of the reason: ``empty``, ``binary``, ``encoding``, ``no_text``,
            ``not_html``, ``json``, ``missing_field``, ``bad_date``, ``withheld``...
        reason: the same in words, with what to do.
    """

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason
