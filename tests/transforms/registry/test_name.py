"""Which names can be one name, and that blocks bring them together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.registry.name import blocks_of, edit_distance, relate

RELATED = [
    ("PERSON", "Bill Harrow", "William Harrow", "nickname"),
    ("PERSON", "M. Harrow", "Mabel Harrow", "initial"),
    ("PERSON", "Mabel Harrow", "Mabel J. Harrow", "middle"),
    ("PERSON", "Harrow Mabel", "Mabel Harrow", "order"),
    ("PERSON", "Yusuf Qadhari", "Yusuf Kadhari", "spelling"),
    ("PERSON", "Mohamed Harrow", "Muhammad Harrow", "nickname"),
    ("PERSON", "Viktor Qadharovych", "Victor Kadharovich", "spelling"),
    ("ORG", "Harbour Defence Union", "Harbor Defense Union", "words"),
    ("ORG", "HDU", "Harbour Defence Union", "acronym"),
]
APART = [
    ("PERSON", "John Harrow", "Joan Harrow"),
    ("PERSON", "Mabel K. Harrow", "Mabel J. Harrow"),
    ("PERSON", "Harrow", "Mabel Harrow"),
    ("PERSON", "Mabel Harrow", "Mabel Bartow"),
    ("PERSON", "Mabel Hall", "Mabel Hill"),
    ("PERSON", "Sergei Harrov", "Sergei Harrova"),
    ("PERSON", "Hassan Harrow", "Hussein Harrow"),
    ("ORG", "Harbour Union", "Harbour Party"),
    ("PLACE", "Harbour Town", "Town Harbour"),
]


@pytest.mark.parametrize(("kind", "one", "other", "relation"), RELATED)
def test_names_that_may_be_one(kind: str, one: str, other: str, relation: str) -> None:
    assert relate(kind, one, other) == relate(kind, other, one) == relation
    assert blocks_of(kind, one).asked & blocks_of(kind, other).stored
    assert blocks_of(kind, other).asked & blocks_of(kind, one).stored


@pytest.mark.parametrize(("kind", "one", "other"), APART)
def test_names_that_are_two(kind: str, one: str, other: str) -> None:
    assert relate(kind, one, other) is None


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["PERSON", "ORG", "EVENT"]))
def test_no_name_breaks_it_and_either_way_round_is_the_same(
    one: str, other: str, kind: str
) -> None:
    assert relate(kind, one, other) == relate(kind, other, one)
    assert blocks_of(kind, one) == blocks_of(kind, one)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_the_distance_is_one(one: str, other: str) -> None:
    assert (edit_distance(one, other) == 0) == (one == other)
    assert edit_distance(one, other) == edit_distance(other, one)
    assert edit_distance(one, other) <= max(len(one), len(other))
