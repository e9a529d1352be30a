"""Namespaces: which vocabulary an element of a feed or sitemap belongs to."""

from __future__ import annotations

CORE, OTHER = "", "?"
"""CORE is the language of feeds and sitemaps themselves; nothing is known of OTHER."""
MAX_PREFIXES = 200

# addresses without scheme, "www." and what is behind the last sign; an address of no use is
# judged by its prefix, since many feeds get the address wrong and few the prefix
_ADDRESSES = {
    "w3.org/2005/atom": CORE, "purl.org/atom/ns": CORE, "purl.org/atom": CORE,
    "purl.org/rss/1.0": CORE, "my.netscape.com/rdf/simple/0.9": CORE,
    "channel.netscape.com/rdf/simple/0.9": CORE, "purl.org/net/rss1.1": CORE,
    "backend.userland.com/rss2": CORE, "backend.userland.com/rss": CORE,
    "blogs.law.harvard.edu/tech/rss": CORE, "cyber.law.harvard.edu/rss/rss.html": CORE,
    "my.netscape.com/publish/formats/rss-0.91.dtd": CORE, "purl.org/rss/2.0": CORE,
    "sitemaps.org/schemas/sitemap/0.9": CORE, "google.com/schemas/sitemap/0.84": CORE,
    "google.com/schemas/sitemap/0.9": CORE, "microsoft.com/standards/channels.dtd": CORE,
    "purl.org/dc/elements/1.1": "dc", "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content", "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "example.com/dtds/podcast-1.0.dtd": "itunes", "search.yahoo.com/mrss": "media",
    "w3.org/1999/xhtml": "xhtml", "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "google.com/schemas/sitemap-news/0.9": "news", "google.com/schemas/sitemap-image/1.1": "image",
    "google.com/schemas/sitemap-video/1.1": "video", "w3.org/xml/1998/namespace": "xml",
}  # fmt: skip
_PREFIXES = {
    "atom": CORE, "atom03": CORE, "atom10": CORE, "a10": CORE, "a": CORE, "rss": CORE,
    "dc": "dc", "dcterms": "dcterms", "dct": "dcterms", "content": "content", "itunes": "itunes",
    "media": "media", "xhtml": "xhtml", "html": "xhtml", "rdf": "rdf", "news": "news",
    "image": "image", "video": "video", "xml": "xml",
}  # fmt: skip


def find_vocabulary(address: str, prefix: str, home: str | None) -> str:
    """The vocabulary of a namespace.

    Args:
        address: as declared.
        prefix: the prefix it is declared for, "" for none.
        home: the first address that the document declares for no prefix, null where none is yet.
    """
    known = _ADDRESSES.get(_short(address))
    if known is not None:
        return known
    if not prefix:
        return CORE if not address or home in (None, address) else OTHER
    return _PREFIXES.get(prefix, OTHER)


def find_prefixed(prefix: str) -> str:
    """The vocabulary of a prefix that is declared nowhere."""
    return _PREFIXES.get(prefix, OTHER)


def _short(address: str) -> str:
    bare = address.strip().lower().removeprefix("http://").removeprefix("https://")
    return bare.removeprefix("www.").rstrip("/#")
