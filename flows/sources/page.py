"""Single pages, and lists of URLs in plain text."""

from __future__ import annotations

from flows.sources.candidate import Candidate, distinct, parse_link

MAX_LINES = 1_000_000


def read_urls(body: bytes, url: str) -> list[Candidate]:
    """The URLs of a text with one URL a line; empty unless every line that says something is one.

    Blank lines and lines starting with ``#`` say nothing.
    """
    found = []
    for line in body.decode("utf-8-sig", "replace").splitlines()[:MAX_LINES]:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        link = parse_link(text, "")
        if link is None or " " in text:
            return []
        found.append(Candidate("", link))
    return distinct(found)
