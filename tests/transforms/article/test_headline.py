"""The headline among those a page states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.headline import choose_headline, without_site
from transforms.article.linked import fold

NAMES = frozenset({"harbourgazette", "harbour"})


def _choose(
    stated: str | None = None,
    shared: str | None = None,
    heading: str | None = None,
    title: str | None = None,
) -> str | None:
    one = [[h] if h else [] for h in (stated, shared, heading)]
    return choose_headline(*one, title, NAMES)


def test_the_stated_headline_is_first() -> None:
    assert _choose("Ferries stop", "All about ferries", "Boats", "Boats") == "Ferries stop"
    assert _choose(None, "Ferries stop", "Boats", "Boats") == "Ferries stop"


def test_a_fuller_headline_than_the_one_the_page_repeats_is_taken() -> None:
    fuller = "Ferries stop after the storm of the century"
    assert _choose("Ferries stop running", fuller, "Ferries stop running") == fuller
    # a heading that says otherwise confirms nothing
    assert _choose("Ferries stop running", fuller, "Boats") == "Ferries stop running"
    assert _choose("Ferries stop running", "Ferry halt", "Ferries stop running") == (
        "Ferries stop running"
    )


def test_a_kicker_belongs_to_the_headline_where_the_heading_shows_it() -> None:
    with_kicker = "Storm / Ferries stop"
    assert _choose("Ferries stop", with_kicker, "Storm Ferries stop") == with_kicker
    assert _choose("Ferries stop", with_kicker, "Ferries stop") == "Ferries stop"


def test_what_was_cut_off_is_found() -> None:
    whole = "Ferries stop after the storm of the century broke the piers"
    assert _choose("Ferries stop after the storm of…", whole) == whole


def test_without_metadata_the_heading_that_the_title_repeats_is_taken() -> None:
    headings = ["Log in", "Ferries stop", "Most read"]
    title = "Ferries stop | Harbour Gazette"
    assert choose_headline([], [], headings, title, NAMES) == "Ferries stop"
    assert choose_headline([], [], ["Harbour Gazette"], title, NAMES) == "Ferries stop"
    assert choose_headline([], [], ["Log in"], None, NAMES) == "Log in"
    assert choose_headline([], [], ["", "Harbour Gazette"], "Harbour", NAMES) is None


@pytest.mark.parametrize(
    ("headline", "bare"),
    [
        ("Ferries stop | Harbour Gazette", "Ferries stop"),
        ("Ferries stop - HARBOUR.example", "Ferries stop"),
        ("Ferries stop - Local - Harbour Gazette", "Ferries stop - Local"),
        ("Harbour Gazette | Ferries stop", "Ferries stop"),
        ("Ferries stop – Somewhere Else", "Ferries stop – Somewhere Else"),
        ("Ferries stop | News", "Ferries stop"),
        ("Ferries stop - again", "Ferries stop - again"),
        ("BUDGET | Ferries stop", "BUDGET | Ferries stop"),
        ("Boats sail - Evening Post", "Boats sail"),
    ],
)
def test_the_name_of_the_site_is_cut_off(headline: str, bare: str) -> None:
    known = {fold("BUDGET | Ferries stop"), fold("Boats sail")}
    assert without_site(headline, NAMES, known) == bare


@given(
    st.lists(st.text(max_size=30), max_size=2),
    st.lists(st.text(max_size=30) | st.just("A - B | C"), max_size=2),
    st.lists(st.text(max_size=30), max_size=3),
    st.none() | st.text(max_size=30),
)
def test_any_headlines_are_read(
    stated: list[str], shared: list[str], headings: list[str], title: str | None
) -> None:
    found = choose_headline(stated, shared, headings, title, NAMES)
    assert found is None or (found and fold(found) not in NAMES)
