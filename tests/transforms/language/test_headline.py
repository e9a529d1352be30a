"""Headlines in the case and marks that the parser reads best, at the same length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.language.headline import to_plain, to_sentence_case

BODY = "The governor, Grace Odhiambo, told NATO that the ferry sank in March."


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_offset_moves(headline: str, text: str) -> None:
    assert len(to_plain(headline, text)) == len(headline)


def test_title_case_becomes_the_case_of_the_text() -> None:
    headline = "Ferry That Sank in March Was Old, Says Grace Odhiambo"
    assert to_sentence_case(headline, BODY) == (
        "Ferry that sank in March was old, says Grace Odhiambo"
    )
    assert to_sentence_case("Governor Tells NATO: Ferry Sank", BODY) == (
        "Governor tells NATO: ferry sank"
    )


def test_a_headline_in_sentence_case_stays() -> None:
    headline = "Ferry sank in March, Odhiambo says"
    assert to_sentence_case(headline, BODY) == headline


def test_single_marks_become_double_and_apostrophes_stay() -> None:
    assert to_plain("Mayor: 'We don't know' the cause", "") == "Mayor: “We don't know” the cause"
    assert to_plain("Farmers' leader: hens' eggs dear", "") == "Farmers' leader: hens' eggs dear"
