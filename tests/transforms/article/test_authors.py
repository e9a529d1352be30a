"""Bylines split into people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.authors import choose_byline, merge_authors, split_authors


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Ada Northwood", ("Ada Northwood",)),
        ("By Ada Northwood and Ben Quill", ("Ada Northwood", "Ben Quill")),
        ("Ada Oak, Céline d'Aubry & Ben Quill", ("Ada Oak", "Céline d'Aubry", "Ben Quill")),
        ("Ada Northwood, Political Correspondent", ("Ada Northwood",)),
        ("Von Jörg Müller-Thal", ("Jörg Müller-Thal",)),
        ("Ada Northwood, Ada Northwood", ("Ada Northwood",)),
        ("By Ada Northwood in Lisbon", ("Ada Northwood",)),
        ("By Ada Northwood Published 3 May 2024", ("Ada Northwood",)),
        ("Ada Oak/Ben Quill", ("Ada Oak", "Ben Quill")),
        ("Text: Ada Oak", ("Ada Oak",)),
        ("김철수 기자", ("김철수",)),
        ("Ada Oak, dpa", ("Ada Oak",)),
        ("Deutsche Presse-Agentur", ()),
        ("Harbour Herald", ()),
        ("Sports Desk", ()),
        ("Staff Reporter", ()),
        ("Reuters", ()),
        ("https://example.org/ada", ()),
        ("ada@example.org", ()),
        ("Twitter Facebook", ()),
        ("山田太郎", ("山田太郎",)),
        ("김철수,이영희", ("김철수", "이영희")),
        ("港湾新聞", ()),
        ("", ()),
        ("Ada Northwood " * 30, ()),
    ],
)  # fmt: skip
def test_split_authors(byline: str, people: tuple[str, ...]) -> None:
    assert split_authors([byline]) == people


def test_the_first_byline_that_names_people_counts() -> None:
    assert split_authors(["Newsroom", "By Ben Quill", "Someone Else"]) == ("Ben Quill",)


def test_structured_bylines_give_one_author_each() -> None:
    assert merge_authors(["Nobody Known"], ["Ada Northwood", "Ben Quill"]) == (
        "Ada Northwood",
        "Ben Quill",
    )
    assert merge_authors(["By Ben Quill"], ["Newsroom"]) == ("Ben Quill",)


@given(st.lists(st.text(max_size=220), max_size=4))
def test_any_bylines_give_names_each_once(bylines: list[str]) -> None:
    people = split_authors(bylines)
    assert len(set(people)) == len(people)
    assert all(person == person.strip() and person for person in people)


def test_the_name_of_the_site_is_nobody() -> None:
    bylines = ["By Harbour Herald", "Ben Quill"]
    assert merge_authors(bylines, ["Harbour Herald"], names={"harbourherald"}) == ("Ben Quill",)


def test_a_surname_that_is_a_word_of_sites_is_believed_where_it_is_stated() -> None:
    assert merge_authors([], ["Ada Senior"]) == ("Ada Senior",)
    assert split_authors(["Ada Senior"]) == ()


def test_an_address_is_no_byline() -> None:
    assert choose_byline(["", "a.oak@gazette.example", "https://gazette.example", "dpa"]) == "dpa"
    assert choose_byline([]) is None
    assert choose_byline(["Herald", "dpa"], {"herald"}) == "dpa"
    assert choose_byline(["Herald"], {"herald"}) == "Herald"
    assert choose_byline(["dpa", "By Ada Oak"], (), ["Ada Oak"]) == "By Ada Oak"
