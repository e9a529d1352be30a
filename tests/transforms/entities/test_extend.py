"""Full names of people."""

from __future__ import annotations

from dataclasses import replace

from tests.transforms.entities.test_find import document_of
from transforms.entities.extend import extend_people
from transforms.entities.found import Found


def extended(text: str, *spans: tuple[str, str]) -> list[str]:
    document = document_of(text)
    tags = ["NNP" if word[0].isupper() else "NN" for word in document.words]
    found = [Found(text.index(s), text.index(s) + len(s), kind, kind) for s, kind in spans]
    return [text[n.start : n.end] for n in extend_people(replace(document, tags=tags), found)]


def test_capitalised_words_around_a_person_belong_to_him() -> None:
    assert extended("then Mira Anne Okafor spoke", ("Anne", "PERSON")) == ["Mira Anne Okafor"]
    assert extended("by Jan van der Berg today", ("Berg", "PERSON")) == ["Jan van der Berg"]


def test_titles_days_and_other_names_do_not() -> None:
    assert extended("President Okafor Monday spoke", ("Okafor", "PERSON")) == ["Okafor"]
    names = [("Oslo", "PLACE"), ("Okafor", "PERSON")]
    assert extended("in Oslo Okafor spoke", *names) == ["Oslo", "Okafor"]


def test_two_halves_of_a_name_are_joined() -> None:
    names = [("Mira Anne", "PERSON"), ("Okafor", "PERSON")]
    assert extended("met Mira Anne Okafor there", *names) == ["Mira Anne Okafor"]


def test_the_second_half_of_a_given_name_belongs_to_it() -> None:
    assert extended("met Kim In-so there", ("Kim", "PERSON")) == ["Kim In-so"]
