"""Claims and events against rows written by hand before any of this code had run on them.

``python -m tests.golden.test_told`` prints the figures of both halves, and every difference in the
half whose errors may be read (``--all``: in both).
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from tests.golden.told import FIRST_READ, FieldScore, compare_told, load_told
from transforms.annotate import annotate
from transforms.language.pipeline import SpacyPipeline, load_language
from transforms.text import Text, version_of

FLOORS = tomllib.loads((Path(__file__).parent / "told.toml").read_text(encoding="utf-8"))


def measure(language: SpacyPipeline) -> dict[str, dict[str, FieldScore]]:
    """The scores of claims and events by half: `read`, `unread`, and `all`."""
    articles = list(load_told())
    texts = [
        Text(
            article_id=a.slug,
            version=version_of(None, a.text),
            text=a.text,
            published_at=a.published,
        )
        for a in articles
    ]
    frames = annotate(texts, list(language.parse([t.text for t in texts])))
    times = frames["times"].set_index("time_id")["surface"].to_dict()
    scores = {
        table: {half: FieldScore() for half in ("read", "unread", "all")}
        for table in ("claims", "events")
    }
    for article in articles:
        for table, halves in scores.items():
            frame = frames[table][frames[table]["article_id"] == article.slug]
            gold = article.claims if table == "claims" else article.events
            for half in ("read" if article.slug in FIRST_READ else "unread", "all"):
                compare_told(article, gold, frame, halves[half], times)
    return scores


@pytest.fixture(scope="module")
def scores(language: SpacyPipeline) -> dict[str, dict[str, FieldScore]]:
    return measure(language)


def test_there_are_claims_enough_to_measure() -> None:
    assert sum(len(a.claims) for a in load_told()) >= 150


@pytest.mark.parametrize("table", ["claims", "events"])
def test_no_field_falls_below_its_floor(
    table: str, scores: dict[str, dict[str, FieldScore]]
) -> None:
    rates = scores[table]["all"].rates()
    fallen = {r: (rates[r], floor) for r, floor in FLOORS[table].items() if rates[r] < floor}
    assert not fallen, "\n".join(scores[table]["all"].errors)


if __name__ == "__main__":
    shown = "all" if "--all" in sys.argv else "read"
    for name, halves in measure(load_language()).items():
        for half, result in halves.items():
            figures = ", ".join(f"{k} {v:.3f}" for k, v in result.rates().items())
            print(f"{name} {half} ({result.gold} rows): {figures}")
        print("\n".join(f"  {error}" for error in halves[shown].errors))
