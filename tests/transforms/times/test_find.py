"""Expressions found and resolved, with and without a publication date."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.document import Document
from transforms.text import Text
from transforms.times.find import find_times
from warehouse.tables import Time

PUBLISHED = datetime(2021, 5, 12, 9, 30)  # a Wednesday


def times(text: str, published: datetime | None = PUBLISHED) -> list[Time]:
    """Times of a text without a parse: every rule but tense and names is at work."""
    document = Document(text, [], [], [], [], [], [], [], [], [], [], [])
    return find_times(Text("a", "0", text, published_at=published), document)


@pytest.mark.parametrize(
    ("text", "surface", "kind", "value"),
    [
        ("They met on March 3, 2019.", "March 3, 2019", "DATE", "2019-03-03"),
        ("They met on 3 March 2019.", "3 March 2019", "DATE", "2019-03-03"),
        ("It opened on the 3rd of March.", "the 3rd of March", "DATE", "2021-03-03"),
        ("It fell two years ago.", "two years ago", "DATE", "2019"),
        ("It fell last week.", "last week", "DATE", "2021-W18"),
        ("It closed last June.", "last June", "DATE", "2020-06"),
        ("It closed last Friday.", "last Friday", "DATE", "2021-05-07"),
        ("It will close next month.", "next month", "DATE", "2021-06"),
        ("Fire broke out Monday night.", "Monday night", "TIME", "2021-05-10TNI"),
        ("Doors open at 7:15 p.m. today.", "7:15 p.m. today", "TIME", "2021-05-12T19:15"),
        (
            "Sales rose in the third quarter of 2018.",
            "the third quarter of 2018",
            "DATE",
            "2018-Q3",
        ),
        ("It grew in the first half of 2018.", "the first half of 2018", "DATE", "2018-H1"),
        (
            "It grew in the second half of last year.",
            "the second half of last year",
            "DATE",
            "2020-H2",
        ),
        ("It ran for nearly two decades.", "nearly two decades", "DURATION", "P20Y"),
        ("They waited 2 1/2 years.", "2 1/2 years", "DURATION", "P2Y6M"),
        ("They meet every Tuesday.", "every Tuesday", "SET", "XXXX-WXX-2"),
        ("In the late 1970s it grew.", "the late 1970s", "DATE", "197"),
        ("It is now closed.", "now", "DATE", "PRESENT_REF"),
        ("Shops shut on Thanksgiving.", "Thanksgiving", "DATE", "2020-11-26"),
    ],
)
def test_values(text: str, surface: str, kind: str, value: str) -> None:
    (found,) = times(text)
    assert (text[found.start : found.end], found.timex_type) == (surface, kind)
    assert found.timex_value == value


def test_a_past_week_reaches_back_from_the_day_of_its_sentence() -> None:
    (day, week) = times("Officials said on May 10 that in the past week ten boats had sunk.")
    assert day.timex_value == "2021-05-10"
    assert (week.timex_value, week.anchor) == ("P1W", "text")
    assert (week.start_at, week.end_at) == (datetime(2021, 5, 3), datetime(2021, 5, 11))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They met on July 25.", "XXXX-07-25"),
        ("They met in July.", "XXXX-07"),
        ("They met on Friday.", "XXXX-WXX-5"),
        ("They met yesterday.", "XXXX-XX-XX"),
        ("They met last year.", "XXXX"),
        ("They meet on Christmas Day.", "XXXX-12-25"),
        ("They met in July 2015.", "2015-07"),
    ],
)
def test_without_a_publication_date_nothing_is_guessed(text: str, value: str) -> None:
    (found,) = times(text, None)
    assert found.timex_value == value
    assert (found.start_at is None) == value.startswith("XXXX")


@pytest.mark.parametrize(
    "text",
    [
        "It may march on in the fall of the house.",
        "The 19-year-old won, and the sun shone.",
        "He is 40 years old.",
        "They paid $1999 and 12% more.",
        "A quarter of the cake was gone.",
        "On February 30, 2019",
    ],
)
def test_no_times(text: str) -> None:
    assert [text[t.start : t.end] for t in times(text) if t.end - t.start > 4] == []


def test_numbers_beyond_measure_do_no_harm() -> None:
    assert [t.timex_value for t in times("9" * 400 + " years")] == ["PXY"]
    times("9999999999 years ago, " + "hundred " * 400 + "days later")


WORD_LIST = (
    "the last next past two 31 1999 May Sept. Friday 7:15 p.m. year-old quarter third of ago , "
    "'s mid - 0 9999 00:99 13/13/2020 2019-99-99 decades earlier ² ٣ İ half hundred million"
)
WORDS = st.sampled_from(WORD_LIST.split())


@given(st.one_of(st.text(), st.lists(WORDS, max_size=14).map(" ".join)), st.booleans())
def test_any_text_gives_exact_ordered_spans(text: str, dated: bool) -> None:
    position = 0
    for found in times(text, PUBLISHED if dated else None):
        assert 0 <= found.start < found.end <= len(text)
        assert not text[found.start : found.end][0].isspace()
        if found.start_at and found.end_at:
            assert found.end_at > found.start_at
        if not found.rule.startswith("interval"):
            assert position <= found.start
            position = found.end
