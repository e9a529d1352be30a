"""Datelines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.dateline import find_dateline


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("LISBON, May 1 (Reuters) - Ferries stopped.", "LISBON, May 1 (Reuters)"),
        ("PORT MORESBY (AFP) — Ferries stopped.", "PORT MORESBY (AFP)"),
        ("GDANSK, Poland – Ferries stopped.", "GDANSK, Poland"),
        ("ST. ANNE, N.B. (AP) —Ferries stopped.", "ST. ANNE, N.B. (AP)"),
        ("FARO: Ferries stopped.", "FARO"),
        ("ZÜRICH, 3. Mai (dpa) - Die Fähren stehen.", "ZÜRICH, 3. Mai (dpa)"),
        ("Lisbon, May 1 (Reuters) - Ferries stopped.", "Lisbon, May 1 (Reuters)"),
        ("Bad Ems (dpa/lrs) - Die Fähren stehen.", "Bad Ems (dpa/lrs)"),
        ("Porto (AFP) Ferries stopped.", "Porto (AFP)"),
        ("Ferries stopped on Monday - again.", None),
        ("COVID-19 cases rose.", None),
        ("BREAKING: Ferries stop.", None),
        ("UPDATE 2 - Ferries stop.", None),
        ("DEAR ABBY: My ferry stopped.", None),
        ("AP-US--Ferries", None),
        ("Lisbon - Ferries stopped.", None),
        ("", None),
    ],
)
def test_find_dateline(text: str, dateline: str | None) -> None:
    assert find_dateline(text) == dateline


@given(st.text() | st.text("ABC, -—()May1:", max_size=300))
def test_any_text_is_read(text: str) -> None:
    dateline = find_dateline(text)
    assert dateline is None or dateline in text[:200]
