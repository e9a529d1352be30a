"""Expressions found and resolved, with and without a publication date."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.language.document import Document
from transforms.text import Text
from transforms.times.find import find_times
from warehouse.tables import Time

PUBLISHED = datetime(2021, 5, 12, 9, 30)  # a Wednesday


def times(text: str, published: datetime | None = PUBLISHED, zone: str | None = None) -> list[Time]:
    """Times of a text without a parse: every rule but tense and names is at work."""
    document = Document(text, [], [], [], [], [], [], [], [], [], [], [])
    return find_times(Text("a", "0", text, published_at=published, zone=zone), document)


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
        ("It opened the day after tomorrow.", "the day after tomorrow", "DATE", "2021-05-14"),
        ("They marched on Tuesday of last week.", "Tuesday of last week", "DATE", "2021-05-04"),
        ("It ran six years and eight months.", "six years and eight months", "DURATION", "P6Y8M"),
        ("He got four and a half years.", "four and a half years", "DURATION", "P4Y6M"),
        (
            "He won in 4 hours, 31 minutes, 53 seconds.",
            "4 hours, 31 minutes, 53 seconds",
            "DURATION",
            "PT4H31M53S",
        ),
        ("It closed a year and a half ago.", "a year and a half ago", "DATE", "2019-11"),
        ("A three-to-six-day trip.", "three-to-six-day", "DURATION", "PXD"),
        ("It took a quarter of an hour.", "a quarter of an hour", "DURATION", "PT15M"),
        ("It was dry in Q3 2018.", "Q3 2018", "DATE", "2018-Q3"),
        ("It sold out in '98.", "'98", "DATE", "1998"),
        ("It closed in the year two thousand.", "the year two thousand", "DATE", "2000"),
        ("It closed in fiscal 2019.", "fiscal 2019", "DATE", "2019"),
        ("They met this past weekend.", "this past weekend", "DATE", "2021-W18-WE"),
        ("It ran for half an hour.", "half an hour", "DURATION", "PT30M"),
        ("It runs three to four days.", "three to four days", "DURATION", "PXD"),
        ("A week-long fair.", "week-long", "DURATION", "P1W"),
        ("The decades-long feud.", "decades-long", "DURATION", "PXDE"),
        ("They pay in the coming weeks.", "the coming weeks", "DURATION", "PXW"),
        ("It shuts on Sundays.", "Sundays", "SET", "XXXX-WXX-7"),
        ("They dance on Friday nights.", "Friday nights", "SET", "XXXX-WXX-5TNI"),
        ("Doors open at 1800 GMT.", "1800 GMT", "TIME", "2021-05-12T18:00"),
        ("Doors open at 7.15pm.", "7.15pm", "TIME", "2021-05-12T19:15"),
        ("Doors open at 7 in the evening.", "7 in the evening", "TIME", "2021-05-12T19:00"),
        ("They fasted through Ramadan.", "Ramadan", "DURATION", "P30D"),
        ("It closes on Eid al-Fitr.", "Eid al-Fitr", "DATE", "2021-05-13"),
        ("It rains in the week of May 24.", "the week of May 24", "DATE", "2021-W21"),
        ("Shops shut on Thanksgiving.", "Thanksgiving", "DATE", "2020-11-26"),
        (
            "By mid-afternoon yesterday it rained.",
            "mid-afternoon yesterday",
            "TIME",
            "2021-05-11TAF",
        ),
        (
            "They meet on the first Monday in June.",
            "the first Monday in June",
            "DATE",
            "2021-06-07",
        ),
        (
            "It ran on the last Friday of May 2019.",
            "the last Friday of May 2019",
            "DATE",
            "2019-05-31",
        ),
        (
            "It ran on the 2nd Sunday of March this year.",
            "the 2nd Sunday of March this year",
            "DATE",
            "2021-03-14",
        ),
        ("It rained all of the 2012-13 season.", "2012-13", "DURATION", "P2Y"),
        (
            "It grows in the second half of the year.",
            "the second half of the year",
            "DATE",
            "2021-H2",
        ),
        ("On the night of May 3 it burned.", "the night of May 3", "TIME", "2021-05-03TNI"),
        ("It ran two years or so.", "two years or so", "DURATION", "P2Y"),
        ("It closed a week or so ago.", "a week or so ago", "DATE", "2021-W18"),
        ("They meet in the coming weekend.", "the coming weekend", "DATE", "2021-W19-WE"),
        ("It was big in the ’70s.", "the ’70s", "DATE", "197"),
        ("It ran on Tuesday, June 30.", "Tuesday, June 30", "DATE", "2020-06-30"),
        ("It lost money in fiscal years 2019.", "2019", "DATE", "2019"),
        ("It fell in the last week.", "the last week", "DURATION", "P1W"),
        ("The last week of May was dry.", "May", "DATE", "2021-05"),
        ("It fell more than two decades ago.", "more than two decades ago", "DATE", "2001"),
        ("It rained earlier in the year.", "earlier in the year", "DATE", "2021"),
        ("He landed later in the day.", "later in the day", "DATE", "2021-05-12"),
        ("It must be in place by year's end.", "year's end", "DATE", "2021"),
        ("Prices fell in the early summer.", "the early summer", "DATE", "2020-SU"),
        ("It matters in the near term.", "the near term", "DATE", "FUTURE_REF"),
        ("They lost money for several quarters.", "several quarters", "DURATION", "PXQ"),
        ("It rose in the latest period.", "the latest period", "DATE", "2021-Q1"),
        ("It lost 3 million in the 2019 quarter.", "the 2019 quarter", "DATE", "2019-Q1"),
        (
            "In the year-ago fourth quarter it lost.",
            "the year-ago fourth quarter",
            "DATE",
            "2019-Q4",
        ),
        ("It rose from the same period last year.", "the same period last year", "DATE", "2020"),
    ],
)
def test_values(text: str, surface: str, kind: str, value: str) -> None:
    (found,) = times(text)
    assert (text[found.start : found.end], found.timex_type) == (surface, kind)
    assert found.timex_value == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It closed in 2016; two years later it burned.", ["2016", "2018"]),
        ("He won on March 3, 2019, and left the next day.", ["2019-03-03", "2019-03-04"]),
        ("It rose in 1999 and fell in the following year.", ["1999", "2000"]),
        ("It opened on May 3, 2019. That day it rained.", ["2019-05-03", "2019-05-03"]),
        ("It opened in May 2019. Critics came that month.", ["2019-05", "2019-05"]),
        ("It opened in 2019. That day it rained.", ["2019", "XXXX-XX-XX"]),
        ("Two years later it burned.", ["XXXX"]),
        ("It rose in 2016 from a low the year before.", ["2016", "2015"]),
        ("It opened on March 3, 2019; two days before, it rained.", ["2019-03-03", "2019-03-01"]),
        ("It opened in 2016. A year after, it burned.", ["2016", "2017"]),
        ("It runs from July 1 to June 30, 2022.", ["2021-07-01", "2022-06-30", "P1Y"]),
        ("He spoke on Monday at 9 p.m.", ["2021-05-10", "2021-05-10T21:00"]),
        ("At 9 p.m. on Monday he spoke.", ["2021-05-10T21:00", "2021-05-10"]),
    ],
)
def test_a_date_of_the_text_is_the_anchor(text: str, values: list[str]) -> None:
    found = times(text)
    assert [t.timex_value for t in found] == values
    assert all((t.anchor == "none") == (t.anchor_value is None) for t in found)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Profit rose in the third quarter of 2020. It lost 3 million in the same period of 2018.",
         ["2020-Q3", "2018-Q3"]),
        ("Profit rose in the first quarter from a loss in the corresponding period last year.",
         ["2021-Q1", "2020-Q1"]),
        ("Sales fell in April from the same period a year earlier.", ["2021-04", "2020-04"]),
        ("Profit rose in the first quarter. It rose on Monday. In the 2019 period it lost.",
         ["2021-Q1", "2021-05-10", "2019-Q1"]),
        ("It lost 2 million in the quarter ended July 31, from a million a year earlier.",
         ["2021-Q2", "2021-07-31", "2020-Q2"]),
        ("It grew in the three months to March from a year earlier.",
         ["P3M", "2021-03", "2020-Q1"]),
        ("It grew in the fiscal fourth quarter. In the quarter ended March 31 it lost.",
         ["2020-Q4", "2020-Q4", "2021-03-31"]),
        ("It grew in the first quarter. For the nine months, sales rose from a year earlier.",
         ["2021-Q1", "P9M", "2020"]),
        ("It grew in the first quarter, and will in the third quarter of 2022. It lost a year ago.",
         ["2021-Q1", "2022-Q3", "2020-Q1"]),
        ("It opened in 2016, and in the same period of 2019 it burned.", ["2016", "2019"]),
    ],
)  # fmt: skip
def test_compared_periods_are_those_that_the_text_tells_of(text: str, values: list[str]) -> None:
    assert [t.timex_value for t in times(text)] == values


@pytest.mark.parametrize(
    ("text", "surface", "rule", "value", "start", "end"),
    [
        (
            "Between May 3 and 5 it rained.", "Between May 3 and 5", "interval.between", "P3D",
            datetime(2021, 5, 3), datetime(2021, 5, 6),
        ),
        (
            "Open from 10:00 to 15:00.", "from 10:00 to 15:00", "interval.from", "PT5H",
            datetime(2021, 5, 12, 10), datetime(2021, 5, 12, 15),
        ),
        (
            "Open from 10 a.m. to 5 p.m. Monday.", "from 10 a.m. to 5 p.m. Monday", "interval.from",
            "PT7H", datetime(2021, 5, 10, 10), datetime(2021, 5, 10, 17),
        ),
        (
            "From 1994 until 1997 it was shut.", "From 1994 until 1997", "interval.from", "P4Y",
            datetime(1994, 1, 1), datetime(1998, 1, 1),
        ),
        (
            "Between 3 and 5 May it rained.", "Between 3 and 5 May", "interval.between", "P3D",
            datetime(2021, 5, 3), datetime(2021, 5, 6),
        ),
        (
            "It rained on 3-5 May 2019.", "3-5 May 2019", "interval.dash", "P3D",
            datetime(2019, 5, 3), datetime(2019, 5, 6),
        ),
        (
            "They met May 3-5.", "May 3-5", "interval.dash", "P3D",
            datetime(2021, 5, 3), datetime(2021, 5, 6),
        ),
        (
            "It ran from April 24 to May 2, 2019.", "from April 24 to May 2, 2019",
            "interval.from", "P9D", datetime(2019, 4, 24), datetime(2019, 5, 3),
        ),
    ],
)  # fmt: skip
def test_an_interval_stands_beside_its_parts(
    text: str, surface: str, rule: str, value: str, start: datetime, end: datetime
) -> None:
    first, second, interval = times(text)
    assert text[interval.start : interval.end] == surface
    assert (interval.rule, interval.timex_value) == (rule, value)
    assert (interval.start_at, interval.end_at) == (start, end)
    assert interval.start <= first.start < first.end < second.start
    assert first.start_at == start


def test_before_a_noun_tells_no_date() -> None:
    text = "Two days before the vote, and a week after it, they met."
    assert [t.timex_value for t in times(text)] == ["P2D", "P1W"]


@pytest.mark.parametrize("text", ["On May 3 and 5 people died.", "On May 3, 5 people died."])
def test_a_count_shares_no_month(text: str) -> None:
    assert [text[t.start : t.end] for t in times(text)] == ["May 3"]


@pytest.mark.parametrize(
    ("text", "source", "zone", "origin", "start"),
    [
        ("At 9 p.m. EST it ended.", None, "-05:00", "text", datetime(2021, 5, 13, 2)),
        ("At 9 p.m. ET it ended.", "Europe/Athens", "America/New_York", "text",
         datetime(2021, 5, 13, 1)),
        ("At 9 p.m. it ended.", "Europe/Athens", "Europe/Athens", "source",
         datetime(2021, 5, 12, 18)),
        ("At 9 p.m. it ended.", None, None, None, datetime(2021, 5, 12, 21)),
        ("On May 4 it ended.", "Europe/Athens", None, None, datetime(2021, 5, 4)),
    ],
)  # fmt: skip
def test_the_zone_is_the_texts_or_assumed_from_the_source(
    text: str, source: str | None, zone: str | None, origin: str | None, start: datetime
) -> None:
    (found,) = times(text, zone=source)
    assert (found.zone, found.zone_from, found.start_at) == (zone, origin, start)


def test_the_publication_day_is_that_of_the_source() -> None:
    late = datetime(2021, 5, 12, 22, 30)  # half past one on the 13th in Athens
    assert [t.timex_value for t in times("It ended today.", late)] == ["2021-05-12"]
    assert [t.timex_value for t in times("It ended today.", late, "Europe/Athens")] == [
        "2021-05-13"
    ]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("It has been shut since 2015.", "2015/.."),
        ("It has been shut since last week.", "2021-05-03/.."),
        ("It was shut until March 2019.", "../2019-03"),
        ("It was open until last week.", "../2021-05-09"),
        ("It was shut in March 2019.", "2019-03"),
        ("It sold two in fiscal 2019.", "2019~"),
        ("It sold two in the fiscal third quarter.", "2020-35~"),
        ("It rained all of the 2012-13 season.", "2012-01-01/2013-12-31"),
    ],
)
def test_edtf_says_what_is_open_and_what_is_near(text: str, edtf: str) -> None:
    (found,) = times(text)
    assert found.edtf == edtf
    assert found.start_at is not None


def test_a_fifth_monday_where_the_month_has_four_is_no_day() -> None:
    assert times("It ran on the fifth Monday of June 2021.") == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("It fell in the nine months ended Sept. 30, 2020.", datetime(2020, 1, 1),
         datetime(2020, 10, 1)),
        ("It fell in the 12 months through April.", datetime(2020, 5, 1), datetime(2021, 5, 1)),
        ("It falls in the year ending June 30.", datetime(2020, 7, 1), datetime(2021, 7, 1)),
    ],
)  # fmt: skip
def test_a_length_up_to_its_end_has_an_interval(text: str, start: datetime, end: datetime) -> None:
    length, last = times(text)
    assert (length.timex_type, length.start_at, length.end_at) == ("DURATION", start, end)
    assert length.anchor == "text"
    assert last.end_at == end


def test_a_length_that_a_day_only_follows_has_none() -> None:
    assert times("He was jailed for 30 days to May 3.")[0].start_at is None


def test_a_unit_after_an_amount_is_a_rate() -> None:
    found = times("They work 40 hours a week for $500 a month.")
    assert [(t.timex_type, t.timex_value) for t in found] == [
        ("DURATION", "PT40H"), ("SET", "P1W"), ("SET", "P1M"),
    ]  # fmt: skip


def test_the_last_months_of_a_year_have_no_interval_up_to_today() -> None:
    window, year = times("It grew in the last three months of 2015.")
    assert (window.timex_value, window.start_at, year.timex_value) == ("P3M", None, "2015")


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


def test_a_full_dateline_stands_in_for_the_publication_date() -> None:
    day, last = times("KABUL, July 26, 2020 (AP) - Two bridges fell last week.", None)
    assert (day.timex_value, day.anchor) == ("2020-07-26", "none")
    assert (last.timex_value, last.anchor) == ("2020-W29", "document")
    assert last.anchor_value == "2020-07-26"
    _, unknown = times("KABUL, July 26 (AP) - Two bridges fell last week.", None)
    assert (unknown.timex_value, unknown.anchor) == ("XXXX-WXX", "none")


@pytest.mark.parametrize(
    "text",
    [
        "It may march on in the fall of the house.",
        "The 19-year-old won, and the sun shone.",
        "He is 40 years old.",
        "They paid $1999 and 12% more.",
        "A quarter of the cake was gone.",
        "Three quarters of the cake was gone.",
        "They slept in narrow quarters.",
        "He told the program 60 Minutes that it was fine.",
        "She acted in High Noon and danced.",
        "They joined the annual March for Life again.",
        "They sang at the March of the Mothers.",
        "On February 30, 2019",
        "About three-quarters of the cake was gone.",
        "She was in her 30s.",
        "Her approval stayed in the 30s.",
        "It stood at 1900 Main Street.",
        "At the end of the day, it is a game.",
        "They ran it in 1:07:55.",
        "The 21st Century Fund paid, and the Winter Games began.",
    ],
)
def test_no_times(text: str) -> None:
    assert [text[t.start : t.end] for t in times(text) if t.end - t.start > 4] == []


def test_numbers_beyond_measure_do_no_harm() -> None:
    assert [t.timex_value for t in times("9" * 400 + " years")] == ["PXY"]
    times("9999999999 years ago, " + "hundred " * 400 + "days later")


WORD_LIST = (
    "before after or so more quarter ended fiscal corresponding "
    "from between to Q3 '98 1800 GMT Purim week-long Sundays that same later 7.15pm day "
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


@pytest.mark.parametrize(
    "words", ["two ", "two - ", "the last year's ", "'98 ", "half a ", "May 3 "]
)
def test_time_grows_with_the_text_only(words: str) -> None:
    clock = time.process_time()
    times(words * 10_000)
    assert time.process_time() - clock < 10


def test_a_headline_in_capitals_keeps_its_times() -> None:
    text = "Two Bridges Fell Last Week\n\nTwo bridges fell, police said."
    assert [text[t.start : t.end] for t in times(text)] == ["Last Week"]
