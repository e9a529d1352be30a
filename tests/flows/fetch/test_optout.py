"""Signals against text and data mining are read as they stand."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from flows.fetch.client import Client
from flows.fetch.optout import header_opt_outs, robots_opt_outs


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([("TDM-Reservation", "1")], ("header:tdm-reservation=1",)),
        ([("TDM-Reservation", "0")], ()),
        ([("X-Robots-Tag", "noindex, NoAI"), ("X-Robots-Tag", "noimageai")],
         ("header:noai", "header:noimageai")),
        ([("X-Robots-Tag", "otherbot: noarchive")], ("header:noarchive",)),
        ([("X-Robots-Tag", "noindex, nofollow")], ()),
    ],
)  # fmt: skip
def test_headers(headers: list[tuple[str, str]], found: tuple[str, ...]) -> None:
    assert header_opt_outs(httpx.Headers(headers)) == found


def test_robots_txt_names_agents_and_signals() -> None:
    text = (
        "User-agent: *\nAllow: /\n\nUser-agent: GPTBot\nUser-agent: ccbot # crawl\nDisallow: /\n"
        "Content-Signal: search=yes, AI-Train = no\n"
    )
    assert robots_opt_outs(text) == (("GPTBot", "ccbot"), ("signal:ai-train=no",))
    assert robots_opt_outs("User-agent: *\nDisallow: /private\n") == ((), ())


def test_only_agents_that_may_not_read_the_page_count(site: Any, client: Client) -> None:
    site.set("/robots.txt", "User-agent: GPTBot\nDisallow: /paid/\n\nUser-agent: *\nAllow: /\n")
    free = site.set("/free/a.html", "<p>a</p>")
    paid = site.set("/paid/a.html", "<p>a</p>", X_Robots_Tag="noai")
    assert client.get(free).opt_outs == ()
    assert client.get(paid).opt_outs == ("robots:GPTBot", "header:noai")
