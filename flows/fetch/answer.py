"""One answer of a server: where it sends us, whether it is a page, when to come again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from flows.fetch.errors import FetchError
from flows.fetch.url import parse_url

_CONDITIONS = ("If-None-Match", "If-Modified-Since")


@dataclass
class Answer:
    """Status, headers and, of a page, the body."""

    status: int
    headers: httpx.Headers
    body: bytes = field(default=b"")


def target_of(url: httpx.URL, answer: Answer) -> httpx.URL:
    """Where a redirect leads; raises FetchError."""
    location = answer.headers.get("location")
    if not location:
        message = f"the server answers {answer.status} without saying where to"
        raise FetchError("http_3xx", message, str(url), answer.status)
    try:
        joined = str(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("redirects", f"redirected to no URL: {error}", str(url)) from error
    return parse_url(joined)


def accept(answer: Answer, url: str, asked: Mapping[str, str]) -> Answer:
    """The answer where it is a page or what was `asked` for; raises FetchError."""
    status = answer.status
    wanted = {304: not asked.keys().isdisjoint(_CONDITIONS), 206: "Range" in asked}
    if status == 200 or wanted.get(status, False):
        return answer
    message = f"the server answers {status}"
    if status in (404, 410):
        raise FetchError("http_404", f"{message}: the page is not there", url, status)
    family = f"http_{status // 100}xx"
    raise FetchError(family, message, url, status)


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds asked for by Retry-After, which holds a number or a date."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
