"""A place that news comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["feed", "sitemap", "page", "site", "files", "ninjs", "warc"]


@dataclass(frozen=True, slots=True)
class Source:
    """A configured source: a URL, or the path of a file or folder."""

    id: str
    kind: Kind
    location: str


class SourceError(Exception):
    """A source that cannot be read.

    Attributes:
        where: source id or URL.
        rule: stable id: ``html_not_feed``, ``html_not_sitemap``, ``not_a_feed``,
            ``not_a_sitemap``, ``not_a_list``, ``nothing_listed``, ``empty``, ``decode``,
            ``binary``, ``too_large``, ``too_deep``, ``unknown``, ``not_found``, ``unreadable``.
        message: what is wrong and what to do.
    """

    def __init__(self, where: str, rule: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.rule = rule
        self.message = message
