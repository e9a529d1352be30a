"""Quotation marks of all styles, balanced or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.quotes.marks import find_quoted


@pytest.mark.parametrize(
    "text",
    [
        'He said "the bridge is safe" again.',
        "He said “the bridge is safe” again.",
        "He said «the bridge is safe» again.",
        "He said „the bridge is safe“ again.",
        "He said ''the bridge is safe'' again.",
        "He said ``the bridge is safe'' again.",
    ],
)
def test_marks_of_any_style_enclose_the_words(text: str) -> None:
    (found,) = find_quoted(text)
    assert text[found.start : found.end] == "the bridge is safe"


def test_a_mark_left_open_ends_with_its_paragraph() -> None:
    text = "“The first part.\n\n“The second part,” she said."
    assert [text[q.start : q.end] for q in find_quoted(text)] == [
        "The first part.",
        "The second part,",
    ]


def test_apostrophes_open_nothing() -> None:
    assert find_quoted("The mayor's plan isn't the council’s.") == []


@given(st.text(alphabet=st.sampled_from("ab .,\n\"'“”‘’«»„"), max_size=80) | st.text(max_size=60))
def test_spans_are_ordered_and_apart(text: str) -> None:
    last = 0
    for found in find_quoted(text):
        assert last <= found.outer <= found.start < found.end <= found.after <= len(text)
        last = found.after
