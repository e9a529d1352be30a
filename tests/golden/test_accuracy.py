"""The figures of accuracy in the quality report are those of today's extractors.

``python -m tests.golden.test_accuracy`` (`make accuracy`) measures all tables on the gold articles
and writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from expectations.report import load_accuracy
from tests.golden import test_golden, test_headlines, test_references, test_told
from transforms.annotate import VERSIONS
from transforms.language.pipeline import SpacyPipeline, load_language

ACCURACY = Path(__file__).parents[2] / "expectations" / "data" / "accuracy.tsv"

Figures = tuple[int, float, float, float | None]
"""Gold rows, precision, recall, and how much of what found rows say is right."""


def measure(language: SpacyPipeline) -> Iterator[tuple[str, Figures]]:
    """The figures of each table, over all its gold articles."""
    for table, score in test_golden.measure(language).items():
        rates = score.rates()
        yield table, (score.gold, rates["precision"], rates["recall"], rates["right"])
    halves = [test_references.measure(language, half) for half in ("read", "unread")]
    gold, predicted, right = (
        sum(getattr(half, name) for half in halves) for name in ("gold", "predicted", "right")
    )
    yield "coreferences", (gold, right / predicted, right / gold, None)
    for table, parts in test_told.measure(language).items():
        batches = [parts["first"], parts["second"]]
        gold, predicted, found = (
            sum(getattr(b, name) for b in batches) for name in ("gold", "predicted", "found")
        )
        fields = sum(b.right.total() for b in batches) / sum(b.known.total() for b in batches)
        yield table, (gold, found / predicted, found / gold, fields)
    told, wanted, given = test_headlines.count(test_headlines.measure(language))
    yield "headline_quotes", (wanted, sum(told) / given, sum(told) / wanted, None)


def write(language: SpacyPipeline) -> None:
    """Renew the figures that the quality report shows."""
    lines = [x for x in ACCURACY.read_text(encoding="utf-8").splitlines() if x[:1] == "#"]
    lines.append("\t".join(("table", "version", "rows", "precision", "recall", "right")))
    for table, (rows, *rates) in measure(language):
        shown = ["" if rate is None else f"{rate:.3f}" for rate in rates]
        lines.append("\t".join((table, VERSIONS[table], str(rows), *shown)))
    ACCURACY.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("table", sorted(VERSIONS))
def test_the_figures_are_those_of_this_version(table: str) -> None:
    shown = {row["table"]: row["version"] for row in load_accuracy(None)}
    if table in ("inner_places", "nested_quotes"):
        return  # they have no gold rows of their own
    assert shown.get(table) == VERSIONS[table], "write them anew with `make accuracy`"


if __name__ == "__main__":
    write(load_language())
    print(ACCURACY.read_text(encoding="utf-8"))
