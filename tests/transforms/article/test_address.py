"""Which address an article goes by."""

from __future__ import annotations

import pytest

from transforms.article.address import canonical_url

HERE = "https://www.post.example/2026/ferry.html?utm_source=feed#top"


@pytest.mark.parametrize(
    ("stated", "fetched", "address"),
    [
        (None, HERE, "https://www.post.example/2026/ferry.html"),
        ("https://www.post.example/ferry", HERE, "https://www.post.example/ferry"),
        ("/ferry", HERE, "https://www.post.example/ferry"),
        # another host of the same outlet
        ("https://www.post.co.uk/ferry", "https://m.post.co.uk/x", "https://www.post.co.uk/ferry"),
        # the original of a story that this outlet carries
        (
            "https://www.gazette.com/ferry",
            "https://www.harbour.org/ferry",
            "https://www.harbour.org/ferry",
        ),
        # a copy in a cache
        (
            "https://www.gazette.com/ferry",
            "https://www-gazette-com.cdn.ampproject.org/c/s/www.gazette.com/ferry",
            "https://www.gazette.com/ferry",
        ),
        # a template that names the front page everywhere
        ("https://www.post.example/", HERE, "https://www.post.example/2026/ferry.html"),
        ("http://127.0.0.1:8001/b", "http://127.0.0.1:8001/a?x=1", "http://127.0.0.1:8001/b"),
        ("https://www.post.com/ferry", "/archive/ferry.html", "https://www.post.com/ferry"),
        ("https://[broken", HERE, "https://www.post.example/2026/ferry.html"),
        (None, "/archive/ferry.html", None),
    ],
)
def test_the_address(stated: str | None, fetched: str, address: str | None) -> None:
    assert canonical_url(stated, fetched) == address
