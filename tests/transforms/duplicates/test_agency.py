"""Whose story a text is."""

from __future__ import annotations

import pytest

from transforms.duplicates.agency import find_agency


@pytest.mark.parametrize(
    ("text", "byline", "agency"),
    [
        ("KILMORE, March 3 (Reuters) - The board voted.", None, "Reuters"),
        ("KILMORE (AP) — The board voted.", None, "AP"),
        ("The board voted.\nIt will build.\n© 2026 Agence France-Presse", None, "AFP"),
        ("The board voted.\n\n-- dpa", None, "dpa"),
        ("The board voted.", "By Ann Lee, Associated Press", "AP"),
        ("The board voted.", "Reuters", "Reuters"),
        ("The board voted.\nWith reporting by AFP, AP and dpa", None, None),
        ("The board voted, Reuters reported, citing a clerk.", "Ann Lee", None),
        ("He keeps an ap - and a map.", "Ann Apley", None),
    ],
)
def test_the_agency_is_whose_story_it_is(text: str, byline: str | None, agency: str | None) -> None:
    assert find_agency(text, byline) == agency


def test_an_author_may_be_an_agency() -> None:
    assert find_agency("The board voted.", None, ["AFP"]) == "AFP"
