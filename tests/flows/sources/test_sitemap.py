from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.candidate import to_candidates
from flows.sources.document import read_document
from flows.sources.encoding import unpacked
from flows.sources.source import SourceError

URL = "https://news.example/sitemap.xml"
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://news.example/i.jpg</image:loc><image:title>I</image:title>
</image:image><loc> https://news.example/1 </loc><lastmod>2020-07-27</lastmod><n:news>
<n:publication_date>2020-07-26</n:publication_date><n:title>One</n:title></n:news>
</url><url><loc>mailto:a@b</loc></url></urlset>"""
INDEX = "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2020</lastmod></sitemap></sitemapindex>"


def read(body):
    return read_document(body if isinstance(body, bytes) else body.encode(), URL)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_news_sitemap(pack):
    listing = read(pack(NEWS.encode()))
    assert (listing.kind, len(listing.entries)) == ("news-sitemap", 2)
    (page,) = to_candidates(listing.entries)
    assert (page.url, page.title, page.modified) == ("https://news.example/1", "One", "2020-07-27")
    assert [d.method for d in page.dates] == ["sitemap:news", "sitemap:lastmod"]


def test_index():
    listing = read(INDEX)
    (below,) = listing.entries
    assert (listing.kind, below.link) == ("sitemap-index", "https://news.example/a.xml")


def test_plain_sitemap():
    assert read("<urlset><url><loc>https://a.example/</loc></url></urlset>").kind == "sitemap"


def test_bomb_and_broken_gzip():
    for body, rule in (
        (gzip.compress(bytes(2_000_000)), "too_large"),
        (b"\x1f\x8bxx", "decode"),
        (gzip.compress(NEWS.encode())[:-12], "decode"),
    ):
        with pytest.raises(SourceError) as caught:
            unpacked(body, URL, max_bytes=1_000_000)
        assert caught.value.rule == rule


def test_entities_are_neither_loaded_nor_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("https://news.example/secret")
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE u [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "{secret.as_uri()}">{lol}]>'
    pages = to_candidates(
        read(head + NEWS.replace("One", "&l9;").replace("mailto:a@b", "&f;")).entries
    )
    assert all("secret" not in p.url for p in pages)
    assert len(pages[0].title or "") < 100


@pytest.mark.parametrize(
    "damage",
    [
        lambda s: s.replace("</urlset>", ""),
        lambda s: s.replace("</url>", ""),
        lambda s: s.replace("</loc>", ""),
        lambda s: s.replace("xmlns:n=", "xmlns:x="),
        lambda s: s.replace("mailto:", "https://x.example/?a=1&b=2"),
        lambda s: "\n junk " + s,
    ],
)
def test_ill_formed_is_read_as_far_as_it_goes(damage):
    entries = read(damage(NEWS)).entries
    assert len(entries) == 2
    assert (entries[0].link or "").strip() == "https://news.example/1"


@given(st.binary(max_size=200))
def test_any_bytes_give_pages_or_an_error(body):
    for whole in (body, b"<urlset><url><loc>" + body, b"\x1f\x8b" + body):
        with suppress(SourceError):
            read(whole)
