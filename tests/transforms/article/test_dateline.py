"""Datelines and agency credits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.dateline import find_credits, find_dateline


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("LISBON, May 1 (Reuters) - Ferries stopped.", "LISBON, May 1 (Reuters)"),
        ("PORT MORESBY (AFP) — Ferries stopped.", "PORT MORESBY (AFP)"),
        ("GDANSK, Poland – Ferries stopped.", "GDANSK, Poland"),
        ("Ferries stopped on Monday - again.", None),
        ("", None),
    ],
)
def test_find_dateline(text: str, dateline: str | None) -> None:
    assert find_dateline(text) == dateline


def test_credits_come_from_the_head_and_the_end_each_once() -> None:
    text = (
        "LISBON, May 1 (Reuters) - Ferries stopped.\n"
        "With reporting by Reuters, the Associated Press and dpa."
    )
    assert find_credits(text) == ("Reuters", "AP", "dpa")


def test_an_agency_in_the_story_is_no_credit() -> None:
    assert find_credits("The captain told Reuters that the sea was calm.") == ()


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    dateline = find_dateline(text)
    assert dateline is None or dateline in text[:200]
    assert len(set(find_credits(text))) == len(find_credits(text))
