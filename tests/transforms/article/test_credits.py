"""Agencies credited, and the lines that credit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.credits import find_credit_lines, find_credits, is_agency, to_agencies


def test_credits_come_from_the_head_and_the_end_each_once() -> None:
    text = (
        "LISBON, May 1 (Reuters) - Ferries stopped.\n"
        "With reporting by Reuters, the Associated Press and dpa."
    )
    assert find_credits(text) == ("Reuters", "AP", "dpa")


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("(AFP)", ("AFP",)),
        ("dpa/Reuters", ("dpa", "Reuters")),
        ("The ferries sail again. (EFE)", ("EFE",)),
        ("Mit Material von dpa und AFP", ("dpa", "AFP")),
        ("Con información de Europa Press", ("Europa Press",)),
        ("Quelle: Agence France-Presse", ("AFP",)),
        ("Associated Press writers Ada Oak and Ben Quill contributed to this report.", ("AP",)),
        ("© 2024 Press Association", ()),
        ("The captain told Reuters that the sea was calm.", ()),
        ("The sea was calm, said the captain (57).", ()),
    ],
)
def test_credits_at_the_end(line: str, agencies: tuple[str, ...]) -> None:
    assert find_credits(f"Ferries stopped.\n{line}") == agencies


@pytest.mark.parametrize(
    "line",
    [
        "Additional reporting by Ada Oak in Faro; editing by Ben Quill",
        "(Reporting by Ada Oak; Editing by Ben Quill)",
        "With files from Ada Oak",
        "Ada Oak and Ben Quill contributed to this report.",
        "Ada Oak contributed reporting from Faro.",
        "Mit Material von dpa",
        "Quelle: dpa",
    ],
)
def test_lines_that_credit(line: str) -> None:
    assert find_credit_lines(["Ferries stopped.", line, line]) == (line,)


@pytest.mark.parametrize(
    "line",
    [
        "Reporting the loss of a boat took the captain two days.",
        "The mayor contributed to the storm of criticism.",
        "The source said nothing.",
        "mit Video",
    ],
)
def test_lines_of_the_story_credit_nobody(line: str) -> None:
    assert find_credit_lines([line]) == ()


def test_agencies_are_known_by_their_names() -> None:
    assert to_agencies("Ada Oak, dpa and the Associated Press") == ["dpa", "AP"]
    assert is_agency("Deutsche Presse-Agentur")
    assert not is_agency("Ada Oak")


@given(st.text() | st.text("by from(AFP).,\n", max_size=400))
def test_any_text_is_read(text: str) -> None:
    found = find_credits(text)
    assert len(set(found)) == len(found)
    assert set(find_credit_lines(text.splitlines())) <= {line.strip() for line in text.splitlines()}
