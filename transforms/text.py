"""What every annotator gets beside the parsed document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Text:
    """One article version as annotators see it.

    Attributes:
        article_id: key of the article.
        version: key of this version's headline and text.
        text: the text that all offsets refer to.
        headline: headline, not part of `text`.
        published_at: publication time; naive UTC midnight where only the day is known; null when
            unknown, and then relative expressions stay unresolved.
        language: ISO 639-1.
        zone: IANA name of the source's time zone; null when unknown.
        url: where it was published, which may tell the publisher's country.
    """

    article_id: str
    version: str
    text: str
    headline: str | None = None
    published_at: datetime | None = None
    language: str = "en"
    zone: str | None = None
    url: str | None = None


def key_of(*parts: object) -> str:
    """A content key: the first 16 hex digits of the SHA-256 of the parts."""
    joined = "\x1f".join("" if p is None else str(p) for p in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def version_of(headline: str | None, text: str) -> str:
    """The version key of an article with this headline and text."""
    return key_of(headline, text)
