"""What a page says of itself for machines."""

from __future__ import annotations

import json

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.metadata import Metadata, read_metadata
from transforms.article.model import DateCandidate


def _read(html: str) -> Metadata:
    return read_metadata(lxml.html.document_fromstring(html, ensure_head_body=True))


def _ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script><p>x'


def test_json_ld_of_an_article() -> None:
    found = _read(
        _ld(
            {
                "@graph": [
                    {"@type": "WebSite", "name": "Harbour Gazette"},
                    {
                        "@type": ["NewsArticle"],
                        "headline": "Ferries stop",
                        "author": [
                            {"@type": "Person", "name": "Ada Northwood"},
                            {"@type": "Organization", "name": "Harbour Gazette"},
                        ],
                        "datePublished": "2024-05-01",
                        "dateModified": "2024-05-02",
                    },
                ]
            }
        )
    )
    assert found.headlines[0] == "Ferries stop"
    assert found.structured_authors == ["Ada Northwood"]
    assert found.dates == [
        DateCandidate("jsonld:datePublished", "2024-05-01"),
        DateCandidate("jsonld:dateModified", "2024-05-02"),
    ]


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "Article", "headline": "Ferries stop"} -->',
        '{"@type": "Article", "headline": "Ferries stop",}',
        '//<![CDATA[\n{"@type": "Article", "headline": "Ferries stop"}\n//]]>',
        '{"@type": "Article", "headline": "Ferries stop", "articleBody": "One\nTwo"};',
    ],
)
def test_json_ld_with_the_usual_defects_is_read(script: str) -> None:
    assert _read(f'<script type="application/ld+json">{script}</script><p>x').headlines == [
        "Ferries stop"
    ]


@pytest.mark.parametrize("script", ["", "{", "[" * 100_000, "null", '{"@type": {"a": 1}}', "1e999"])
def test_broken_json_ld_is_passed_over(script: str) -> None:
    html = f'<script type="application/ld+json">{script}</script><h1>Ferries stop</h1>'
    assert _read(html).headlines == ["Ferries stop"]


def test_json_ld_of_another_thing_is_not_the_article() -> None:
    assert (
        _read(_ld({"@type": "Recipe", "name": "Soup", "datePublished": "2001-01-01"})).dates == []
    )


def test_meta_tags() -> None:
    found = _read(
        '<html lang="en-GB"><head><meta property="og:title" content="Ferries stop">'
        '<meta property="og:site_name" content="Harbour Gazette">'
        '<meta name="author" content="Ada Northwood">'
        '<meta property="article:published_time" content="2024-05-01T08:00:00Z">'
        '<meta property="article:modified_time" content="2024-05-02">'
        '<link rel="canonical" href="https://gazette.example/1"><title>T</title></head><p>x'
    )
    assert found.headlines == ["Ferries stop", "T"]
    assert found.sites == ["Harbour Gazette"]
    assert found.authors == ["Ada Northwood"]
    assert found.dates == [
        DateCandidate("meta:article:published_time", "2024-05-01T08:00:00Z"),
        DateCandidate("meta:article:modified_time", "2024-05-02"),
    ]
    assert found.url == "https://gazette.example/1"
    assert found.languages == ["en-GB"]


def test_what_readers_see() -> None:
    found = _read(
        '<h1> Ferries\n stop </h1><span itemprop="datePublished" content="2024-05-01"></span>'
        '<time datetime="2024-05-02">2 May</time><a rel="author">Ada Northwood</a>'
        '<p class="byline">By Ben Quill</p>'
    )
    assert found.headlines == ["Ferries stop"]
    assert [d.method for d in found.dates] == ["microdata:datePublished", "time:datetime"]
    assert found.authors == ["Ada Northwood", "By Ben Quill"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["@type", "@graph", "author", "name", "headline", "datePublished"]),
                inner | st.just("Article"),
                max_size=4,
            )
        ),
    )
)
def test_any_json_ld_is_read(value: object) -> None:
    found = _read(_ld(value))
    assert all(isinstance(h, str) for h in found.headlines + found.authors)


def test_what_is_escaped_twice_is_read() -> None:
    found = _read(_ld({"@type": "Article", "headline": "The mayor&#8217;s bridge"}))
    assert found.headlines == ["The mayor’s bridge"]


def test_the_label_of_a_preview_card_says_what_its_data_are() -> None:
    found = _read(
        '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" '
        'content="Ada Northwood"><meta name="twitter:label2" content="Reading time">'
        '<meta name="twitter:data2" content="3 minutes"><p>x'
    )
    assert found.authors == ["Ada Northwood"]


def test_an_organisation_as_author_is_kept_apart() -> None:
    found = _read(_ld({"@type": "Article", "author": {"@type": "Organization", "name": "dpa"}}))
    assert found.authors == []
    assert found.organisations == ["dpa"]


def test_a_long_element_of_class_author_is_no_byline() -> None:
    assert _read(f'<div class="author-box">{"Ada writes on. " * 20}</div>').authors == []


def test_authors_named_by_reference_are_found() -> None:
    graph = """{"@graph": [
        {"@type": "NewsArticle", "headline": "Ferries", "author": {"@id": "#ada"}},
        {"@type": "Person", "@id": "#ada", "name": "Ada Northwood"}]}"""
    found = _read(f'<script type="application/ld+json">{graph}</script>')
    assert found.structured_authors == ["Ada Northwood"]


def test_the_stated_story_is_read() -> None:
    story = '{"@type": "NewsArticle", "articleBody": "The ferry left."}'
    assert _read(f'<script type="application/ld+json">{story}</script>').story == "The ferry left."


def test_related_stories_on_the_page_are_not_the_article() -> None:
    nodes = [
        {
            "@type": "NewsArticle",
            "headline": "Bridge opens",
            "url": "https://gazette.example/2",
            "author": "Ben Quill",
            "datePublished": "2024-04-01",
        },
        {
            "@type": "NewsArticle",
            "headline": "Ferries stop",
            "mainEntityOfPage": {"@id": "http://www.gazette.example/1/?x=1"},
            "author": {"@type": "Person", "givenName": "Ada", "familyName": "Northwood"},
            "datePublished": "2024-05-01",
        },
    ]
    html = f'<link rel="canonical" href="https://gazette.example/1">{_ld(nodes)}'
    found = _read(html)
    assert found.stated_headlines == ["Ferries stop"]
    assert found.structured_authors == ["Ada Northwood"]
    assert found.dates == [DateCandidate("jsonld:datePublished", "2024-05-01")]
    assert _read(f"<h1>Bridge opens</h1>{_ld(nodes)}").structured_authors == ["Ben Quill"]
    assert _read(_ld(nodes)).stated_headlines == ["Bridge opens"]


def test_a_general_account_is_nobody() -> None:
    author = {"@type": "Person", "name": "Gazette G", "url": "https://g.example/author/admin/"}
    found = _read(_ld({"@type": "Article", "author": author}))
    assert found.structured_authors == []
    assert "gazetteg" in found.names_of_nobody()


def test_reservations_of_use() -> None:
    found = _read(
        '<meta name="robots" content="index, NOAI,noimageai"><meta name="bingbot" '
        'content="noarchive"><meta name="tdm-reservation" content="1"><meta name="tdm-policy" '
        'content="https://gazette.example/tdm.json"><meta name="about" content="noai"><p>x'
    )
    assert found.reservations == [
        "robots:noai", "robots:noimageai", "bingbot:noarchive", "tdm-reservation:1",
        "tdm-policy:https://gazette.example/tdm.json",
    ]  # fmt: skip


def test_notices_of_corrections_are_found_wherever_they_stand() -> None:
    found = _read(
        '<div class="foot"><p><strong>Correction:</strong> It was Tuesday.</p></div>'
        '<a href="/x"><span>Correction: pointers are no notices</span></a>'
    )
    assert found.notices == ["Correction: It was Tuesday."]
    stated = _ld({"@type": "Article", "correction": {"text": "It was Tuesday."}})
    assert _read(stated).notices == ["It was Tuesday."]


def test_a_byline_without_any_mark_is_found() -> None:
    assert _read("<p>By Ada Northwood</p><p>By then the ferry had left.</p>").authors[:1] == [
        "By Ada Northwood"
    ]


def test_a_time_of_update_is_no_time_of_publication() -> None:
    found = _read('<time class="updated" datetime="2024-05-02">2 May</time>')
    assert found.dates == [DateCandidate("time:updated", "2024-05-02")]


def test_one_element_with_two_properties_says_both_in_their_order() -> None:
    html = '<time itemprop="dateModified datePublished" datetime="2024-05-01">1 May</time>'
    assert [d.method for d in _read(html).dates] == [
        "microdata:dateModified",
        "microdata:datePublished",
        "time:datetime",
    ]


def test_the_languages_a_page_declares_best_first() -> None:
    found = _read(
        '<html lang="en"><link rel="canonical" href="https://gazette.example/es/1">'
        '<link rel="alternate" hreflang="es-MX" href="https://gazette.example/es/1">'
        '<link rel="alternate" hreflang="en" href="https://gazette.example/1">'
        '<meta property="og:locale" content="es_ES"><p>x'
    )
    assert found.languages == ["en", "es_ES", "es-MX"]


def test_a_section_is_nobody() -> None:
    found = _read('<meta property="article:section" content="Ocean Life"><p>x')
    assert "oceanlife" in found.names_of_nobody()
