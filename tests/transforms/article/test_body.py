from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from transforms.article.body import read_body

FIRST = "The council of Brackwater voted on Monday to rebuild the old stone bridge over the Lene."
SECOND = (
    "Work will begin in the spring and take two years, the mayor told residents at the meeting."
)
THIRD = "The bridge, built in 1784, was closed last autumn after divers found cracks in two piers."
FOURTH = "Shopkeepers on the north bank say that they have lost a third of their trade since then."
STORY = [FIRST, SECOND, THIRD, FOURTH]


def read(*paragraphs: str, headlines: tuple[str, ...] = (), stated: str | None = None) -> list[str]:
    return read_body(_page(*paragraphs), headlines, stated).text.split("\n")


def _page(*paragraphs: str) -> HtmlElement:
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    page = f"<html><body><article><h1>Bridge</h1>{body}</article></body></html>"
    return lxml.html.document_fromstring(page)


def test_paragraphs_are_lines() -> None:
    assert read(*STORY, headlines=("Bridge",)) == STORY


def test_the_headline_is_not_in_the_text() -> None:
    headlines = ("Bridge", "Bridge to be Rebuilt!")
    assert read("Bridge to be rebuilt", *STORY, headlines=headlines) == STORY


def test_white_space_is_one_space() -> None:
    messy = FIRST.replace(" ", " \t\u00a0 ")
    assert read(messy, *STORY[1:], headlines=("Bridge",)) == STORY


@pytest.mark.parametrize(
    "line",
    [
        "Read more: The bridges of the Lene valley",
        "READ NEXT: Ferry timetable for the weekend",
        "Related: How stone bridges age",
        "CLICK HERE TO GET THE APP",
        "Sign up to our weekly newsletter",
        "Follow Brackwater Post on Twitter and Facebook.",
        "Email Ann Tolland at ann@brackwater.example",
        "Lesen Sie auch: Die Brücken im Tal",
        "Lire aussi : les ponts de la vallée",
        "© Brackwater Post 2024",
        "Copyright 2024 Brackwater Post. All rights reserved.",
        "Photo: Brackwater Post",
        "Advertisement",
        "___",
    ],
)
def test_lines_of_the_site_go(line: str) -> None:
    assert read(FIRST, SECOND, line, THIRD, FOURTH, headlines=("Bridge",)) == STORY


@pytest.mark.parametrize(
    "line",
    [
        "Read more slowly, the teacher told the class, and you will understand the poem.",
        "Subscribers to the fund will be repaid.",
        "Follow the river for a mile and you come to the second bridge.",
        "Share prices of the builder rose 4 percent.",
        "Photographs of the cracks were shown to the council.",
        "With reporting by Ann Tolland in Brackwater.",
    ],
)
def test_sentences_that_begin_alike_stay(line: str) -> None:
    assert line in read(FIRST, SECOND, line, THIRD, FOURTH)


@pytest.mark.parametrize("stamp", ["Updated 3 May 2024, 10:15 GMT", "10.11.2024 17:59"])
def test_a_time_of_publication_at_the_head_goes(stamp: str) -> None:
    assert read(stamp, *STORY, headlines=("Bridge",)) == STORY


def test_the_stated_story_says_where_it_ends() -> None:
    other = "A fire in a bakery in Upper Lene was put out on Sunday before it could spread further."
    more = "Police closed the road for an hour and thanked drivers for their patience in the heat."
    told = " ".join(STORY)
    assert read(*STORY, other, more, headlines=("Bridge",), stated=told) == STORY


def test_a_stated_story_that_is_cut_short_cuts_nothing() -> None:
    told = " ".join(STORY[:3]) + "..."
    assert read(*STORY, headlines=("Bridge",), stated=told) == STORY


def test_another_stated_text_is_not_followed() -> None:
    told = (
        "Shares of quarries and cement makers fell across the region for a third day running. " * 9
    )
    assert read(*STORY, headlines=("Bridge",), stated=told) == STORY


def test_the_stated_story_serves_where_the_page_shows_its_beginning() -> None:
    more = [
        f"Part {n} of the plan concerns pier {n} and its {n + 3} courses of stone."
        for n in range(9)
    ]
    told = "\n".join([*STORY, *more])
    assert read(*STORY[:2], headlines=("Bridge",), stated=told) == [*STORY, *more]


def test_a_summary_before_the_stated_story_stays() -> None:
    summary = "The old stone bridge of Brackwater is saved, and the north bank waits for its trade."
    told = " ".join(STORY)
    assert read(summary, *STORY, headlines=("Bridge",), stated=told) == [summary, *STORY]


def test_the_life_of_the_author_goes() -> None:
    life = "Ann Tolland is a reporter who has covered the towns of the Lene valley since 2009."
    page = _page(*STORY, life)
    assert read_body(page, ("Bridge",), None, ("Ann Tolland",)).text.split("\n") == STORY
    assert life in read_body(_page(*STORY, life), ("Bridge",)).text


@pytest.mark.parametrize("line", ["By Ann Tolland", "Von Ann Tolland und Jörg Lind"])
def test_a_byline_at_the_head_is_no_text(line: str) -> None:
    body = read_body(_page(line, *STORY), ("Bridge",))
    assert body.byline == line
    assert body.text.split("\n") == STORY


def test_notices_are_kept_apart() -> None:
    assert read_body(_page(*STORY, "© 2024 Reuters"), ("Bridge",)).notices == ["© 2024 Reuters"]


@given(st.lists(st.text(max_size=60), max_size=6), st.none() | st.text(max_size=200))
def test_any_text_is_survived(paragraphs: list[str], stated: str | None) -> None:
    clean = [p.replace("\x00", "") for p in paragraphs]
    page = lxml.html.document_fromstring("<html><body></body></html>")
    for paragraph in clean:
        element = lxml.html.Element("p")
        try:
            element.text = paragraph
        except ValueError:  # control characters, which the page's reader takes out before
            continue
        page.body.append(element)
    lines = read_body(page, clean[:1], stated).text.split("\n")
    assert all(line == line.strip() for line in lines)
