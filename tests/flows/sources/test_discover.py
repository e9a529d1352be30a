from __future__ import annotations

from flows.sources.discover import SourceState, discover
from flows.sources.page import read_urls
from flows.sources.source import Source

RSS2 = """<rss version="2.0"><channel><item><link>https://news.example/a</link></item>
<item><link>https://news.example/b</link></item></channel></rss>"""
NEWS = "<urlset><url><loc>https://news.example/1</loc></url></urlset>"


def state_of(found):
    return SourceState(found.etag, found.last_modified, found.body_sha256)


def test_feed_then_304(site, client):
    source = Source("s", "feed", site.set("/feed", RSS2, ETag='"1"'))
    first = discover(source, client)
    assert [c.source_id for c in first.candidates] == ["s", "s"]
    again = discover(source, client, state_of(first))
    assert (again.unchanged, again.candidates, again.etag) == (True, (), '"1"')


def test_same_bytes_are_unchanged(site, client):
    source = Source("s", "feed", site.set("/feed", RSS2))
    assert discover(source, client, state_of(discover(source, client))).unchanged


def test_feed_address_that_gives_a_sitemap_and_the_other_way_round(site, client):
    found = discover(Source("s", "feed", site.set("/x", NEWS)), client)
    assert [c.url for c in found.candidates] == ["https://news.example/1"]
    assert len(discover(Source("s", "sitemap", site.set("/y", RSS2)), client).candidates) == 2


def test_index_reads_what_it_can_and_sees_changes_below(site, client):
    def index(*names):
        listed = "".join(f"<sitemap><loc>{n}</loc></sitemap>" for n in names)
        return f"<sitemapindex>{listed}</sitemapindex>"

    site.set("/a.xml", NEWS)
    source = Source("s", "sitemap", site.set("/i", index("/a.xml", "/a.xml"), ETag='"1"'))
    first = discover(source, client)
    assert (len(first.candidates), first.error) == (1, None)
    assert discover(source, client, state_of(first)).unchanged
    site.set("/a.xml", NEWS.replace("news.example/1", "news.example/2"))
    assert not discover(source, client, state_of(first)).unchanged
    broken = discover(Source("s", "sitemap", site.set("/j", index("/none", "/a.xml"))), client)
    assert (len(broken.candidates), broken.error.error_class) == (1, "http_404")


def test_failures_are_returned(site, client):
    assert discover(Source("s", "feed", site.url + "/none"), client).error.status == 404
    html = site.set("/html", "<html><body>Hello</body></html>")
    assert discover(Source("s", "feed", html), client).error.rule == "html_not_feed"


def test_pages_and_lists(site, client):
    (page,) = discover(Source("s", "page", site.url + "/a"), client).candidates
    assert page.url == site.url + "/a"
    text = "# list\nhttps://a.example/1\n\nhttps://a.example/1\nhttps://a.example/2\n"
    listed = discover(Source("s", "page", site.set("/l.txt", text)), client)
    assert len(listed.candidates) == 2
    assert read_urls("https://a.example/1\nand words\n") == []


def test_site_reads_the_sitemaps_of_robots(site, client):
    news = NEWS.replace("<url>", "<url><news:news/>")
    site.set(
        "/robots.txt", f"User-agent: *\nSitemap: {site.url}/all.xml\nSitemap: {site.url}/news.xml"
    )
    site.set("/all.xml", NEWS.replace("/1", "/old"))
    site.set("/news.xml", news)
    source = Source("s", "site", site.url + "/")
    first = discover(source, client)
    assert [c.url for c in first.candidates] == ["https://news.example/1"]
    assert (site.count("/all.xml"), first.error) == (0, None)
    assert discover(source, client, state_of(first)).unchanged
    site.set("/news.xml", "<urlset></urlset>")
    found = discover(source, client)
    assert [c.url for c in found.candidates] == ["https://news.example/old"]


def test_site_without_sitemaps_reads_the_feeds_of_its_page(site, client):
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    source = Source("s", "site", site.set("/", f"<html><head>{link}</head></html>"))
    site.set("/feed", RSS2)
    assert len(discover(source, client).candidates) == 2
    site.set("/", "<html><body>Nothing</body></html>")
    assert discover(source, client).error.rule == "nothing_listed"
