from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.feed import read_feed
from flows.sources.source import SourceError
from transforms.article.model import DateCandidate

URL = "https://news.example/feed"
RSS2 = """<?xml version="1.0"?><rss version="2.0"><channel><link>https://news.example/</link>
<item><title>Flood &lt;b&gt;rises&lt;/b&gt;&lt;script&gt;x()&lt;/script&gt;</title><link>/a</link>
<pubDate>Sun, 26 Jul 2020 10:00:00 GMT</pubDate></item>
<item><title>No link</title></item><item><guid>https://news.example/b</guid></item>
</channel></rss>"""
RSS1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/>
<item rdf:about="x"><title>One</title><link>https://news.example/1</link>
<dc:date>2020-07-26</dc:date></item></rdf:RDF>"""
RSS091 = """<rss version="0.91"><channel><item><title>One</title><link>https://news.example/1</link>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &amp;amp; B</title>
<link href="/1"/><published>2020-07-26T10:00:00Z</published><updated>2020-07-27T10:00:00Z</updated>
</entry></feed>"""


def test_rss2():
    first, second = read_feed(RSS2.encode(), URL)
    assert (first.url, first.title) == ("https://news.example/a", "Flood rises")
    assert first.dates == (DateCandidate("feed:published", "Sun, 26 Jul 2020 10:00:00 GMT"),)
    assert (second.url, second.modified) == ("https://news.example/b", None)


@pytest.mark.parametrize("feed", [RSS1, RSS091])
def test_older_rss(feed):
    (entry,) = read_feed(feed.encode(), URL)
    assert (entry.url, entry.title) == ("https://news.example/1", "One")


def test_atom_keeps_both_dates():
    (entry,) = read_feed(ATOM.encode(), URL)
    assert (entry.url, entry.title) == ("https://news.example/1", "A & B")
    assert [d.method for d in entry.dates] == ["feed:published", "feed:updated"]
    assert entry.modified == "2020-07-27T10:00:00Z"


def test_json_feed():
    items = [{"url": "/1", "title": "One", "date_published": "2020-07-26"}, {"id": "7"}, 3]
    (entry,) = read_feed(json.dumps({"items": items}).encode(), URL)
    assert (entry.url, entry.dates[0].value) == ("https://news.example/1", "2020-07-26")


def test_html_names_the_feed_to_configure():
    page = b'<!DOCTYPE html><link type="application/rss+xml" href="/rss.xml">'
    with pytest.raises(SourceError, match=r"https://news\.example/rss\.xml") as caught:
        read_feed(page, URL)
    assert caught.value.rule == "html_not_feed"


@pytest.mark.parametrize("body", [b"", b"hello", b"{", b"{}", b"<a/>"])
def test_other_things_are_no_feed(body):
    with pytest.raises(SourceError):
        read_feed(body, URL)


def test_entities_are_not_expanded():
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd">{lol}]>'
    body = head + RSS091.replace("One", "&l9;&f;")
    (entry,) = read_feed(body.encode(), URL)
    assert len(entry.title or "") < 50


def test_wrong_charset_is_read():
    body = RSS091.replace("One", "Caf\xe9").encode("latin-1")
    (entry,) = read_feed(b'<?xml version="1.0" encoding="utf-8"?>' + body, URL)
    assert (entry.title or "").startswith("Caf")


@given(st.binary(max_size=300))
def test_any_bytes_give_entries_or_an_error(body):
    for whole in (body, b"<rss><channel><item><link>" + body, b"{" + body):
        with suppress(SourceError):
            read_feed(whole, URL)
