"""Claims and events against rows written by hand before any of this code had run on them.

``python -m tests.golden.test_told`` prints the figures of each part, and every difference in the
part whose errors may be read (``--all``: in the first batch).
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from tests.golden.told import FIRST_READ, SECOND, THIRD, FieldScore, compare_told, load_told
from transforms.annotate import annotate
from transforms.language.pipeline import SpacyPipeline, load_language
from transforms.text import Text, version_of

FLOORS = tomllib.loads((Path(__file__).parent / "told.toml").read_text(encoding="utf-8"))


def measure(language: SpacyPipeline) -> dict[str, dict[str, FieldScore]]:
    """The scores of claims and events by part; `first` is `read` and `unread` together."""
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
        table: {part: FieldScore() for part in ("read", "unread", "first", "second", "third")}
        for table in ("claims", "events")
    }
    for article in articles:
        for table, parts in scores.items():
            frame = frames[table][frames[table]["article_id"] == article.slug]
            gold = article.claims if table == "claims" else article.events
            for part in _parts(article.slug):
                compare_told(article, gold, frame, parts[part], times)
    return scores


def _parts(slug: str) -> tuple[str, ...]:
    if slug in SECOND:
        return ("second",)
    if slug in THIRD:
        return ("third",)
    return ("read" if slug in FIRST_READ else "unread", "first")


@pytest.fixture(scope="module")
def scores(language: SpacyPipeline) -> dict[str, dict[str, FieldScore]]:
    return measure(language)


def test_there_are_claims_enough_to_measure() -> None:
    assert sum(len(a.claims) for a in load_told()) >= 340


@pytest.mark.parametrize("part", ["first", "second", "third"])
@pytest.mark.parametrize("table", ["claims", "events"])
def test_no_field_falls_below_its_floor(
    table: str, part: str, scores: dict[str, dict[str, FieldScore]]
) -> None:
    rates = scores[table][part].rates()
    floors = FLOORS[part][table]
    fallen = {r: (rates[r], floor) for r, floor in floors.items() if rates[r] < floor}
    # the errors of the second batch are not for reading
    assert not fallen, "\n".join(scores[table][part].errors if part != "second" else [])


if __name__ == "__main__":
    shown = "first" if "--all" in sys.argv else "read"
    for name, parts in measure(load_language()).items():
        for part, result in parts.items():
            figures = ", ".join(f"{k} {v:.3f}" for k, v in result.rates().items())
            print(f"{name} {part} ({result.gold} rows): {figures}")
        print("\n".join(f"  {error}" for error in parts[shown].errors))
