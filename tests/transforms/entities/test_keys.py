"""The key of an entity is the same in all documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.keys import entity_key


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("ORG", "UN", "United Nations"),
        ("ORG", "the U.S. Agriculture Department", "Department of Agriculture"),
        ("ORG", "Northern Ferries Ltd", "Northern Ferries"),
        ("ORG", "NORTHERN FERRIES", "Northern Ferries"),
        ("PERSON", "Mr. Mira Okafor", "Mira Okafor"),
        ("GROUP", "Kurds", "Kurdish"),
        ("GROUP", "Moslem", "Muslims"),
    ],
)
def test_forms_of_a_name_share_a_key(kind: str, one: str, other: str) -> None:
    assert entity_key(kind, one) == entity_key(kind, other)


def test_others_do_not() -> None:
    names = ["Mira Okafor", "Tom Okafor", "Okafor"]
    assert len({entity_key("PERSON", name) for name in names}) == 3
    assert entity_key("PERSON", "Northern") != entity_key("ORG", "Northern")


def test_a_group_and_an_organisation_of_one_name_are_one() -> None:
    assert entity_key("GROUP", "Taliban") == entity_key("ORG", "Taliban")


@given(st.sampled_from(["PERSON", "ORG", "GROUP", "EVENT", "OTHER"]), st.text())
def test_any_name_has_a_key(kind: str, name: str) -> None:
    assert len(entity_key(kind, name)) == 16
