from __future__ import annotations

import gzip
import json
import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.candidate import to_candidates
from flows.sources.document import read_document
from flows.sources.source import SourceError
from transforms.article.model import DateCandidate

URL = "https://news.example/feed"
RSS2 = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Gazette</title>
<link>https://news.example/</link>
<item><title>Flood &lt;b&gt;rises&lt;/b&gt;&lt;script&gt;x()&lt;/script&gt;</title><link>/a</link>
<author>desk@news.example (Ana Ruiz)</author><description><![CDATA[<p>Water &amp; mud</p>]]>
</description><pubDate>Sun, 26 Jul 2020 10:00:00 GMT</pubDate></item>
<item><title>No link</title></item><item><guid>https://news.example/b</guid></item>
</channel></rss>"""
RSS1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<items><rdf:Seq><rdf:li resource="x"/></rdf:Seq></items></channel>
<item rdf:about="x"><title>One</title><link>https://news.example/1</link>
<dc:date>2020-07-26</dc:date><dc:creator>Ana Ruiz</dc:creator></item></rdf:RDF>"""
RSS091 = """<rss version="0.91"><channel><item><title>One</title><link>https://news.example/1</link>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/x/"><entry>
<title type="html">A &amp;amp; B</title><link rel="self" href="/self"/><link href="1"/>
<id>urn:uuid:1</id><author><name>Ana Ruiz</name><email>a@news.example</email></author>
<author><name>Li Wei</name></author><contributor><name>No One</name></contributor>
<published>2020-07-26T10:00:00Z</published><updated>2020-07-27T10:00:00Z</updated>
<source><title>Elsewhere</title><id>urn:uuid:2</id><updated>2001-01-01</updated></source>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Five</p><p>dead</p>
<script>x()</script><title>no</title></div></content></entry></feed>"""
CDF = """<CHANNEL HREF="https://news.example/"><TITLE>C</TITLE><ITEM HREF="/1" LASTMOD="1998-01-01">
<TITLE>One</TITLE><ABSTRACT>Short</ABSTRACT></ITEM></CHANNEL>"""


def read(feed, url=URL):
    return read_document(feed if isinstance(feed, bytes) else feed.encode(), url)


def test_rss2_as_read():
    listing = read(RSS2)
    assert (listing.kind, listing.version, listing.title) == ("rss", "2.0", "The Gazette")
    first, second, third = listing.entries
    assert (first.title, first.link) == ("Flood rises", "https://news.example/a")
    assert (first.author, first.summary) == ("Ana Ruiz", "Water & mud")
    assert first.dates == (DateCandidate("feed:published", "Sun, 26 Jul 2020 10:00:00 GMT"),)
    assert (second.title, second.link) == ("No link", None)
    assert third.link == third.id == "https://news.example/b"


def test_only_entries_with_an_address_are_candidates():
    first, second = to_candidates(read(RSS2).entries, "s")
    assert (first.source_id, first.url, first.title) == (
        "s",
        "https://news.example/a",
        "Flood rises",
    )
    assert (second.url, second.modified) == ("https://news.example/b", None)


@pytest.mark.parametrize(("feed", "version"), [(RSS1, "1.0"), (RSS091, "0.91")])
def test_older_rss(feed, version):
    listing = read(feed)
    (entry,) = listing.entries
    assert (listing.kind, listing.version) == ("rss", version)
    assert (entry.title, entry.link) == ("One", "https://news.example/1")
    assert (entry.published, entry.author) in {("2020-07-26", "Ana Ruiz"), (None, None)}


def test_atom_speaks_of_itself_not_of_its_source():
    listing = read(ATOM)
    (entry,) = listing.entries
    assert (listing.kind, listing.version) == ("atom", "1.0")
    assert (entry.title, entry.link) == ("A & B", "https://news.example/x/1")
    assert (entry.id, entry.author) == ("urn:uuid:1", "Ana Ruiz, Li Wei")
    assert [d.method for d in entry.dates] == ["feed:published", "feed:updated"]
    assert (entry.updated, entry.summary) == ("2020-07-27T10:00:00Z", "Five dead no")


def test_atom_03_and_prefixes():
    feed = """<a:feed version="0.3" xmlns:a="http://purl.org/atom/ns#"><a:entry><a:title>One
    </a:title><a:link rel="alternate" href="https://news.example/1"/><a:issued>2004-01-01</a:issued>
    <a:modified>2004-01-02</a:modified></a:entry></a:feed>"""
    listing = read(feed)
    (entry,) = listing.entries
    assert (listing.version, entry.title, entry.published) == ("0.3", "One", "2004-01-01")
    assert (entry.link, entry.updated) == ("https://news.example/1", "2004-01-02")


def test_cdf():
    listing = read(CDF)
    (entry,) = listing.entries
    assert listing.kind == "cdf"
    assert (entry.title, entry.link, entry.summary) == ("One", "https://news.example/1", "Short")


def test_json_feed():
    items = [{"url": "/1", "title": "One", "date_published": "2020-07-26"}, {"id": "7"}, 3]
    items.append({"id": 8, "authors": [{"name": "Ana"}, {"name": "Li"}], "title": "\ud800x"})
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    listing = read(json.dumps(feed))
    assert (listing.kind, listing.version, len(listing.entries)) == ("json", "1.1", 3)
    first, second, third = listing.entries
    assert (first.link, first.dates[0].value) == ("https://news.example/1", "2020-07-26")
    assert (second.id, second.link) == ("7", None)
    assert (third.id, third.author, third.title) == ("8", "Ana, Li", "x")


@pytest.mark.parametrize(
    "damage",
    [
        lambda f: f.replace("</item>", ""),
        lambda f: f.replace("</title>", ""),
        lambda f: f.replace("</channel></rss>", ""),
        lambda f: f.replace("<channel>", "").replace('<rss version="2.0">', "<channel>"),
        lambda f: "<br />\n<b>Warning</b>: include(x.php) on line 3\n" + f,
        lambda f: "\n\n \ufeff" + f,
        lambda f: f.replace("mud", "mud & <br> <p>rain <img src=x> &nbsp; &bogus; \0\x0b"),
        lambda f: f.replace("<item>", '<item xml:lang=en checked x="<">'),
        lambda f: f.replace("<item>", "<!-- <item> --><?php $x->y ?><item>"),
        lambda f: f.upper().replace("CDATA", "CDATA"),
        lambda f: f.replace("<channel>", '<channel xmlns="http://unknown.example/">'),
        lambda f: f.replace("<item>", "</p><item></b>"),
        lambda f: '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x.dtd">' + f,
    ],
)
def test_ill_formed_feeds_keep_their_entries(damage):
    assert len(read(damage(RSS2)).entries) == 3


def test_a_torn_file_is_read_as_far_as_it_goes():
    second = RSS2.index("No link")
    assert [len(read(RSS2[:n]).entries) for n in (second - 20, second)] == [1, 2]


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        zlib.compress,
        lambda b: b"\xef\xbb\xbf" + b,
        lambda b: b.decode().encode("utf-16"),
        lambda b: b.decode().encode("utf-16-be"),
        lambda b: b.decode().encode("utf-16-le")[:-1],
        lambda b: b.decode().encode("utf-32"),
        lambda b: b.decode().encode("utf-32-be"),
        lambda b: b'<?xml version="1.0" encoding="utf-16"?>' + b,
        lambda b: b'<?xml version="1.0" encoding="no-such-thing"?>' + b,
        lambda b: (
            "<?xml version='1.0' encoding='cp037'?>".encode("cp037")
            + b.decode().replace("é", "e").encode("cp037")
        ),
        lambda b: b"\xff\xfe" + b,
    ],
)
def test_encodings_and_packings(pack):
    body = pack(RSS2.partition("?>")[2].replace("mud", "café").encode())
    entries = read(body).entries
    assert len(entries) == 3
    assert (entries[0].summary or "").startswith("Water & caf")


@pytest.mark.parametrize(
    ("declared", "encoding", "word"),
    [
        ("utf-8", "latin-1", "café"),
        ("iso-8859-1", "utf-8", "café"),
        ("koi8-r", "koi8-r", "Москва"),
        ("gb2312", "gb18030", "北京"),
        ("shift_jis", "cp932", "東京"),
        ("us-ascii", "cp1252", "“so”"),
    ],
)
def test_declared_encodings_right_and_wrong(declared, encoding, word):
    body = f'<?xml version="1.0" encoding="{declared}"?>' + RSS091.replace("One", word)
    assert read(body.encode(encoding)).entries[0].title == word


def test_a_document_in_a_prefix_of_its_own_is_read():
    feed = "<x:rss xmlns:x='urn:y'><x:channel><x:item><x:title>A</x:title></x:item></x:channel>"
    assert [e.title for e in read(feed).entries] == ["A"]


def test_opml_lists_feeds():
    listing = read(
        "<opml><body><outline text='News'><outline title='A' xmlUrl='https://a.example/f'/>"
        "</outline></body></opml>"
    )
    (entry,) = listing.entries
    assert (listing.kind, entry.title, entry.link) == ("opml", "A", "https://a.example/f")


def test_html_names_its_feeds():
    link = '<link rel=alternate type="application/rss+xml" href="/r">'
    page = f"<!DOCTYPE html><title>Home</title>{link}"
    listing = read(page)
    assert (listing.kind, listing.title, listing.entries) == ("page", "Home", ())
    assert listing.feeds == ("https://news.example/r",)


@pytest.mark.parametrize("body", [b"", b"hello", b"{", b"{}", b"<a1/>", b"\0" * 99, b"\x89PNG\r\n"])
def test_other_things_are_an_error(body):
    with pytest.raises(SourceError):
        read(body)


def test_entities_are_not_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hush")
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "{secret.as_uri()}">{lol}]>'
    (entry,) = read(head + RSS091.replace("One", "&l9;&f;&l0;")).entries
    assert "hush" not in (entry.title or "")
    assert "lol" in (entry.title or "")
    assert len(entry.title or "") < 100


HOSTILE = {
    "nested": "<rss><channel><item><description>" + "<div>" * 1_000_000,
    "items": "<rss><channel>" + "<item>" * 800_000,
    "signs": "<rss><channel><item><title>" + "<" * 5_000_000,
    "comments": "<rss><channel><item><title>" + "<!--" * 1_200_000,
    "cdata": "<rss><channel><item><title>" + "<![CDATA[" * 500_000,
    "quotes": "<rss><channel><item><title>" + "<a '" * 1_200_000,
    "prefixes": "<rss>" + "".join(f'<a xmlns:b{i}="u{i}">' for i in range(200_000)),
    "attributes": "<rss><channel><item><title>" + ("&lt;a x=" * 14_000 + "</title><title>") * 40,
    "escapes": "<rss><channel><item><title>" + "&amp;amp;" * 500_000,
    "repeated entity": '<!DOCTYPE rss [<!ENTITY a "' + "x" * 1999 + '">]><rss><channel><item>'
    "<title>" + "&a;" * 1_500_000,
    "json": "[" * 5_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_take_bounded_time(name):
    clock = time.process_time()
    with suppress(SourceError):
        assert all(len(e.title or "") <= 1_000_000 for e in read(HOSTILE[name]).entries)
    assert time.process_time() - clock < 15  # a few seconds; the wrong way takes hours


@given(st.binary(max_size=300))
def test_any_bytes_give_entries_or_an_error(body):
    for whole in (body, b"<rss><channel><item><link>" + body, b"{" + body, b"\x1f\x8b" + body):
        with suppress(SourceError):
            read(whole)


_PIECES = st.sampled_from(
    [
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<feed>",
        "<title>",
        "<link>",
        "</title>",
        "<author><name>",
        "</author>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?x",
        "?>",
        "&lt;",
        "<source>",
        "</source>",
        "<content type='xhtml'>",
        "</content>",
        "<script>",
        "x",
        "<urlset>",
        "<url>",
        "<loc>",
        "</url>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "&b;",
        "<rdf:RDF>",
        "='\"",
        ">",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_mixture_of_tags_is_read(text):
    with suppress(SourceError):
        listing = read(text)
        assert len(listing.entries) <= text.count("<item>") + text.count("<entry>") + text.count(
            "<url>"
        )
