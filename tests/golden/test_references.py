"""References against texts marked by hand before any of this code had run on them.

``python -m tests.golden.test_references`` prints the figures and every difference.
"""

from __future__ import annotations

from tests.golden.references import GOLD, ReferenceScore, compare_references, load_marked
from transforms.annotate import annotate
from transforms.language.pipeline import SpacyPipeline, load_language
from transforms.text import Text, version_of


def measure(language: SpacyPipeline) -> ReferenceScore:
    """The score over all texts."""
    marked = load_marked()
    texts = [Text(slug, version_of(None, text), text) for slug, (text, _) in marked.items()]
    rows = annotate(texts, list(language.parse([t.text for t in texts])))["coreferences"]
    score = ReferenceScore()
    for slug, (text, names) in marked.items():
        compare_references(slug, text, names, rows[rows["article_id"] == slug], score)
    return score


def test_references_stay_above_their_floors(language: SpacyPipeline) -> None:
    score = measure(language)
    rates = score.rates()
    fallen = {name: rates[name] for name, floor in GOLD["floors"].items() if rates[name] < floor}
    assert not fallen, "\n".join(score.errors)


if __name__ == "__main__":
    result = measure(load_language())
    print(result.gold, result.predicted, result.right, result.rates())
    print("\n".join(result.errors))
