"""A page as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Response:
    """A page as it came: status 200, or 304 with an empty body."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    started_at: datetime
    seconds: float
    attempts: int
    robots: str
    robots_rule: str | None
    opt_outs: tuple[str, ...] = ()
    raw_headers: tuple[tuple[str, str], ...] = ()
    """Every header as it came, for the archive; `body` is free of the Content-Encoding."""

    @property
    def content_type(self) -> str | None:
        """The Content-Type header."""
        return self.headers.get("content-type")

    @property
    def etag(self) -> str | None:
        """The ETag header."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """The Last-Modified header."""
        return self.headers.get("last-modified")
