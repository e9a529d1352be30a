"""The address that an article goes by."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from courlan import clean_url, extract_domain

# mirrors of pages under the address of a cache, whose canonical address is another's by design
_CACHES = ("ampproject.org", "google.com", "bing-amp.com")


def canonical_url(stated: str | None, fetched: str) -> str | None:
    """The page's own address without tracking parameters and fragment; null for a bare file.

    Args:
        stated: what the page says is its address, perhaps relative. It is believed within one
            registrable domain, of the copies in caches, and of files. An outlet that points at
            the original of a story it carries has a page of its own all the same; and a page
            which names the front page as its address says nothing.
        fetched: where it was found.
    """
    own = _cleaned(fetched)
    if stated is None:
        return own
    if own is None:
        return _cleaned(stated)
    try:
        named = _cleaned(urljoin(fetched, stated.strip()))
    except ValueError:
        return own
    if named is None or not _same_place(named, own):
        return own
    front = urlsplit(named).path in ("", "/") and not urlsplit(named).query
    return own if front and urlsplit(own).path not in ("", "/") else named


def _cleaned(url: str) -> str | None:
    if not url.startswith(("http://", "https://")):
        return None
    cleaned: str | None = clean_url(url.strip())
    return cleaned.split("#")[0] if cleaned else None


def _same_place(named: str, own: str) -> bool:
    domain, other = extract_domain(own), extract_domain(named)
    if domain is None or other is None:
        return urlsplit(named).hostname == urlsplit(own).hostname
    return domain == other or domain in _CACHES
