"""Publication dates: what is read, what is refused, which is chosen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.dates import (
    EARLIEST,
    choose_modified,
    choose_published,
    find_url_date,
    judge_dates,
    parse_date,
)
from transforms.article.model import DateCandidate

FETCHED = datetime(2024, 5, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-01", "2024-05-01T00:00:00+00:00"),
        ("2024-05-01T08:30:00Z", "2024-05-01T08:30:00+00:00"),
        ("2024-05-01T23:30:00-04:00", "2024-05-01T23:30:00-04:00"),
        ("Wed, 01 May 2024 08:30:00 +0200", "2024-05-01T08:30:00+02:00"),
        ("May 1, 2024", "2024-05-01T00:00:00+00:00"),
        ("1 May 2024 09:15 CEST", "2024-05-01T09:15:00+02:00"),
        ("  May 1,\n 2024 5:15 PM EDT ", "2024-05-01T17:15:00-04:00"),
        ("25/12/2023", "2023-12-25T00:00:00+00:00"),
    ],
)
def test_parse_date(value: str, expected: str) -> None:
    moment = parse_date(value)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "value",
    [
        "", "yesterday", "May 2024", "2024", "12:30", "May 1", "not a date", "x" * 200,
        "0001-01-01T00:00:00+23:00", "2024-13-45", "99999999999999999999",
    ],
)  # fmt: skip
def test_a_part_that_is_missing_is_never_filled_in(value: str) -> None:
    assert parse_date(value) is None


@given(st.text(max_size=90) | st.from_regex(r"[0-9A-Za-z:+,./ \-]{6,40}"))
def test_any_string_is_read_or_refused(value: str) -> None:
    moment = parse_date(value)
    assert moment is None or moment.utcoffset() is not None
    assert moment is None or moment.astimezone(UTC) == moment


def test_what_is_stated_for_machines_comes_before_what_was_guessed() -> None:
    candidates = [
        DateCandidate("htmldate:original", "2024-05-02"),
        DateCandidate("feed:published", "2024-05-03"),
        DateCandidate("meta:article:modified_time", "2024-05-05"),
        DateCandidate("jsonld:datePublished", "2024-05-04"),
    ]
    assert choose_published(candidates, FETCHED) == (
        datetime(2024, 5, 4, tzinfo=UTC),
        "jsonld:datePublished",
    )
    assert choose_modified(candidates, FETCHED, None) == (
        datetime(2024, 5, 5, tzinfo=UTC),
        "meta:article:modified_time",
    )


def test_a_change_before_the_publication_is_none() -> None:
    changed = [DateCandidate("jsonld:dateModified", "2024-05-01")]
    published_at = datetime(2024, 5, 4, tzinfo=UTC)
    assert choose_modified(changed, FETCHED, published_at) == (None, None)
    assert choose_modified(changed, FETCHED, published_at - timedelta(days=4))[0] is not None


def test_what_names_the_page_comes_before_any_time_on_it() -> None:
    candidates = [
        DateCandidate("time:datetime", "2024-05-01"),
        DateCandidate("sitemap:news", "2024-05-03"),
        DateCandidate("url:path", "2024-05-02"),
    ]
    assert choose_published(candidates, FETCHED)[1] == "sitemap:news"
    assert choose_published(candidates[::2], FETCHED)[1] == "time:datetime"


def test_each_candidate_says_why_it_cannot_be_chosen() -> None:
    stated = [
        DateCandidate("jsonld:datePublished", "1970-01-01"),
        DateCandidate("meta:date", "2031-01-01"),
        DateCandidate("meta:date", "soon"),
        DateCandidate("time:datetime", "2024-05-01"),
        DateCandidate("time:datetime", "2024-05-01"),
    ]
    assert [c.refused for c in judge_dates(stated, FETCHED)] == [
        "before_1990",
        "in_future",
        "unreadable",
        None,
    ]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://gazette.example/2024/05/01/ferries", "2024-05-01"),
        ("https://gazette.example/news/2024-5-1/ferries.html", "2024-05-01"),
        ("https://gazette.example/20240501-ferries", "2024-05-01"),
        ("https://gazette.example/2024/may/1/ferries", "2024-05-01"),
        ("https://gazette.example/2024/05/ferries", None),
        ("https://gazette.example/ferries-20245", None),
        ("https://gazette.example/x?day=/2024/05/01/", None),
    ],
)
def test_the_day_in_an_address(url: str, day: str | None) -> None:
    found = find_url_date(url)
    moment = parse_date(found.value) if found else None
    assert (moment and moment.date().isoformat()) == day


def test_a_modification_is_no_publication() -> None:
    changed = [DateCandidate("meta:article:modified_time", "2024-05-05")]
    assert choose_published(changed, FETCHED) == (None, None)


def test_an_implausible_date_gives_way_to_the_next() -> None:
    candidates = [
        DateCandidate("jsonld:datePublished", "1970-01-01"),
        DateCandidate("meta:date", "2031-01-01"),
        DateCandidate("time:datetime", "2024-05-01"),
    ]
    assert choose_published(candidates, FETCHED)[1] == "time:datetime"


@given(
    st.lists(
        st.builds(
            DateCandidate,
            st.sampled_from(
                ["jsonld:datePublished", "meta:date", "feed:published", "htmldate:original"]
            ),
            st.datetimes().map(datetime.isoformat) | st.dates().map(str) | st.text(max_size=20),
        )
    ),
    st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2050, 1, 1)),
)
def test_no_date_from_the_future_or_from_before_1990_is_chosen(
    candidates: list[DateCandidate], fetched: datetime
) -> None:
    fetched_at = fetched.replace(tzinfo=UTC)
    moment, method = choose_published(candidates, fetched_at)
    assert (moment is None) == (method is None)
    if moment is not None:
        assert EARLIEST <= moment <= fetched_at + timedelta(days=1)
