"""Where a name ends, by what stands right after it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.edges import is_number, mend_end


@pytest.mark.parametrize(
    ("name", "kind", "after", "mended"),
    [
        ("Salem City", "PLACE", " Manager Okafor", ("Salem", "PLACE")),
        ("Salem City", "PLACE", " is old", ("Salem City", "PLACE")),
        ("Salem Sheriff", "PERSON", "\u2019s Office", ("Salem Sheriff\u2019s Office", "ORG")),
        ("Salem County Sheriff", "PERSON", " Okafor", ("Salem County Sheriff", "PERSON")),
        ("Oslo-based", "PLACE", " Zarro", ("Oslo", "PLACE")),
        ("W.Va", "PLACE", ". -- He", ("W.Va.", "PLACE")),
        ("N.C", "PLACE", ".", ("N.C.", "PLACE")),
        ("Oslo", "PLACE", ".", ("Oslo", "PLACE")),
        ("Harwich Co.", "ORG", " He left", ("Harwich Co", "ORG")),
        ("Harwich Co.", "ORG", "\nOslo", ("Harwich Co", "ORG")),
        ("Harwich Co.", "ORG", ", Oslo", ("Harwich Co.", "ORG")),
    ],
)  # fmt: skip
def test_the_words_around_tell_where_a_name_ends(
    name: str, kind: str, after: str, mended: tuple[str, str]
) -> None:
    end, found = mend_end(name + after, 0, len(name), kind)
    assert ((name + after)[:end], found) == mended


@pytest.mark.parametrize("surface", ["District 7", "Exit 12A", "Ward B", "Room No. 3"])
def test_a_thing_with_its_number_is_no_name(surface: str) -> None:
    assert is_number(surface)


@pytest.mark.parametrize("surface", ["District of Columbia", "Area", "Apollo 11"])
def test_a_name_with_a_number_is_one(surface: str) -> None:
    assert not is_number(surface)


@given(st.text(min_size=1), st.text(), st.sampled_from(["PLACE", "ORG", "PERSON"]))
def test_an_end_lies_in_the_text(name: str, after: str, kind: str) -> None:
    end, _ = mend_end(name + after, 0, len(name), kind)
    assert 0 <= end <= len(name + after)
