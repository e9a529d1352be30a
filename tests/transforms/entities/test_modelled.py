"""The model's names, cut to what belongs to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.transforms.entities.test_find import document_of
from transforms.entities.modelled import find_modelled
from transforms.language.document import Name


@pytest.mark.parametrize(
    ("text", "label", "names"),
    [
        ("eastern Norway", "GPE", ["Norway"]),
        ("the Harbour party", "ORG", ["Harbour"]),
        ("Mira Okafor 12", "PERSON", ["Mira Okafor"]),
        ("Mira Okafor 46th", "PERSON", ["Mira Okafor"]),
        ("Salem 40 miles", "GPE", ["Salem"]),
        ("Okafor , Lindqvist , Berg", "ORG", ["Okafor", "Lindqvist", "Berg"]),
        ("Mira Okafor\nOSLO", "PERSON", ["Mira Okafor", "OSLO"]),
        ("Norway - Mira Okafor", "ORG", ["Norway", "Mira Okafor"]),
        ("The Hague", "GPE", ["The Hague"]),
        ("Northern Ferries , Inc.", "ORG", ["Northern Ferries , Inc"]),
        ("leeks", "PERSON", []),
        ("7", "ORG", []),
        ("Brig", "ORG", []),
        ("Northern", "NORP", []),
        ("Reuters and Harbour", "ORG", ["Reuters", "Harbour"]),
        ("Harbour and Hall", "ORG", ["Harbour and Hall"]),
    ],
)
def test_what_does_not_belong_is_cut(text: str, label: str, names: list[str]) -> None:
    text = text.replace(" ,", ",")
    names = [name.replace(" ,", ",") for name in names]
    document = document_of(text, [Name(0, len(text.split()), label)])
    assert [text[n.start : n.end] for n in find_modelled(document)] == names


def test_a_known_owner_is_a_name_of_its_own() -> None:
    text = "Okafor spoke . Okafor's Harbour League met"
    names = [Name(0, 1, "PERSON"), Name(3, 6, "ORG")]
    found = find_modelled(document_of(text, names))
    assert [text[n.start : n.end] for n in found] == ["Okafor", "Okafor", "Harbour League"]


@pytest.mark.parametrize(
    ("text", "name", "label", "whole"),
    [
        ("near Stoke-on-Trent today", "Stoke", "GPE", "Stoke-on-Trent"),
        ("met Ban Zarro-won there", "Ban Zarro", "PERSON", "Ban Zarro-won"),
        ("a Mira Okafor-era law", "Mira Okafor", "PERSON", "Mira Okafor"),
        ("the Oslo-led talks", "Oslo", "GPE", "Oslo"),
        ("in St. Ives today", "Ives", "GPE", "St. Ives"),
        ("said Supt Mira Okafor today", "Supt Mira Okafor", "PERSON", "Mira Okafor"),
        ("crashed near Los Mochis today", "Los", "GPE", "Los Mochis"),
        ("the border of DR Congo today", "Congo", "GPE", "DR Congo"),
        (
            "the Mira Okafor National Park today",
            "Mira Okafor",
            "PERSON",
            "Mira Okafor National Park",
        ),
        ("The Oslo talks", "Oslo", "GPE", "Oslo"),
        ("the Oslo Accords", "Oslo", "GPE", "Oslo"),
        ("Owner Zorro Kisen said", "Owner Zorro Kisen", "ORG", "Zorro Kisen"),
    ],
)
def test_a_name_is_whole(text: str, name: str, label: str, whole: str) -> None:
    start = text.index(name)
    end = start + len(name)
    document = document_of(text)
    document = replace(document, starts=[0, start], ends=[1, end], names=[Name(1, 2, label)])
    assert [text[n.start : n.end] for n in find_modelled(document)] == [whole]
