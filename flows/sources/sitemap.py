"""Sitemaps: plain, index, gzip, Google News, and lists of URLs in text."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from flows.fetch.body import BadEncoding, TooLarge, gunzip
from flows.sources.candidate import Candidate, distinct, parse_link
from flows.sources.feed import is_html, plain
from flows.sources.source import SourceError
from transforms.article.model import DateCandidate

MAX_BYTES = 60_000_000


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, and further sitemaps with their last change."""

    pages: tuple[Candidate, ...]
    sitemaps: tuple[Candidate, ...]


def read_sitemap(body: bytes, url: str, max_bytes: int = MAX_BYTES) -> Sitemap:
    """The pages and sitemaps that a sitemap lists, in its order.

    Raises:
        SourceError: the body is not a sitemap.
    """
    body = unpacked(body, url, max_bytes).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body:
        raise SourceError(url, "empty", "the sitemap is empty")
    if is_html(body):
        raise SourceError(url, "not_a_sitemap", "this is an HTML page, not a sitemap")
    # entities stay unexpanded, nothing is loaded, and ill-formed files are read as far as they go
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(url, "xml", f"the sitemap cannot be read: {error}") from error
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise SourceError(url, "not_a_sitemap", "this XML is no sitemap")
    pages: list[Candidate] = []
    sitemaps: list[Candidate] = []
    for node in root:
        name = _name(node)
        candidate = _from_node(node, url) if name in ("url", "sitemap") else None
        if candidate is not None:
            (pages if name == "url" else sitemaps).append(candidate)
    return Sitemap(tuple(distinct(pages)), tuple(distinct(sitemaps)))


def is_sitemap(body: bytes) -> bool:
    """Whether the body looks like a sitemap."""
    head = body[:4096]
    return b"<urlset" in head or b"<sitemapindex" in head


def unpacked(body: bytes, url: str, max_bytes: int = MAX_BYTES) -> bytes:
    """The body, unpacked where it is a gzip file; raises SourceError beyond `max_bytes`."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return gunzip(body, max_bytes)
    except TooLarge as error:
        raise SourceError(url, "too_large", str(error)) from error
    except BadEncoding as error:
        raise SourceError(url, "decode", str(error)) from error


def _from_node(node: etree._Element, base: str) -> Candidate | None:
    values: dict[str, str] = {}
    for child in node.iter():
        text = (child.text or "").strip() if child is not node else ""
        # an image's or video's title and address are not the page's
        if text and _vocabulary(child) in ("", "news"):
            values.setdefault(_name(child), text)
    url = parse_link(values.get("loc"), base)
    if url is None:
        return None
    methods = {"publication_date": "sitemap:news", "lastmod": "sitemap:lastmod"}
    dates = tuple(DateCandidate(m, values[n]) for n, m in methods.items() if n in values)
    return Candidate("", url, dates, plain(values.get("title")), values.get("lastmod"))


def _name(node: etree._Element) -> str:
    # comments and instructions have a function in place of a tag
    return (
        node.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(node.tag, str) else ""
    )


def _vocabulary(node: etree._Element) -> str:
    tag = node.tag if isinstance(node.tag, str) else "#"
    for name in ("news", "image", "video"):
        if f"sitemap-{name}/" in tag or tag.startswith(f"{name}:"):
            return name
    return "#" if tag == "#" or "xhtml" in tag else ""
