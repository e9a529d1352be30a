"""References against texts marked by hand before any of this code had run on them.

``python -m tests.golden.test_references`` prints the figures, and every difference in the half that
may be read (``--all``: in both).
"""

from __future__ import annotations

import sys

import pytest

from tests.golden.references import GOLD, ReferenceScore, compare_references, load_marked
from transforms.annotate import annotate
from transforms.language.pipeline import SpacyPipeline, load_language
from transforms.text import Text, version_of


def measure(language: SpacyPipeline, half: str) -> ReferenceScore:
    """The score over the texts of a half."""
    marked = load_marked(half)
    texts = [Text(slug, version_of(None, text), text) for slug, (text, _) in marked.items()]
    rows = annotate(texts, list(language.parse([t.text for t in texts])))["coreferences"]
    score = ReferenceScore()
    for slug, (text, names) in marked.items():
        compare_references(slug, text, names, rows[rows["article_id"] == slug], score)
    return score


@pytest.mark.parametrize("half", ["read", "unread"])
def test_references_stay_above_their_floors(language: SpacyPipeline, half: str) -> None:
    rates = measure(language, half).rates()
    fallen = {n: rates[n] for n, floor in GOLD["floors"][half].items() if rates[n] < floor}
    assert not fallen


if __name__ == "__main__":
    parser = load_language()
    for name in ("read", "unread"):
        result = measure(parser, name)
        print(name, result.gold, result.predicted, result.right, result.rates())
        if name == "read" or "--all" in sys.argv:
            print("\n".join(result.errors))
