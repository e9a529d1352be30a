"""Notices of corrections and updates."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.corrections import find_corrections
from transforms.article.model import Correction


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("correction", "Correction: The ferry holds 40 people, not 400."),
        ("correction", "CORRECTION (May 3): The ferry holds 40 people."),
        ("correction", "An earlier version of this article misstated the name of the ferry."),
        ("correction", "A previous version of this story said that the ferry sank."),
        ("correction", "This article was amended on 3 May 2024 because the ferry did not sink."),
        ("correction", "This story has been corrected to say that the ferry holds 40 people."),
        ("correction", "Editor's note: An earlier version of this report gave a wrong year."),
        ("correction", "The Gazette regrets the error in the name of the ferry."),
        ("correction", "Korrektur: Die Fähre fasst 40 Menschen, nicht 400."),
        (
            "correction",
            "In einer früheren Version dieses Artikels hieß es, die Fähre sei gesunken.",
        ),
        ("correction", "Fe de errores: el barco lleva 40 personas."),
        ("clarification", "Clarification: The ferry belongs to the town, not to its mayor."),
        ("clarification", "This story has been updated to clarify who owns the ferry."),
        ("update", "This story has been updated with a statement of the mayor."),
        ("update", "Update, 3 p.m.: The ferry is sailing again, the port says."),
        ("update", "UPDATED: The ferry is sailing again, the port says."),
        ("update", "This is a developing story and will be updated."),
        ("update", "Dieser Artikel wurde aktualisiert, nachdem die Fähre wieder fuhr."),
        ("retraction", "This article has been retracted by its author."),
        ("note", "Editor’s note: The author is the captain's daughter."),
        ("note", "Anmerkung der Redaktion: Die Autorin ist Kapitänin."),
    ],
)
def test_a_notice_and_its_kind(kind: str, line: str) -> None:
    assert find_corrections(["Ferries stopped.", line]) == (Correction(kind, line),)


@pytest.mark.parametrize(
    "line",
    [
        "Corrections",
        "Updated: May 3, 2024, 10.45 AM",
        "Updated 5 minutes ago",
        "The mayor asked for a correction of the report.",
        "This story began with a storm.",
        "An earlier version of the ferry was smaller.",
        "Updates on the weather are read at noon.",
        "The court updated the list of ferries.",
    ],
)
def test_what_is_no_notice(line: str) -> None:
    assert find_corrections([line]) == ()


def test_a_notice_is_told_once_with_all_its_words() -> None:
    notice = "Correction: The ferry holds 40 people, not 400."
    within = f"{notice} We regret the error in this story."
    assert find_corrections([notice, within, notice]) == (Correction("correction", within),)


@given(st.lists(st.text() | st.sampled_from(["Update:", "this article was ", "corrected"])))
def test_any_lines_are_read(lines: list[str]) -> None:
    assert all(correction.text for correction in find_corrections(lines))


def test_many_long_lines_are_read_soon() -> None:
    started = time.process_time()
    find_corrections(["an earlier version of this " * 38] * 2000)
    assert time.process_time() - started < 10
