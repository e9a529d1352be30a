"""Lines of JSONL and text files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.lines import parse_line, read_text
from transforms.article.model import Rejected

WHERE = "docs.jsonl, line 3"
LINE = {"id": "a1", "text": "LISBON (Reuters) - Ferries stopped on Monday.", "language": "en"}


def _line(**fields: Any) -> bytes:
    return json.dumps({**LINE, **fields}).encode()


def test_a_full_line() -> None:
    document_id, article = parse_line(
        _line(title="Ferries stop", url="https://gazette.example/1", published_at="2024-05-01"),
        where=WHERE,
        default_published=None,
    )
    assert document_id == "a1"
    assert article.headline == "Ferries stop"
    assert article.url == "https://gazette.example/1"
    assert article.published_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert article.published_method == "line:published_at"
    assert article.dateline == "LISBON (Reuters)"
    assert article.credits == ("Reuters",)
    assert article.language == "en"


def test_the_default_date_is_used_where_a_line_states_none() -> None:
    default = datetime(2024, 5, 2, tzinfo=UTC)
    _, article = parse_line(_line(), where=WHERE, default_published=default)
    assert (article.published_at, article.published_method) == (default, "option:published")
    _, dated = parse_line(_line(published_at="2024-05-01"), where=WHERE, default_published=default)
    assert dated.published_method == "line:published_at"


def test_unknown_stays_unknown() -> None:
    _, article = parse_line(b'{"id": 7, "text": "Short."}', where=WHERE, default_published=None)
    assert article.published_at is None
    assert article.published_method is None
    assert article.language is None
    assert article.headline is None


@pytest.mark.parametrize(
    ("line", "rule", "advice"),
    [
        (b'{"id": "a", "text": "\xff"}', "encoding", "UTF-8"),
        (b'{"id": "a", "text": "\\ud800"}', "encoding", "mend the escape"),
        (b'{"id": "a", "text": "b", "title": "\\ud800"}', "encoding", "mend the escape"),
        (b"{'id': 1}", "json", "not JSON"),
        (b"[" * 100_000, "json", "not JSON"),
        (b"[1, 2]", "not_an_object", "'id' and 'text'"),
        (b'{"text": "b"}', "missing_field", "'id'"),
        (b'{"id": "a"}', "missing_field", "'text'"),
        (b'{"id": "a", "text": "  "}', "missing_field", "'text'"),
        (b'{"id": "a", "text": 5}', "wrong_type", "'text'"),
        (b'{"id": true, "text": "b"}', "wrong_type", "'id'"),
        (b'{"id": "a", "text": "b", "title": []}', "wrong_type", "'title'"),
        (b'{"id": "a", "text": "b", "authors": [1]}', "wrong_type", "'authors'"),
        (b'{"id": "a", "text": "b", "published_at": "soon"}', "bad_date", "ISO 8601"),
    ],
)
def test_what_is_refused_says_where_and_what_to_do(line: bytes, rule: str, advice: str) -> None:
    with pytest.raises(Rejected) as caught:
        parse_line(line, where=WHERE, default_published=None)
    assert caught.value.rule == rule
    assert WHERE in caught.value.reason
    assert advice in caught.value.reason


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_the_text_of_a_line_is_kept_exactly(text: str) -> None:
    if not text.strip():
        return
    for ascii_only in (True, False):
        line = json.dumps({**LINE, "text": text}, ensure_ascii=ascii_only).encode()
        assert parse_line(line, where=WHERE, default_published=None)[1].text == text


@given(
    st.binary(max_size=200)
    | st.dictionaries(
        st.sampled_from(["id", "text", "title", "url", "published_at", "language", "authors"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
    ).map(lambda record: json.dumps(record).encode())
)
def test_any_line_is_read_or_refused(line: bytes) -> None:
    try:
        document_id, article = parse_line(line, where=WHERE, default_published=None)
    except Rejected:
        return
    assert document_id
    assert article.text.strip()


def test_a_text_file_is_the_article() -> None:
    article = read_text("LISBON (AFP) – Ferries stopped.\r\n\r\n  Ende ".encode(), where="a.txt")
    assert article.text == "LISBON (AFP) – Ferries stopped.\r\n\r\n  Ende "
    assert article.dateline == "LISBON (AFP)"
    assert article.published_at is None


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(body: bytes) -> None:
    try:
        article = read_text(body, where="a.txt")
    except Rejected:
        return
    assert article.text.strip()
