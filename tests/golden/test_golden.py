"""The annotators against rows written by hand; floors.toml says what held when last raised.

``python -m tests.golden.test_golden`` prints the figures and every difference.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.golden.gold import TABLES, Score, compare, load_golden
from transforms.annotate import annotate
from transforms.language.pipeline import SpacyPipeline, load_language
from transforms.text import Text, version_of

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))


def measure(language: SpacyPipeline) -> dict[str, Score]:
    """The score of each table over all golden articles."""
    scores = {name: Score() for name in TABLES}
    golden = list(load_golden())
    texts = [
        Text(
            article_id=article.slug,
            version=version_of(article.headline, article.text),
            text=article.text,
            headline=article.headline,
            published_at=article.published,
        )
        for article, _ in golden
    ]
    frames = annotate(texts, list(language.parse([text.text for text in texts])))
    for article, rows in golden:
        for name, score in scores.items():
            known = len(score.errors)
            frame = frames[name]
            compare(name, rows[name], frame[frame["article_id"] == article.slug], score)
            score.errors[known:] = [f"{article.slug}: {e}" for e in score.errors[known:]]
    return scores


def in_words(name: str, score: Score) -> str:
    """Figures and differences of a table."""
    figures = ", ".join(f"{rate} {value:.3f}" for rate, value in score.rates().items())
    return "\n".join([f"{name}: {figures} ({score.gold} rows)", *(f"  {e}" for e in score.errors)])


@pytest.fixture(scope="module")
def scores(language: SpacyPipeline) -> dict[str, Score]:
    return measure(language)


@pytest.mark.parametrize("name", TABLES)
def test_no_table_falls_below_its_floor(name: str, scores: dict[str, Score]) -> None:
    rates = scores[name].rates()
    fallen = {r: (rates[r], floor) for r, floor in FLOORS[name].items() if rates[r] < floor}
    assert not fallen, in_words(name, scores[name])


if __name__ == "__main__":
    measured = measure(load_language())
    for table, result in measured.items():
        print(in_words(table, result))
