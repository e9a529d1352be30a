from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.sitemap import read_sitemap
from flows.sources.source import SourceError

URL = "https://news.example/sitemap.xml"
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://news.example/i.jpg</image:loc><image:title>I</image:title>
</image:image><loc> https://news.example/1 </loc><lastmod>2020-07-27</lastmod><news:news>
<news:publication_date>2020-07-26</news:publication_date><news:title>One</news:title></news:news>
</url><url><loc>mailto:a@b</loc></url></urlset>"""
INDEX = "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2020</lastmod></sitemap></sitemapindex>"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_news_sitemap(pack):
    (page,) = read_sitemap(pack(NEWS.encode()), URL).pages
    assert (page.url, page.title, page.modified) == ("https://news.example/1", "One", "2020-07-27")
    assert [d.method for d in page.dates] == ["sitemap:news", "sitemap:lastmod"]


def test_index():
    (below,) = read_sitemap(INDEX.encode(), URL).sitemaps
    assert below.url == "https://news.example/a.xml"


def test_bomb_and_broken_gzip():
    for body, rule in (
        (gzip.compress(bytes(2_000_000)), "too_large"),
        (b"\x1f\x8bxx", "decode"),
        (gzip.compress(NEWS.encode())[:-12], "decode"),
    ):
        with pytest.raises(SourceError) as caught:
            read_sitemap(body, URL, max_bytes=1_000_000)
        assert caught.value.rule == rule


def test_entities_are_neither_loaded_nor_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("https://news.example/secret")
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE u [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "{secret.as_uri()}">{lol}]>'
    body = head + NEWS.replace("One", "&l9;").replace("mailto:a@b", "&f;")
    pages = read_sitemap(body.encode(), URL).pages
    assert [p.url for p in pages] == ["https://news.example/1"]


def test_ill_formed_is_read_as_far_as_it_goes():
    assert len(read_sitemap(NEWS.replace("</urlset>", "").encode(), URL).pages) == 1


@given(st.binary(max_size=200))
def test_any_bytes_give_pages_or_an_error(body):
    for whole in (body, b"<urlset><url><loc>" + body, b"\x1f\x8b" + body):
        with suppress(SourceError):
            read_sitemap(whole, URL)
