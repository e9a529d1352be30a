"""The measure itself is tested: a golden test that cannot fail guards nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.golden.gold import Score, compare, load_golden, locate

TEXT = "Peru sent 12 doctors and Peru Air 3 planes to Chile."


def test_every_golden_row_is_found_in_its_article() -> None:
    golden = list(load_golden())
    assert len(golden) >= 6
    for article, tables in golden:
        for rows in tables.values():
            assert rows
            assert all(article.text[r.start : r.end] == r.surface for r in rows)


def test_a_mention_stands_for_all_its_occurrences_outside_longer_ones() -> None:
    rows = locate(TEXT, "mentions", [{"s": "Peru"}, {"s": "Peru Air"}])
    assert [(r.start, r.surface) for r in rows] == [(0, "Peru"), (25, "Peru Air")]


@pytest.mark.parametrize(("surface", "message"), [("Bolivia", "not occur"), ("Peru", "2 times")])
def test_a_surface_that_is_not_there_once_is_refused(surface: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        locate(TEXT, "times", [{"s": surface}])


def test_missed_wrong_and_extra_rows_count() -> None:
    gold = locate(
        TEXT,
        "mentions",
        [{"s": "Chile", "type": "PLACE"}, {"s": "Peru Air", "type": "ORG"}, {"s": "Peru"}],
    )
    frame = pd.DataFrame(
        [
            {"start": 0, "end": 4, "surface": "Peru", "type": "PLACE"},
            {"start": 25, "end": 33, "surface": "Peru Air", "type": "PERSON"},
            {"start": 10, "end": 12, "surface": "12", "type": "OTHER"},
        ]
    )
    score = Score()
    compare("mentions", gold, frame, score)
    assert (score.gold, score.predicted, score.found, score.right) == (3, 3, 2, 1)
    assert [error.split()[0] for error in score.errors] == ["wrong", "missed", "extra"]


def test_optional_rows_count_neither_for_nor_against() -> None:
    gold = locate(TEXT, "mentions", [{"s": "Peru Air", "optional": True}])
    found = pd.DataFrame([{"start": 25, "end": 33, "surface": "Peru Air", "type": "ORG"}])
    for frame in (found, found.iloc[:0]):
        score = Score()
        compare("mentions", gold, frame, score)
        assert (score.gold, score.predicted, score.errors) == (0, 0, [])
