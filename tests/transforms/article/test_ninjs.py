"""IPTC ninjs documents to articles."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.model import DateCandidate, RawPage, Rejected
from transforms.article.ninjs import extract_ninjs

FETCHED = datetime(2025, 5, 10, 12, tzinfo=UTC)
ONE = {
    "uri": "urn:newsml:harbour.example:20250501:ferries",
    "type": "text",
    "versioncreated": "2025-05-01T09:00:00Z",
    "firstcreated": "2025-05-01T08:00:00Z",
    "language": "en-GB",
    "headline": "Ferries stop",
    "byline": "By Ada Northwood and Ben Quill",
    "located": "Lisbon",
    "body_text": "Ferries stop\nThe boats stayed in port.\n\nThe mayor said nothing.",
}
TWO = {
    "uri": "https://harbour.example/ferries?utm_source=wire",
    "type": "text",
    "versioncreated": "2025-05-02T09:00:00+02:00",
    "contentcreated": "2025-05-01T08:00:00+02:00",
    "copyrightholder": "dpa",
    "usageterms": "No machine learning.",
    "by": "Von Jörg Brandt, dpa",
    "headlines": [
        {"role": "short", "value": "Halt"},
        {"role": "main", "value": "Fähren stehen <i>still</i>"},
    ],
    "bodies": [
        {"role": "text", "contenttype": "text/plain", "value": "Die Boote blieben. Niemand kam."},
        {
            "role": "html",
            "contenttype": "text/html",
            "value": "<section><h1>Fähren stehen still</h1><p>Die <b>Boote</b>\n blieben.</p>"
            "<figure><figcaption>Ein Boot</figcaption></figure><p>Niemand kam.<br>Nie.</section>",
        },
    ],
    "infosources": [{"name": "AFP"}, {"literal": "x"}],
    "rightsinfo": {"linkedrights": "https://harbour.example/rights"},
}
THREE = {
    "uri": "urn:x:3",
    "versionCreated": "2025-05-01T09:00:00Z",
    "headlines": [{"value": "Ferries & boats: 5 < 6"}],
    "by": "Ada Northwood",
    "bodies": [{"role": "main", "contentType": "application/xhtml+xml", "value": "<p>One.</p>Two"}],
}
WORDS = ("", " ", "urn:x", "<p>One", "<p>", "&lt;", "\ud800", "\x00a", "text/html", "text", "2025")


def _page(item: object) -> RawPage:
    return RawPage("wire/1.json", json.dumps(item).encode(), None, FETCHED)


def test_version_1() -> None:
    article = extract_ninjs(_page(ONE))
    assert article.canonical_url == "urn:newsml:harbour.example:20250501:ferries"
    assert article.url is None
    assert article.text == "The boats stayed in port.\nThe mayor said nothing."
    assert article.headline == "Ferries stop"
    assert article.byline == "By Ada Northwood and Ben Quill"
    assert article.authors == ("Ada Northwood", "Ben Quill")
    assert article.dateline == "Lisbon"
    assert article.language == "en"
    assert article.published_at == datetime(2025, 5, 1, 8, tzinfo=UTC)
    assert article.published_method == "ninjs:firstcreated"
    assert article.modified_at == datetime(2025, 5, 1, 9, tzinfo=UTC)


def test_version_2_prefers_the_rendition_that_has_paragraphs() -> None:
    article = extract_ninjs(_page(TWO))
    assert article.canonical_url == "https://harbour.example/ferries"
    assert article.headline == "Fähren stehen still"
    assert article.text == "Die Boote blieben.\nNiemand kam.\nNie."
    assert article.authors == ("Jörg Brandt",)
    assert article.credits == ("dpa", "AFP")
    assert article.published_method == "ninjs:versioncreated"
    assert article.reservations == (
        "usageterms:No machine learning.",
        "rightsinfo:https://harbour.example/rights",
    )


def test_version_3_writes_names_in_camel_case() -> None:
    article = extract_ninjs(_page(THREE))
    assert article.headline == "Ferries & boats: 5 < 6"
    assert article.text == "One.\nTwo"
    assert article.published_at == datetime(2025, 5, 1, 9, tzinfo=UTC)
    assert article.language is None


def test_nitf_is_read_where_nothing_else_is() -> None:
    nitf = (
        '<?xml version="1.0"?><nitf><head><title>T</title></head><body><body.head><hedline>'
        "<hl1>Ferries stop</hl1></hedline></body.head><body.content><p>One.</p><p>Two.</p>"
        "</body.content><body.end>End</body.end></body></nitf>"
    )
    item = {"uri": "urn:x", "bodies": [{"contenttype": "application/nitf+xml", "value": nitf}]}
    assert extract_ninjs(_page(item)).text == "One.\nTwo."


def test_a_date_in_the_future_is_kept_and_not_chosen() -> None:
    article = extract_ninjs(_page(THREE | {"versionCreated": "2031-01-01T00:00:00Z"}))
    assert article.published_at is None
    stated = DateCandidate("ninjs:versioncreated", "2031-01-01T00:00:00Z", "in_future")
    assert article.published_candidates == (stated,)


@pytest.mark.parametrize(
    ("item", "rule", "words"),
    [
        ([ONE], "not_an_object", "list"),
        ({"title": "A feed"}, "not_ninjs", "is it ninjs"),
        (ONE | {"type": "picture"}, "not_text", "picture"),
        (ONE | {"pubstatus": "canceled"}, "withheld", "cancelled"),
        (ONE | {"embargoed": "2025-06-01T00:00:00Z"}, "embargoed", "2025-06-01"),
        (ONE | {"embargoed": "soon"}, "bad_date", "soon"),
        (ONE | {"uri": 7}, "wrong_type", "int"),
        (TWO | {"bodies": "x"}, "wrong_type", "no list"),
        (TWO | {"bodies": []}, "no_text", "no body"),
        (ONE | {"body_text": "Ferries stop"}, "no_text", "no body"),
        (ONE | {"headline": "\ud800"}, "encoding", "surrogate"),
    ],
)
def test_what_is_refused_says_why(item: object, rule: str, words: str) -> None:
    with pytest.raises(Rejected) as caught:
        extract_ninjs(_page(item))
    assert caught.value.rule == rule
    assert "wire/1.json" in caught.value.reason
    assert words in caught.value.reason


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"<html>"])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        extract_ninjs(RawPage("wire/1.json", body, None, FETCHED))
    assert caught.value.rule == "json"


def test_a_past_embargo_is_over() -> None:
    assert extract_ninjs(_page(ONE | {"embargoed": "2025-05-02T00:00:00Z"})).headline


@given(
    st.dictionaries(
        st.sampled_from([*ONE, *TWO, *THREE]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["value", "role", "contenttype"]), inner)
            ),
            max_leaves=6,
        ),
    )
)
def test_any_document_gives_an_article_or_a_refusal(item: dict[str, object]) -> None:
    try:
        article = extract_ninjs(_page(item))
    except Rejected:
        return
    assert article.text
    article.text.encode()
