from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from flows.demo.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def test_two_outlets_answer_on_two_ports(site: Site) -> None:
    assert len(set(site.outlets.values())) == 2
    for source in site.sources:
        assert httpx.get(source.location).status_code == 200
    assert "Disallow: /gazette/members/" in httpx.get(f"{site.url}/robots.txt").text


def test_the_second_visit_is_answered_with_304(site: Site) -> None:
    url = site.address("kenya-rate")
    first = httpx.get(url)
    assert first.status_code == 200
    by_tag = httpx.get(url, headers={"If-None-Match": f"W/{first.headers['etag']}"})
    by_date = httpx.get(url, headers={"If-Modified-Since": first.headers["last-modified"]})
    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert by_date.status_code == 304
    # RFC 9110: where there is a tag, the date says nothing
    other = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}
    assert httpx.get(url, headers=other).status_code == 200
    assert httpx.get(url, headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_a_correction_is_seen_by_who_asks_again(site: Site) -> None:
    url = site.address("dayton-plant")
    first = httpx.get(url)
    assert site.publish_correction() == url
    known = {"If-None-Match": first.headers["etag"]}
    second = httpx.get(url, headers=known)
    assert second.status_code == 200
    assert "1,100 of the 1,400 people" in second.text
    assert "1,100 of the 1,400 people" not in first.text
    other = httpx.get(site.address("kenya-rate"))
    assert other.status_code == 200


def test_missing_pages_and_head(site: Site) -> None:
    missing = httpx.get(f"{site.url}/gazette/2026/03/04/taken-down.html")
    assert missing.status_code == 404
    head = httpx.head(site.address("swing-bridge"))
    assert head.status_code == 200
    assert head.content == b""
    assert int(head.headers["content-length"]) > 1000
    assert "date" not in head.headers


def test_one_connection_serves_many_requests(site: Site) -> None:
    with httpx.Client() as client:
        answers = [client.get(f"{site.url}/gazette/"), client.get(f"{site.url}/robots.txt")]
        known = {"If-None-Match": answers[0].headers["etag"]}
        answers.append(client.get(f"{site.url}/gazette/", headers=known))
        answers.append(client.get(f"{site.url}/gazette/rss.xml"))
    assert [answer.status_code for answer in answers] == [200, 200, 304, 200]


def test_given_ports_give_the_same_addresses(site: Site) -> None:
    with Site() as other:
        ports = tuple(int(origin.rpartition(":")[2]) for origin in other.outlets.values())
        addresses = other.sources
        body = httpx.get(addresses[0].location).content
    with Site((ports[0], ports[1])) as again:
        assert again.sources == addresses
        assert httpx.get(addresses[0].location).content == body
