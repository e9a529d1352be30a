"""A page that a source names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from flows.sources.entry import Entry
from transforms.article.model import DateCandidate


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page to fetch, with what the source says of it.

    Attributes:
        source_id: empty until the source is known.
        url: absolute, http or https.
        dates: as written, with where they stand.
        title: as written, without markup.
        modified: last change as written, to tell whether a known page is worth a visit.
    """

    source_id: str
    url: str
    dates: tuple[DateCandidate, ...] = ()
    title: str | None = None
    modified: str | None = None


def parse_link(link: object, base: str) -> str | None:
    """An absolute http(s) URL from a link as written; null for anything else."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        url = urljoin(base, link.strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def distinct(candidates: list[Candidate]) -> list[Candidate]:
    """The first candidate of each URL, in order."""
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.url, candidate)
    return list(first.values())


def to_candidates(entries: Iterable[Entry], source_id: str = "") -> list[Candidate]:
    """The pages that entries lead to, each address once; entries without one are left out."""
    found = []
    for entry in entries:
        url = parse_link(entry.link, "")
        if url is not None:
            found.append(Candidate(source_id, url, entry.dates, entry.title, entry.updated))
    return distinct(found)
