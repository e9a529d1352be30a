from __future__ import annotations

import gzip
import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest

from flows.fetch.client import Client
from flows.fetch.errors import FetchError
from flows.fetch.network import is_public


def failure(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    assert caught.value.started_at is not None
    return caught.value


def test_page_arrives_with_its_headers_and_the_decision(site, client):
    url = site.set("/a", "Ärger", ETag='"1"', Content_Type="text/html; charset=latin-9")
    page = client.get(url + "#part")
    assert page.body == "Ärger".encode()
    assert (page.status, page.etag, page.final_url) == (200, '"1"', url)
    assert page.robots == "allowed"
    assert "404" in (page.robots_rule or "")
    assert site.asked[-1][1]["user-agent"].startswith("dateline/test")
    assert client.get(url, etag='"1"').status == 304


def test_missing_page_is_asked_once(site, client):
    error = failure(client, site.url + "/none")
    assert (error.error_class, error.status, site.count("/none")) == ("http_404", 404, 1)


def test_other_refusals_are_http_4xx(site, client):
    assert failure(client, site.set("/a", status=403)).error_class == "http_4xx"


def test_500_then_200_is_retried(site, client, slept):
    bad, good = site.set("/a", status=500), site.pages["/a"]
    site.set("/a", "well")
    site.pages["/a"] = [good, site.pages["/a"]]
    page = client.get(bad)
    assert (page.body, page.attempts, slept) == (b"well", 2, [1.0])


def test_retry_after_is_honoured(site, client, slept):
    url, busy = site.set("/a", status=429, Retry_After="3"), site.pages["/a"]
    site.set("/a", "well")
    site.pages["/a"] = [busy, site.pages["/a"]]
    assert client.get(url).attempts == 2
    assert max(slept) == 3.0


def test_long_retry_after_is_not_waited_for(site, client, slept):
    error = failure(client, site.set("/a", status=503, Retry_After="86400"))
    assert (error.error_class, error.attempts, slept) == ("http_5xx", 1, [])


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b".")
        time.sleep(0.05)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        handler.wfile.write(b".")
        time.sleep(0.05)


@pytest.mark.parametrize("write", [drip, drip_headers])
def test_slow_answer_ends_with_the_deadline(site, write):
    url = site.set("/a")
    site.pages["/a"].write = write
    with Client(user_agent="d", delay=0, deadline=0.5, allow_private=True) as client:
        began = time.monotonic()
        assert failure(client, url).error_class == "timeout"
        assert time.monotonic() - began < 1.5


def test_endless_body_is_cut(site, client):
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 10_000)

    url = site.set("/a")
    site.pages["/a"].write = endless
    assert failure(client, url).error_class == "too_large"


def test_lying_content_length_is_a_failure(site, client):
    url = site.set("/a")
    site.pages["/a"].write = lambda h: h.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"
    )
    assert failure(client, url).error_class == "protocol"


def test_gzip_bomb_is_cut(site, client):
    bomb = gzip.compress(bytes(50_000_000))
    error = failure(client, site.set("/a", bomb, Content_Encoding="gzip"))
    assert error.error_class == "too_large"


def test_gzip_is_unpacked_and_broken_gzip_told(site, client):
    packed = gzip.compress(b"words " * 9000)
    assert client.get(site.set("/a", packed, Content_Encoding="gzip")).body == b"words " * 9000
    for broken in (packed[:-9], b"no gzip"):
        url = site.set("/b", broken, Content_Encoding="gzip")
        assert failure(client, url).error_class == "decode"


def test_redirect_is_followed_and_a_loop_is_not(site, client):
    end = site.set("/end", "end")
    assert client.get(site.set("/a", status=301, Location="/end")).final_url == end
    loop = site.set("/loop", status=302, Location="/loop")
    assert failure(client, loop).error_class == "redirects"


def test_redirect_to_another_scheme_is_refused(site, client):
    url = site.set("/a", status=302, Location="file:///etc/passwd")
    assert failure(client, url).error_class == "scheme"


def test_private_addresses_are_refused_at_first_and_after_a_redirect(site, monkeypatch):
    public = "198.51.100.7"
    port = int(site.url.rpartition(":")[2])
    site.set("/a", status=302, Location="http://inner.test/secret")
    real = socket.getaddrinfo

    def resolve(host, *args, **kwargs):
        return real("127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(
        "flows.fetch.network.is_public", lambda a, first=[0]: (first.append(1), len(first) < 4)[1]
    )
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with Client(user_agent="d", delay=0) as client:
        assert failure(client, f"http://outer.test:{port}/a").error_class == "private_address"
    assert site.count("/a") == 1
    assert not is_public(public)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "0.0.0.0", "100.64.0.1", "224.0.0.1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


def test_loopback_is_refused_by_default(site):
    with Client(user_agent="d") as client:
        assert failure(client, site.url).error_class == "private_address"
    assert site.asked == []


@pytest.mark.parametrize("url", ["ftp://example.org/", "example.org", "javascript:alert(1)"])
def test_only_http(client, url):
    assert failure(client, url).error_class == "scheme"


def test_robots_disallow_and_its_rule(site, client):
    site.set("/robots.txt", "User-agent: dateline\nDisallow: /no\n")
    error = failure(client, site.set("/no/a", "text"))
    assert (error.error_class, error.robots, site.count("/no/a")) == ("robots", "disallowed", 0)
    assert "dateline" in (error.robots_rule or "")
    client.get(site.set("/yes", "text"))
    assert site.count("/robots.txt") == 1


def test_robots_that_cannot_be_read_forbids(site, client):
    site.set("/robots.txt", status=503)
    assert failure(client, site.set("/a", "text")).robots == "unreachable"


def test_redirect_into_a_disallowed_path_is_refused(site, client):
    site.set("/robots.txt", "User-agent: *\nDisallow: /no\n")
    site.set("/no", "text")
    assert failure(client, site.set("/a", status=302, Location="/no")).error_class == "robots"


def test_crawl_delay_is_kept(site, client, slept):
    site.set("/robots.txt", "User-agent: *\nCrawl-delay: 2\n")
    url = site.set("/a", "text")
    client.get(url)
    client.get(url)
    assert 1.5 < max(slept) <= 2.0


def test_circuit_opens_after_failures_in_a_row(site, client):
    url = site.set("/a", status=500)
    for _ in range(2):
        failure(client, url)
    assert failure(client, url).error_class == "circuit_open"
    assert site.count("/a") == 5


def test_nobody_listens(client):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # robots.txt that cannot be reached forbids the page, and the rule says why
    error = failure(client, f"http://127.0.0.1:{port}/")
    assert (error.error_class, error.robots) == ("robots", "unreachable")
