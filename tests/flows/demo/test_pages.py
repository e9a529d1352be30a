from __future__ import annotations

import json
import re

import feedparser
import pytest
from lxml import etree, html

from flows.demo.article import load_articles
from flows.demo.pages import gazette, harbour_post, path_of, render_outlet

OUTLETS = (gazette("http://gazette.example"), harbour_post("http://harbour.example"))


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_the_same_bytes_come_out_twice(outlet) -> None:
    assert render_outlet(outlet, load_articles()) == render_outlet(outlet, load_articles())


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_article_pages_state_their_dates_and_text(outlet) -> None:
    pages = render_outlet(outlet, load_articles())
    for article in load_articles():
        if article.outlet != outlet.key:
            continue
        source = pages[path_of(article)].body.decode()
        tree = html.fromstring(source)
        (script,) = tree.xpath("//script[@type='application/ld+json']")
        data = json.loads(script.text)
        data = data[-1] if isinstance(data, list) else data
        assert data["@type"] == "NewsArticle"
        assert data["headline"] == article.headline
        assert data["datePublished"] == article.published.isoformat()
        assert tree.xpath("//meta[@property='og:title']/@content") == [article.headline]
        assert tree.xpath("//link[@rel='canonical']/@href") == [outlet.origin + path_of(article)]
        text = tree.text_content()
        assert all(block.text in text for block in article.blocks)


def test_rss_lists_what_leads_nowhere_too() -> None:
    outlet = OUTLETS[0]
    pages = render_outlet(outlet, load_articles())
    feed = feedparser.parse(pages[outlet.feed].body)
    assert feed.version == "rss20"
    assert not feed.bozo
    paths = [entry.link.removeprefix(outlet.origin) for entry in feed.entries]
    missing = [path for path in paths if path not in pages]
    assert missing == ["/gazette/2026/03/04/taken-down.html"]
    assert sum(path.startswith("/gazette/members/") for path in paths) == 1
    bodies = [pages[path].body for path in paths if path in pages]
    assert b"" in bodies
    assert sum(body.startswith(b"\x89PNG") for body in bodies) == 1


def test_atom_and_sitemap_are_well_formed() -> None:
    pages = render_outlet(OUTLETS[1], load_articles())
    feed = feedparser.parse(pages[OUTLETS[1].feed].body)
    assert feed.version == "atom10"
    assert len(feed.entries) == 5
    sitemap = etree.fromstring(render_outlet(OUTLETS[0], load_articles())[OUTLETS[0].sitemap].body)
    names = {"n": "http://www.google.com/schemas/sitemap-news/0.9"}
    dates = sitemap.xpath("//n:publication_date/text()", namespaces=names)
    assert dates
    assert all(re.match(r"2026-03-\d\dT", date) for date in dates)


def test_a_correction_shows_on_page_and_in_feed() -> None:
    outlet = OUTLETS[0]
    before = render_outlet(outlet, load_articles())
    mended = [article.corrected() for article in load_articles()]
    after = render_outlet(outlet, mended)
    (article,) = (a for a in mended if a.correction)
    path = path_of(article)
    assert path in before
    assert before[path].etag != after[path].etag
    assert before[path].modified < after[path].modified
    assert "Correction: An earlier version" in after[path].body.decode()
    assert '"dateModified": "2026-03-12T10:00:00+00:00"' in after[path].body.decode()
    entry = next(e for e in feedparser.parse(after[outlet.feed].body).entries if path in e.link)
    assert entry.title == article.headline
    assert entry.published != entry.updated
