"""Quotations of headlines against rows written by hand before any of this code had run on them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from transforms.annotate import annotate
from transforms.language.headline import parse_headlines
from transforms.language.pipeline import SpacyPipeline
from transforms.text import Text

HEADLINES = Path(__file__).parent / "headlines.toml"
PRECISION = RECALL = 0.92
"""What must hold over all headlines; the speaker of a row found must be right in each."""

Found = list[tuple[dict[str, Any], list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def found(language: SpacyPipeline) -> Found:
    return measure(language)


def measure(language: SpacyPipeline) -> Found:
    """Each headline's gold with the rows that came of it."""
    golds = tomllib.loads(HEADLINES.read_text(encoding="utf-8"))["headlines"]
    golds = [gold for gold in golds if not gold.get("optional")]
    texts = [
        Text(
            article_id=str(at),
            version="v",
            text=gold.get("text", "Nothing more is known."),
            headline=gold["h"],
        )
        for at, gold in enumerate(golds)
    ]
    documents = list(language.parse([t.text for t in texts]))
    frame = annotate(texts, documents, headlines=parse_headlines(language, texts))
    rows = frame["headline_quotes"].astype(object)
    rows = rows.where(rows.notna(), None)
    return [
        (gold, rows[rows["article_id"] == str(at)].to_dict("records"))
        for at, gold in enumerate(golds)
    ]


def count(found: Found) -> tuple[list[bool], int, int]:
    """Which headlines give their quotation, how many have one, and how many rows came."""
    right = [any(_same(gold, row) for row in rows) for gold, rows in found]
    return right, sum("who" in gold for gold, _ in found), sum(len(rows) for _, rows in found)


def test_headlines_give_their_quotations_and_no_others(found: Found) -> None:
    right, wanted, given = count(found)
    wrong = [gold["h"] for (gold, _), ok in zip(found, right, strict=True) if not ok]
    assert sum(right) >= RECALL * wanted, wrong
    assert sum(right) >= PRECISION * given, wrong


def test_every_row_is_cut_from_the_headline_and_has_the_right_speaker(found: Found) -> None:
    for gold, rows in found:
        for row in rows:
            headline = gold["h"]
            assert row["surface"] == headline[row["start"] : row["end"]]
            said_by = row["speaker_surface"]
            assert said_by == headline[row["speaker_start"] : row["speaker_end"]]
            if _same(gold, row):
                assert gold["who"] in said_by
                assert row["speaker_name"] == gold.get("name", row["speaker_name"])


def _same(gold: dict[str, Any], row: dict[str, Any]) -> bool:
    return "who" in gold and gold["what"] in row["surface"]
