"""A page to an article."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.article.model import Correction, DateCandidate, Extracted, RawPage, Rejected
from transforms.article.page import extract_page

FETCHED = datetime(2024, 5, 10, 12, tzinfo=UTC)
PARAGRAPHS = (
    "LISBON, May 1 (Reuters) - Ferries across the river stopped on Monday after a storm broke "
    "the two oldest piers, and the port authority said that repairs would take all summer.",
    "Some four hundred commuters waited for buses that came late, while the fishermen of the "
    "southern bank offered passage in their own boats for a coin or a song.",
    "The mayor promised that a bridge would be studied again, as it had been by each of her "
    "predecessors, and asked everyone to be patient until the water was calm.",
)
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS).encode()
HTML = f"""<!doctype html><html lang="en"><head><title>Ferries stop | Harbour Gazette</title>
<meta property="og:title" content="Ferries stop after the storm | Harbour Gazette">
<meta property="og:site_name" content="Harbour Gazette">
<meta name="author" content="By Ada Northwood and Ben Quill">
<meta property="article:published_time" content="2024-05-01T08:00:00Z">
<meta property="article:modified_time" content="2024-05-02T08:00:00Z">
<link rel="canonical" href="https://gazette.example/ferries?utm_source=feed#top"></head><body>
<nav><a href="/">Home</a> <a href="/sea">Sea</a></nav><article><h1>Ferries stop after the storm</h1>
{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}</article><footer>All rights reserved</footer></body>
</html>"""


def _page(html: str | bytes, **fields: object) -> RawPage:
    body = html.encode() if isinstance(html, str) else html
    page = RawPage("https://gazette.example/ferries", body, "text/html", FETCHED)
    return replace(page, **fields)  # type: ignore[arg-type]


def test_a_whole_article() -> None:
    article = extract_page(_page(HTML))
    assert [p for p in PARAGRAPHS if p in article.text.split("\n")] == list(PARAGRAPHS)
    assert article.text.startswith("LISBON")
    assert "rights reserved" not in article.text
    assert article.headline == "Ferries stop after the storm"
    assert article.byline == "By Ada Northwood and Ben Quill"
    assert article.authors == ("Ada Northwood", "Ben Quill")
    assert article.dateline == "LISBON, May 1 (Reuters)"
    assert article.credits == ("Reuters",)
    assert article.language == "en"
    assert article.published_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert article.published_method == "meta:article:published_time"
    assert article.modified_at == datetime(2024, 5, 2, 8, tzinfo=UTC)
    assert article.modified_method == "meta:article:modified_time"
    assert article.canonical_url == "https://gazette.example/ferries"


def test_a_page_whose_story_stands_in_its_json_ld_alone() -> None:
    story = " ".join(PARAGRAPHS)
    linked = json.dumps({"@type": "NewsArticle", "headline": "Ferries", "articleBody": story})
    html = f'<html><script type="application/ld+json">{linked}</script><div id="app"></div></html>'
    assert extract_page(_page(html)).text == story


def test_notices_credits_and_reservations_of_a_page() -> None:
    html = HTML.replace("<head>", '<head><meta name="robots" content="noai">').replace(
        "</article>",
        "<p>Additional reporting by Ben Quill; editing by AFP</p>"
        "<p><em>Correction: The storm came on Sunday, not on Monday.</em></p></article>",
    )
    article = extract_page(_page(html))
    assert article.credit_lines == ("Additional reporting by Ben Quill; editing by AFP",)
    assert article.credits == ("Reuters", "AFP")
    assert article.corrections == (
        Correction("correction", "Correction: The storm came on Sunday, not on Monday."),
    )
    assert article.reservations == ("robots:noai",)


def test_the_text_has_no_control_characters() -> None:
    article = extract_page(_page(HTML.replace("Ferries", "Fer\x00ri\x07es")))
    assert "Ferries across the river" in article.text


def test_dates_of_the_feed_are_candidates() -> None:
    html = HTML.replace("article:published_time", "other")
    feed = DateCandidate("feed:published", "Wed, 01 May 2024 10:00:00 GMT")
    article = extract_page(_page(html, dates=(feed,)))
    assert article.published_method == "feed:published"
    assert feed in article.published_candidates


@pytest.mark.parametrize(
    ("stated", "reason"),
    [("2031-01-01", "in_future"), ("1971-01-01", "before_1990"), ("2024-05-12", "in_future")],
)
def test_an_implausible_date_is_kept_with_the_reason_but_not_chosen(
    stated: str, reason: str
) -> None:
    article = extract_page(_page(HTML.replace("2024-05-01T08:00:00Z", stated)))
    refused = DateCandidate("meta:article:published_time", stated, reason)
    assert refused in article.published_candidates
    if article.published_at is not None:
        assert article.published_at <= FETCHED + timedelta(days=1)


@pytest.mark.parametrize(
    ("body", "rule", "advice"),
    [
        (b"", "empty", "empty"),
        (b"%PDF-1.4", "binary", "only HTML, text and JSONL"),
        (b"\xff\xfe\x00\xd8 " + bytes(range(128, 256)) * 3, "encoding", "UTF-8"),
        (b'{"just": "data"}', "not_html", "HTML"),
        (b"<html><body>" + b"<br>" * 100_001, "too_large", "elements"),
        (b"<html><body><p>Hi</p></body></html>", "no_text", "no article text"),
    ],
)
def test_what_is_refused_says_where_and_what_to_do(body: bytes, rule: str, advice: str) -> None:
    with pytest.raises(Rejected) as caught:
        extract_page(_page(body))
    assert caught.value.rule == rule
    assert "https://gazette.example/ferries" in caught.value.reason
    assert advice in caught.value.reason


def test_a_page_that_the_parser_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("cannot")

    monkeypatch.setattr("transforms.article.page.lxml.html.document_fromstring", refuse)
    with pytest.raises(Rejected) as caught:
        extract_page(_page(HTML))
    assert caught.value.rule == "unparsable"
    assert "https://gazette.example/ferries" in caught.value.reason


def _outcome(page: RawPage) -> Extracted | str:
    try:
        return extract_page(page)
    except Rejected as rejected:
        return rejected.rule


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_give_an_article_or_a_refusal(noise: bytes, inside: bool) -> None:
    body = HTML.encode().replace(b"<article>", b"<article>" + noise) if inside else noise
    _outcome(_page(body))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_a_damaged_page_gives_an_article_or_a_refusal(seed: int, wounds: int) -> None:
    # the page with tags and quotes lost or doubled: what truncated downloads look like
    body, chance = bytearray(HTML.encode()), random.Random(seed)
    for _ in range(wounds):
        at = chance.randrange(len(body))
        body[at : at + chance.randrange(30)] = body[:: chance.randrange(50, 400)]
    _outcome(_page(bytes(body)))


def _variants() -> list[RawPage]:
    """Pages that share their boilerplate and differ in what an extractor might remember."""
    german = "Die Fähren über den Fluss fuhren am Montag nicht mehr, sagte die Stadt. " * 4
    linked = '<script type="application/ld+json">{"@type": "Article", "author": "Ada Oak"}</script>'
    return [
        _page(HTML),
        _page(HTML.replace("Lisbon", "Porto").replace("Monday", "Tuesday")),
        _page(HTML.replace("LISBON", "FARO")),
        _page(HTML.replace(PARAGRAPHS[1], german)),
        _page(HTML.replace("</head>", f"{linked}</head>")),
        _page(HTML.replace("article:published_time", "none")),
        _page(
            HTML.replace("</article>", "<p>Correction: It was Tuesday, not Monday.</p></article>")
        ),
        _page("<p>no article"),
    ]


EXPECTED = [_outcome(page) for page in _variants()]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, len(EXPECTED) - 1), min_size=1, max_size=12))
def test_the_same_bytes_give_the_same_article_in_any_order(order: list[int]) -> None:
    # also boilerplate that was seen on many pages before is no reason to drop it from the next
    pages = _variants()
    assert [_outcome(pages[place]) for place in order] == [EXPECTED[place] for place in order]


def test_the_same_bytes_give_the_same_article_in_any_process() -> None:
    pages = _variants()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(_outcome, pages[::-1])) == EXPECTED[::-1]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>" + b"<div>" * 4_000_000,
        b"<html><body>" + b"<div>a" * 3_300_000,
        b"<html><body>" + b" " * 5000 + b"\x00" * 20_000_000,
        b"<html><body><p>" + b"x" * 20_000_000,
        b"<html><body>" + b"<p>A line. </p>" * 1_400_000,
        b"<html><body>" + b'<div itemprop="author" class="author">By A' * 45_000,
        b"<html><body>" + b"<p>Correction: it was <b>Tuesday</b>" * 20_000,
        b"<html><body>" + b'<time datetime="3 May 2024 10:00 EST">x</time>' * 45_000,
        b"<html><head><title>" + b"a - b | " * 200_000 + b"</title><body>" + BODY,
        b'<html><head><meta name="author" content="' + b"Ada Oak, " * 200_000 + b'">' + BODY,
        b"<html><body><p>" + b"Ada Oak and Ben Quill, " * 100_000 + b"contributed",
        b'<script type="application/ld+json">[' + b'{"@type":"Article","headline":"a"},' * 50_000
        + b'{"@type":"Article"}]</script>' + BODY,
    ],
    ids=["nested", "nested with text", "NUL", "one word", "many paragraphs", "nested authors",
         "corrections", "times", "title", "authors", "names", "articles"],
)  # fmt: skip
def test_huge_pages_end_soon(body: bytes) -> None:
    started = time.process_time()
    _outcome(_page(body))
    assert time.process_time() - started < 10
