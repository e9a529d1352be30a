"""Places of several words that the model misses."""

from __future__ import annotations

import pytest

from tests.transforms.entities.test_find import document_of
from transforms.entities.peoples import find_peoples
from transforms.entities.placed import find_placed
from transforms.entities.wide import find_wide


def wide_in(text: str, tags: str = "") -> list[str]:
    document = document_of(text)
    document.tags[:] = tags.split() if tags else ["NNP"] * len(document)
    return [text[f.start : f.end] for f in find_wide(document, bytearray(len(text)))]


def test_countries_divisions_and_cities_are_found() -> None:
    text, tags = "officials in Tamil Nadu and New Zealand met", "NNS IN NNP NNP CC NNP NNP VBD"
    assert wide_in(text, tags) == ["Tamil Nadu", "New Zealand"]


def test_a_title_after_a_country_is_no_part_of_it() -> None:
    assert wide_in("New Zealand Prime Minister spoke") == ["New Zealand"]


def test_a_part_of_a_longer_name_is_left() -> None:
    assert wide_in("the New Zealand Herald wrote") == []
    assert wide_in("Air New Zealand flew") == []


def test_what_is_taken_is_left() -> None:
    text = "in New Zealand today"
    document = document_of(text)
    assert find_wide(document, bytearray(b"\1" * len(text))) == []


@pytest.mark.parametrize("country", ["Philippines", "Laos", "Djibouti", "Gibraltar"])
def test_a_country_that_looks_like_a_people_is_a_country(country: str) -> None:
    assert find_peoples(document_of(f"the {country} voted")) == []


def test_a_noun_says_that_the_words_before_it_are_a_place() -> None:
    text = "buildings in the Zorrakli district fell in the Zorrakli report"
    document = document_of(text)
    document.tags[:] = ["NNS", "IN", "DT", "NNP", "NN", "VBD", "IN", "DT", "NNP", "NN"]
    found = find_placed(document, bytearray(len(text)))
    assert [(f.start, text[f.start : f.end]) for f in found] == [(17, "Zorrakli")]
