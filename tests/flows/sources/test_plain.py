"""No value holds anything that a page would run, however it was written or escaped."""

from __future__ import annotations

import html
import json
import re
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.sources.document import read_document
from flows.sources.plain import plain, plain_id, plain_url
from flows.sources.source import SourceError


class Tags(HTMLParser):
    """Collects what a reader of HTML takes for markup; nothing of ours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def harmless(value: str | None) -> bool:
    for _ in range(4):
        if value is None:
            return True
        tags = Tags()
        tags.feed(value + ">")
        tags.close()
        runs = re.search(
            r"(?i)<\s*/?\s*(script|style|iframe|svg|img)|javascript:\S|vbscript:\S|"
            r"\bon(click|error|load|mouseover|focus)\s*=",
            value,
        )
        if tags.found or runs:
            return False
        value = html.unescape(value)
    return True


SCRIPTS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js>",
    "<scr<script>ipt>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script\n>x()</script >",
    "<script/xss>x()</script>",
    "&lt;script&gt;x()&lt;/script&gt;",
    "&amp;lt;script&amp;gt;x()&amp;lt;/script&amp;gt;",
    "&#60;script&#62;x()&#x3c;/script&#x3E;",
    "&ltscript&gtx()",
    "&#0000060script&#0000062x()",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img title="a>b" onerror="x()">',
    "<img src='x' onerror\n=\nx()",
    "<svg/onload=alert(1)>",
    '<a href="javascript:x()">go</a>',
    "<a href='java\tscript:x()'>go</a>",
    '<a xlink:href="javascript:x()">go</a>',
    "javascript:x()",
    "java\0script:x()",
    "JaVaScRiPt :x()",
    "&#106;avascript:x()",
    "<style>b{behavior:url(x)}</style>",
    '<div style="background:url(javascript:x())">',
    "<![CDATA[<script>x()</script>]]>",
    "<!--[if IE]><script>x()</script><![endif]-->",
    "<!--><script>x()</script>-->",
    "<?php x() ?>",
    "< script >x()</ script >",
    "<iframe srcdoc='<script>x()</script>'>",
    "<object data=x>",
    "<math><mi xlink:href='javascript:x()'>",
    "<base href='javascript:x()'>",
    "<a onclick=x()>",
    "onerror=x()",
    "<meta http-equiv=refresh content='0;url=javascript:x()'>",
    "<b onmouseover='x()",
    "\u200bjavascript\u200b:x()",
    "<b <script>x()</script>",
    "<a title=\"'>\" onclick='x()'>",
]
PIECES = [
    *SCRIPTS,
    "<",
    ">",
    "&",
    "&lt;",
    "&amp;",
    "&amp;lt;",
    "&gt;",
    '"',
    "'",
    "=",
    " ",
    "/",
    ":",
    "on",
    "error",
    "java",
    "script",
    "a < b",
    "]]>",
    "<!--",
    "-->",
    "\0",
    "\n",
    "x",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_known_ways_in_are_closed(script):
    for text in (
        script,
        f"Before {script} after",
        html.escape(script),
        html.escape(html.escape(script)),
    ):
        assert harmless(plain(text)), plain(text)
        assert harmless(plain_id(text)), plain_id(text)
        assert harmless(plain_url(text, "https://news.example/")), plain_url(text)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("&amp;" * 40 + "lt;script>")
@example("<script" * 40)
@example("javajavascript:script:x()")
@example("ononerror=error=x()")
@settings(max_examples=600)
def test_no_mixture_gets_through(text):
    assert harmless(plain(text)), plain(text)
    assert harmless(plain_id(text)), plain_id(text)
    assert harmless(plain_url(text, "https://news.example/")), plain_url(text)


_FEEDS = (
    "<rss><channel><title>{0}</title><item><title>{0}</title><link>{0}</link><guid>{0}</guid>"
    "<pubDate>{0}</pubDate><author>{0}</author><description>{0}</description></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>{0}</title><id>{0}</id>"
    '<link href="{0}"/><updated>{0}</updated><author><name>{0}</name></author>'
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{0}</div></content></entry>",
    "<rss><channel><item><title><![CDATA[{0}]]></title><description><![CDATA[{0}]]></description>"
    "<link><![CDATA[{0}]]></link></item></channel></rss>",
    "<urlset><url><loc>{0}</loc><lastmod>{0}</lastmod><news:title>{0}</news:title></url></urlset>",
    "<!DOCTYPE rss [<!ENTITY a '{0}'>]><rss><channel><item><title>&a;</title></item></channel>",
)


def values(text):
    with suppress(SourceError):
        listing = read_document(text.encode(), "https://news.example/feed")
        yield listing.title
        for entry in listing.entries:
            yield from (entry.title, entry.link, entry.id, entry.published, entry.updated)
            yield from (entry.author, entry.summary, *(d.value for d in entry.dates))


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.integers(0, 2))
@settings(max_examples=400)
def test_no_field_of_any_feed_holds_a_script(text, escaped):
    for _ in range(escaped):
        text = html.escape(text)
    item = dict.fromkeys(("title", "url", "id", "summary", "content_html", "date_published"), text)
    feeds = [feed.format(text) for feed in _FEEDS]
    feeds.append(json.dumps({"version": text, "title": text, "items": [item]}))
    for feed in feeds:
        for value in values(feed):
            assert harmless(value), (feed, value)


@given(st.text())
def test_any_text_is_one_clean_line(text):
    found = plain(text)
    assert found is None or (found == " ".join(found.split()) and found)
    assert found is None or found.encode()
    assert plain(found) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&amp;T buys <i>Smith &amp; Co</i>", "AT&T buys Smith & Co"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("I <3 this", "I <3 this"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("un<b>believ</b>able", "unbelievable"),
        ("JavaScript: The Good Parts", "JavaScript: The Good Parts"),
        ("Profit <margins fall", "Profit margins fall"),
        ("one=1 and two=2", "one=1 and two=2"),
        ("  \n ", None),
        ("x &bogus; y", "x &bogus; y"),
        ("Caf&eacute;&nbsp;&#8220;Nord&#8221;", "Café “Nord”"),
    ],
)
def test_words_are_kept(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a b?x=1&amp;y=2", "https://news.example/a%20b?x=1&y=2"),
        (" https://x.example/\n1 ", "https://x.example/1"),
        ("javascript:x()", None),
        ("data:text/html,x", None),
        ("urn:x:1", "urn:x:1"),
        ("http://[::1", None),
        ("?id=1&copy=2&section=3", "https://news.example/?id=1&copy=2&section=3"),
        ("", None),
        (3, None),
    ],
)
def test_addresses(link, expected):
    assert plain_url(link, "https://news.example/") == expected
