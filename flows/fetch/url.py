"""URLs of requests: parsed, and refused where they are none of the web."""

from __future__ import annotations

import httpx

from flows.fetch.errors import FetchError


def parse_url(url: str) -> httpx.URL:
    """The URL without fragment and password; raises FetchError."""
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("url", f"this is no URL: {error}", url) from error
    if parsed.scheme not in ("http", "https"):
        message = f"only http and https are fetched, not {parsed.scheme or 'a bare name'}"
        raise FetchError("scheme", message, url)
    if not parsed.host:
        raise FetchError("url", "this URL has no host", url)
    # neither fragments nor passwords belong in a request, or in the warehouse
    return parsed.copy_with(fragment=None, username=None, password=None)


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and port: what a robots.txt is for."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
