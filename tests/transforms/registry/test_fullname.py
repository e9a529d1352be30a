"""Full names as keys: found in any form of them that is sure, and not where nobody is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.registry.fullname import keys_in, keys_in_all, keys_of_name

PERSON = keys_of_name("Odile Veltman")


@pytest.mark.parametrize(
    "text",
    [
        "Odile Veltman left.",
        "the late ODILE VELTMAN",
        "Mayor Odile M. Veltman said",
        "Odile Marie Veltman's house",
        "Odile van der Veltman",
        "Od\u00edle Veltman\u2019s",
        "Veltman Odile, 34",
        "Die B\u00fcrgermeisterin Odile Veltman schwieg.",
        "Odile \u201cOdie\u201d Veltman",
        "by Odile\nVeltman",
        "Odile Anne-Marie Veltman",
    ],
)
def test_a_name_is_found_in_its_forms(text: str) -> None:
    assert keys_in(text) & PERSON


@pytest.mark.parametrize(
    "text",
    [
        "Ms Veltman left.",
        "We saw Odile. Veltman had left.",
        "Odile, Veltman and others",
        "Odile and Veltman",
        "odile veltman",
        "Odile Jan Piet Klaas Veltman",
        "O. Veltman",
    ],
)
def test_two_words_that_are_no_name_of_one_person_are_not(text: str) -> None:
    assert not keys_in(text) & PERSON


def test_short_forms_of_given_names_are_the_same_person() -> None:
    assert keys_in("Bill Harker spoke") & keys_of_name("Dr. William Harker Jr.")
    assert keys_in("William Harker spoke") & keys_of_name("Bill Harker")
    assert not keys_in("Will you Harker") & keys_of_name("William Harker")


def test_a_verb_is_no_given_name() -> None:
    assert not keys_in("Will young people vote? They will. Young voters") & keys_of_name(
        "Will Young"
    )


@pytest.mark.parametrize("name", ["Veltman", "O. Veltman", "", "Mr. Veltman"])
def test_what_many_share_has_no_key(name: str) -> None:
    assert keys_of_name(name) == frozenset()


@given(st.text(), st.text())
def test_no_text_breaks_it_and_more_text_has_no_fewer_names(one: str, other: str) -> None:
    assert keys_in_all([one, None, other]) == keys_in(one) | keys_in(other)
    assert keys_in(one) | keys_in(other) <= keys_in(f"{one} | {other}")


WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9).map(str.capitalize)


@given(WORDS, WORDS, st.sampled_from(["", "x ", "(", "It was "]), st.sampled_from(["", ".", "'s"]))
def test_every_full_name_is_found_where_it_stands(
    first: str, last: str, before: str, after: str
) -> None:
    keys = keys_of_name(f"{first} {last}")
    assert not keys or keys & keys_in(f"{before}{first} {last}{after}")
